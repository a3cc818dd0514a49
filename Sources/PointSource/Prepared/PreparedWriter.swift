import Numerics

/// A value that can be written into a prepared file and read back bit by bit.
protocol Preparable {
    func write(to writer: inout PreparedWriter)

    /// - Throws: `Fault` (bad data) for bytes that were not written from a value.
    init(from reader: inout PreparedReader) throws
}

/// Writes the numbers of an analysis one after the other, little-endian, each kind of value in one format.
///
/// Whole numbers have 64 bits; lists are preceded by their count; tables (``FlatTable``) by their count and the bytes
/// of an element, and start at a multiple of 64 bytes, so that a reader can use them in place.
public struct PreparedWriter {
    public private(set) var bytes: [UInt8] = []

    /// Tables start at multiples of this.
    public static let alignment = 64

    public init() {}

    mutating func write(_ value: Int) { appendRaw(Int64(value).littleEndian) }

    mutating func write(_ value: Double) { appendRaw(value.bitPattern.littleEndian) }

    mutating func write(_ values: [Double]) {
        write(values.count)
        for value in values { write(value) }
    }

    mutating func write(_ values: [Int]) {
        write(values.count)
        for value in values { write(value) }
    }

    mutating func write(_ text: String) {
        let characters = Array(text.utf8)
        write(characters.count)
        bytes += characters
    }

    mutating func write(_ values: [some Preparable]) {
        write(values.count)
        for value in values { value.write(to: &self) }
    }

    mutating func write(_ value: some Preparable) { value.write(to: &self) }

    /// - Precondition: elements consist only of numbers of 32 or 64 bits, and the processor is little-endian, as all of
    ///   ours are.
    mutating func write<Element>(_ table: FlatTable<Element>) {
        write(table.count)
        write(FlatTable<Element>.stride)
        align()
        table.withBytes { bytes.append(contentsOf: $0) }
    }

    /// Appends zeros up to the next multiple of ``alignment``.
    public mutating func align() {
        let rest = bytes.count % Self.alignment
        if rest > 0 { bytes.append(contentsOf: repeatElement(0, count: Self.alignment - rest)) }
    }

    private mutating func appendRaw(_ value: some BitwiseCopyable) {
        withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
    }
}
