import Diagnostics
import Files

/// The header of a numpy file of records: their fields and their number.
///
/// Format: numpy's enhancement proposal 1, versions 1 to 3 of the header.
struct NumpyHeader: Equatable {
    /// A number in a record.
    struct Field: Equatable {
        let name: String
        let kind: Kind
        /// Its start, in bytes.
        let offset: Int
    }

    /// A little-endian type of numpy.
    enum Kind: Equatable {
        case signed(bytes: Int)
        case unsigned(bytes: Int)
        case float(bytes: Int)
    }

    let fields: [Field]
    /// Bytes of a record.
    let stride: Int
    let count: Int
    /// Start of the records in the file, in bytes.
    let start: Int

    /// The number of bytes needed to find the start of the records.
    static let prefix = 12
    /// Longer headers are refused: numpy itself warns at 10,000.
    private static let mostBytes = 1 << 16
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads the header of a file.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if it is not a numpy file of records of plain little-endian
    ///   numbers in one dimension, or if its length does not match its header.
    init(of file: OpenFile) throws(Fault) {
        let path = file.path
        func fault(_ problem: String, _ remedy: String = "give a file written by numpy.save") -> Fault {
            Fault(.badData, at: .file(path), problem, remedy: remedy)
        }
        let beginning = try file.read(Self.prefix, at: 0)
        guard beginning.count == Self.prefix, beginning.starts(with: Self.magic) else {
            throw fault("is not a numpy file: its first bytes are wrong")
        }
        let version = beginning[6]
        guard (1...3).contains(version) else { throw fault("has version \(version) of numpy's format") }
        let lengthBytes = version == 1 ? beginning[8..<10] : beginning[8..<12]
        let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        let start = 8 + lengthBytes.count
        guard length <= Self.mostBytes else { throw fault("declares a header of \(length) bytes") }
        let text = try file.read(length, at: Int64(start))
        guard text.count == length, case .dictionary(let members)? = PythonLiteral(text),
            let descr = members["descr"], let shape = members["shape"]?.members
        else { throw fault("has a damaged header") }
        let trialFile = "give a file of trials, as written by SkyLLH's create_trial_data_file"
        guard case .list(let entries) = descr else {
            throw fault("contains plain numbers (\(descr.text ?? "?")), not records with named fields", trialFile)
        }
        guard shape.count == 1, case .integer(let count) = shape[0], count >= 0 else {
            throw fault("contains an array of \(shape.count) dimensions, not a list", trialFile)
        }
        var (fields, offset) = ([Field](), 0)
        for entry in entries {
            guard let parts = entry.members, parts.count == 2, let name = parts[0].text, let type = parts[1].text,
                let (kind, size) = Self.kind(type)
            else { throw fault("has a field that is not a little-endian number: \(Self.brief(entry))", trialFile) }
            if let kind { fields.append(Field(name: name, kind: kind, offset: offset)) }
            offset += size
        }
        guard !fields.isEmpty, fields.count <= 1000 else { throw fault("has \(fields.count) fields", trialFile) }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: offset)
        let available = try file.length - Int64(start + length)
        guard !overflow, Int64(bytes) == available else {
            throw fault(
                "declares \(count) records of \(offset) bytes, but \(available) bytes follow its header",
                "copy the file again: it was truncated, or was not written by numpy.save")
        }
        self.fields = fields
        stride = offset
        self.count = count
        self.start = start + length
    }

    /// The numpy type "<f8", "|u1", "|V4" …, with its size; kind nil for padding.
    private static func kind(_ type: String) -> (kind: Kind?, size: Int)? {
        let characters = Array(type.utf8)
        guard characters.count >= 3, let size = Int(type.dropFirst(2)), (1...4096).contains(size) else { return nil }
        let isPlain = characters[0] == UInt8(ascii: "<") || (characters[0] == UInt8(ascii: "|") && size == 1)
        switch characters[1] {
        case UInt8(ascii: "V"): return (nil, size)
        case UInt8(ascii: "i") where isPlain && [1, 2, 4, 8].contains(size): return (.signed(bytes: size), size)
        case UInt8(ascii: "u") where isPlain && [1, 2, 4, 8].contains(size): return (.unsigned(bytes: size), size)
        case UInt8(ascii: "f") where isPlain && [4, 8].contains(size): return (.float(bytes: size), size)
        default: return nil
        }
    }

    private static func brief(_ entry: PythonLiteral) -> String {
        let texts = (entry.members ?? [entry]).map { $0.text.map { "'\($0)'" } ?? "…" }
        return "(\(texts.joined(separator: ", ")))"
    }
}

extension NumpyHeader {
    /// The header of a file of `count` records with the given fields, packed, each of eight bytes.
    static func bytes(_ fields: [(name: String, isFloat: Bool)], count: Int) -> [UInt8] {
        let descr = fields.map { "('\($0.name)', '\($0.isFloat ? "<f8" : "<i8")')" }.joined(separator: ", ")
        var text = "{'descr': [\(descr)], 'fortran_order': False, 'shape': (\(count),), }"
        // The records begin at a multiple of 64 bytes.
        let unpadded = 10 + text.utf8.count + 1
        text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = text.utf8.count
        return magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
    }
}

extension NumpyHeader {
    /// A field's value in the record that starts at `start`, as a floating-point number.
    func double(_ field: Field, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> Double {
        switch field.kind {
        case .float(bytes: 4): Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits(field, 4, bytes, start))))
        case .float: Double(bitPattern: bits(field, 8, bytes, start))
        case .signed, .unsigned: Double(int64(field, bytes, start) ?? 0)
        }
    }

    /// A field's value as an integer; nil if it is not a whole number.
    func int64(_ field: Field, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int64? {
        switch field.kind {
        case .signed(let size):
            let shift = UInt64(64 - 8 * size)
            return Int64(bitPattern: bits(field, size, bytes, start) << shift) >> Int64(shift)
        case .unsigned(let size): return Int64(exactly: bits(field, size, bytes, start))
        case .float: return Int64(exactly: double(field, bytes, start))
        }
    }

    private func bits(_ field: Field, _ size: Int, _ bytes: UnsafeRawBufferPointer, _ start: Int) -> UInt64 {
        var bits: UInt64 = 0
        for byte in (0..<size).reversed() { bits = bits << 8 | UInt64(bytes[start + field.offset + byte]) }
        return bits
    }
}
