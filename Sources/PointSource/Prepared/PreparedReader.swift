import Diagnostics
import Numerics

/// Reads the output of ``PreparedWriter``.
///
/// Bytes are not trusted: every count is compared with the number of remaining bytes before memory is allocated.
public struct PreparedReader {
    /// Keeps the bytes alive and unchanged.
    private let owner: AnyObject
    private let bytes: UnsafeRawBufferPointer
    private let file: String
    private var position = 0

    /// - Parameters:
    ///   - owner: keeps the bytes alive and unchanged; tables that are read keep it alive.
    ///   - bytes: start at a multiple of ``PreparedWriter/alignment``.
    ///   - file: their file, for faults.
    public init(owner: AnyObject, bytes: UnsafeRawBufferPointer, file: String) {
        self.owner = owner
        self.bytes = bytes
        self.file = file
    }

    /// "… by this version of trialgen: the number of values is -1".
    func fault(_ problem: String) -> Fault {
        Fault(
            .badData, at: .file(file), "is damaged, or was not written by this version of trialgen: \(problem)",
            remedy: "make it again with trialgen prepare")
    }

    /// Makes a value from numbers that were read; an error becomes a fault of the file.
    func sound<Value>(_ make: () throws -> Value) throws(Fault) -> Value {
        do { return try make() } catch { throw fault("\(error)") }
    }

    private var remaining: Int { bytes.count - position }

    private mutating func raw<Value: BitwiseCopyable>(as type: Value.Type) throws(Fault) -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { throw fault("it ends within a number") }
        defer { position += size }
        return bytes.loadUnaligned(fromByteOffset: position, as: type)
    }

    mutating func readInt() throws(Fault) -> Int {
        Int(truncatingIfNeeded: Int64(littleEndian: try raw(as: Int64.self)))
    }

    /// Any number but NaN.
    mutating func readDouble() throws(Fault) -> Double {
        let value = Double(bitPattern: UInt64(littleEndian: try raw(as: UInt64.self)))
        guard !value.isNaN else { throw fault("a number is NaN") }
        return value
    }

    /// A finite number.
    mutating func readFinite() throws(Fault) -> Double {
        let value = try readDouble()
        guard value.isFinite else { throw fault("a number is infinite") }
        return value
    }

    /// A count of items of at least `size` bytes each.
    private mutating func readCount(of what: String, size: Int) throws(Fault) -> Int {
        let count = try readInt()
        guard count >= 0, count <= remaining / size else {
            throw fault("the number of \(what) is \(count), with \(remaining) bytes left")
        }
        return count
    }

    /// Finite numbers.
    mutating func readNumbers() throws(Fault) -> [Double] {
        let count = try readCount(of: "numbers", size: 8)
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try readFinite()) }
        return values
    }

    mutating func readIntegers() throws(Fault) -> [Int] {
        let count = try readCount(of: "integers", size: 8)
        var values: [Int] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try readInt()) }
        return values
    }

    mutating func readText() throws(Fault) -> String {
        let count = try readCount(of: "characters", size: 1)
        defer { position += count }
        guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
            throw fault("a text is not UTF-8")
        }
        return text
    }

    mutating func read<Value: Preparable>(_ type: Value.Type = Value.self) throws -> Value { try Value(from: &self) }

    mutating func readList<Value: Preparable>(_ type: Value.Type = Value.self) throws -> [Value] {
        let count = try readCount(of: "values", size: 8)
        return try (0..<count).map { _ in try Value(from: &self) }
    }

    /// A table, used in place; its elements are not checked.
    mutating func readTable<Element>(of type: Element.Type = Element.self) throws(Fault) -> FlatTable<Element> {
        let stride = FlatTable<Element>.stride
        let count = try readCount(of: "rows", size: stride)
        let written = try readInt()
        guard written == stride else { throw fault("a row of a table takes \(written) bytes instead of \(stride)") }
        try align()
        guard count <= remaining / stride, let base = bytes.baseAddress else {
            throw fault("a table of \(count) rows ends after \(remaining / stride)")
        }
        let start = (base + position).assumingMemoryBound(to: Element.self)
        position += count * stride
        return FlatTable(owner: owner, base: start, count: count)
    }

    /// Skips the zeros before a table.
    private mutating func align() throws(Fault) {
        let rest = position % PreparedWriter.alignment
        if rest == 0 { return }
        guard remaining >= PreparedWriter.alignment - rest else { throw fault("it ends before a table") }
        position += PreparedWriter.alignment - rest
    }
}
