import Foundation

/// A one-dimensional structured array of numpy, format 1.0, all of whose fields are little-endian float64 or int64.
struct NumpyTable {
    struct Unreadable: Error { let reason: String }

    private(set) var columns: [String: [Double]] = [:]

    init(file: URL) throws {
        let data = try Data(contentsOf: file)
        guard data.count > 10, data.starts(with: Array("\u{93}NUMPY".unicodeScalars.map { UInt8($0.value) })),
            data[6] == 1
        else { throw Unreadable(reason: "no npy file of version 1: \(file.path)") }
        let start = 10 + Int(data[8]) + 256 * Int(data[9])
        let header = String(decoding: data[10..<min(start, data.count)], as: UTF8.self)
        let fields = header.matches(of: /\('([^']+)', '<([fi])8'\)/).map { (String($0.1), $0.2 == "f") }
        guard !fields.isEmpty, let shape = header.firstMatch(of: /'shape': \((\d+),\)/), let rows = Int(shape.1),
            data.count >= start + rows * fields.count * 8
        else { throw Unreadable(reason: "not a table of 8-byte numbers: \(header)") }
        data.withUnsafeBytes { bytes in
            for (column, (name, isFloat)) in fields.enumerated() {
                columns[name] = (0..<rows).map { row in
                    let offset = start + 8 * (row * fields.count + column)
                    let bits = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                    return isFloat ? Double(bitPattern: bits) : Double(Int64(bitPattern: bits))
                }
            }
        }
    }

    /// The named columns, of the rows where another column has a value.
    func rows(where column: String, is value: Double) -> [String: [Double]] {
        guard let key = columns[column] else { return [:] }
        let rows = key.indices.filter { key[$0] == value }
        return columns.mapValues { values in rows.map { values[$0] } }
    }
}
