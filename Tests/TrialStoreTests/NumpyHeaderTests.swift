import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Files
@testable import TrialStore

@Suite("Headers of numpy files")
struct NumpyHeaderTests {
    private let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    /// A file with the given header text, in version 1 of the format, and bytes after it.
    private func file(_ text: String, version: UInt8 = 1, rest: Int = 0) throws -> String {
        let length = text.utf8.count
        var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [version, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
        if version > 1 { bytes += [0, 0] }
        bytes += Array(text.utf8) + [UInt8](repeating: 1, count: rest)
        let path = folder.file("given.npy")
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    private func header(_ path: String) throws(Fault) -> NumpyHeader {
        try NumpyHeader(of: try OpenFile(path))
    }

    @Test("What numpy writes is read, padding and other types too", arguments: [UInt8(1), 2, 3])
    func reading(version: UInt8) throws {
        // numpy 2.3: np.lib.format.header_data_from_array_1_0 of an aligned dtype.
        let text =
            "{'descr': [('seed', '<i8'), ('n', '|u1'), ('', '|V3'), (\"f\", '<f4'), ('ts', '<f8')], "
            + "'fortran_order': False, 'shape': (2,), }    \n"
        let header = try self.header(try file(text, version: version, rest: 48))
        #expect(header.fields.map(\.name) == ["seed", "n", "f", "ts"])
        #expect(header.fields.map(\.offset) == [0, 8, 12, 16])
        #expect(header.stride == 24 && header.count == 2)
        #expect(header.start == (version == 1 ? 10 : 12) + text.utf8.count)
        var record = [UInt8](repeating: 0xFF, count: 24)
        record[8] = 200
        record.replaceSubrange(12..<16, with: [0, 0, 0xC0, 0x3F])
        record.replaceSubrange(16..<24, with: [0, 0, 0, 0, 0, 0, 0, 0x40])
        record.withUnsafeBytes { bytes in
            #expect(header.int64(header.fields[0], bytes, 0) == -1)
            #expect(header.int64(header.fields[1], bytes, 0) == 200)
            #expect(header.double(header.fields[2], bytes, 0) == 1.5)
            #expect(header.double(header.fields[3], bytes, 0) == 2)
            #expect(header.int64(header.fields[2], bytes, 0) == nil)
        }
    }

    @Test("What is written is read, and begins at a multiple of 64")
    func roundTrip() throws {
        for count in [0, 7, 1_000_000_000] {
            let bytes = NumpyHeader.bytes([("seed", false), ("ts", true)], count: count)
            #expect(bytes.count % 64 == 0)
            let rest = count == 7 ? 7 * 16 : 0
            try Data(bytes + [UInt8](repeating: 0, count: rest)).write(to: URL(filePath: folder.file("own.npy")))
            if count == 1_000_000_000 {
                expectFault(.badData, "declares 1000000000 records of 16 bytes, but 0 bytes follow") {
                    _ = try self.header(folder.file("own.npy"))
                }
                continue
            }
            let header = try self.header(folder.file("own.npy"))
            #expect(header.count == count && header.stride == 16 && header.start == bytes.count)
        }
    }

    @Test("What is none of ours is refused with a sentence")
    func faults() throws {
        func text(_ descr: String, shape: String = "(0,)") -> String {
            "{'descr': \(descr), 'fortran_order': False, 'shape': \(shape), }\n"
        }
        let cases: [(text: String, says: String)] = [
            (text("'<f8'"), "plain numbers (<f8)"),
            (text("[('ts', '>f8')]"), "is not a little-endian number: ('ts', '>f8')"),
            (text("[('ts', '<f8', (2,))]"), "('ts', '<f8', …)"),
            (text("[('ts', '<f16')]"), "not a little-endian number"),
            (text("[]"), "has 0 fields"),
            (text("[('ts', '<f8')]", shape: "(2, 3)"), "2 dimensions"),
            (text("[('ts', '<f8')]", shape: "(-2,)"), "dimensions"),
            (text("[('ts', '<f8')]", shape: "(9223372036854775807,)"), "declares 9223372036854775807 records"),
            ("{'descr': [", "damaged header"),
            (String(repeating: "[", count: 5000), "damaged header"),
        ]
        for (text, says) in cases {
            let path = try file(text)
            expectFault(.badData, path, says) { _ = try self.header(path) }
        }
        let other = folder.file("text")
        for content in ["not numpy at all", "short"] {
            try content.write(toFile: other, atomically: true, encoding: .utf8)
            expectFault(.badData, "is not a numpy file") { _ = try self.header(other) }
        }
        let huge = try file(text("'<f8'"), version: 2)
        var bytes = try Data(contentsOf: URL(filePath: huge))
        bytes[11] = 0x7F
        try bytes.write(to: URL(filePath: huge))
        expectFault(.badData, "declares a header of 2130") { _ = try self.header(huge) }
        bytes[6] = 9
        try bytes.write(to: URL(filePath: huge))
        expectFault(.badData, "has version 9") { _ = try self.header(huge) }
    }
}
