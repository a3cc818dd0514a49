import CHDF5
import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import HDF5

@Suite("Tables of records")
struct RecordTests {
    let folder: ScratchFolder
    let layout: RecordLayout

    init() throws {
        folder = try ScratchFolder()
        layout = try RecordLayout([("trial", .int64), ("ts", .float64), ("flags", .uint32), ("key", .uint64)])
    }

    /// Records whose bytes all depend on the record's number.
    private func records(_ range: Range<Int>) -> [UInt8] {
        range.flatMap { record in (0..<layout.stride).map { UInt8(truncatingIfNeeded: record &* 31 &+ $0 &* 7) } }
    }

    @Test("A layout is packed, and says how it departs from another")
    func layouts() throws {
        #expect(layout.stride == 28)
        #expect(layout.fields.map(\.offset) == [0, 8, 16, 20])
        #expect(layout["flags"]?.kind == .uint32)
        #expect(layout["none"] == nil)
        #expect(layout.difference(from: layout) == nil)
        let short = try RecordLayout([("trial", .int64), ("ts", .float64)])
        #expect(short.difference(from: layout) == "field \"flags\" is missing")
        #expect(layout.difference(from: short) == "field \"flags\" is unexpected")
        let other = try RecordLayout([("trial", .float64), ("ts", .float64)])
        #expect(other.difference(from: short) == "field \"trial\" is float64 instead of int64")
        let turned = try RecordLayout([("ts", .float64), ("trial", .int64)])
        #expect(turned.difference(from: short) == "field \"ts\" is in the place of \"trial\"")
        #expect(throws: Fault.self) { try RecordLayout([]) }
        #expect(throws: Fault.self) { try RecordLayout([("a", .int64), ("a", .int64)]) }
        #expect(throws: Fault.self) { try RecordLayout([("", .int64)]) }
    }

    @Test("Records come back byte by byte, over appending and reopening", arguments: [nil, 4 as UInt32])
    func roundTrip(deflate: UInt32?) throws {
        let path = folder.file("table.h5")
        let file = try File.create(path)
        let table = try file.root.createTable("trials", layout: layout, chunkRecords: 64, deflate: deflate)
        #expect(try table.count == 0)
        #expect(try table.read(0..<0) == [])
        try table.append(records(0..<100))
        try table.append([])
        try table.append(records(100..<1000))
        try file.close()
        #expect(throws: Fault.self) { _ = try table.count }

        let reopened = try File.open(path).root.table("trials", expecting: layout)
        #expect(reopened.layout == layout)
        #expect(try reopened.count == 1000)
        #expect(try reopened.read(0..<1000) == records(0..<1000))
        #expect(try reopened.read(63..<65) == records(63..<65))
        expectFault(.badData, path) { _ = try reopened.read(900..<1001) }
        #expect(throws: Fault.self) { try reopened.append([1, 2, 3]) }
    }

    @Test("Rows of numbers come back byte by byte, over appending and reopening, and another shape is refused")
    func rows() throws {
        let path = folder.file("rows.h5")
        let layout = try RecordLayout.rows(of: .float64, columns: 3)
        let bytes = (0..<24 * 70).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let file = try File.create(path)
        let table = try file.root.createTable("rows", layout: layout, chunkRecords: 16)
        try table.append(Array(bytes[..<240]))
        try table.append(Array(bytes[240...]))
        try file.root.createTable("list", layout: .scalar(.float64)).append(Array(bytes[..<80]))
        try file.close()

        let root = try File.open(path).root
        let reopened = try root.numbers("rows", expecting: layout)
        #expect(try reopened.count == 70)
        #expect(try reopened.read(0..<70) == bytes)
        #expect(try reopened.read(15..<17) == Array(bytes[360..<408]))
        expectFault(.badData, path) { _ = try reopened.read(60..<71) }
        #expect(try root.numbers("list", expecting: .scalar(.float64)).read(0..<10) == Array(bytes[..<80]))
        expectFault(.badData, path, "3 columns instead of 4") {
            _ = try root.numbers("rows", expecting: try RecordLayout.rows(of: .float64, columns: 4))
        }
        expectFault(.badData, path, "not of type int64") {
            _ = try root.numbers("rows", expecting: try RecordLayout.rows(of: .int64, columns: 3))
        }
        expectFault(.badData, path, "not a chunked list") { _ = try root.table("rows") }
        expectFault(.badData, path, "not a chunked table of rows") { _ = try root.numbers("list", expecting: layout) }
        for columns in [0, -1, 70_000] {
            #expect(throws: Fault.self) { try RecordLayout.rows(of: .float64, columns: columns) }
        }
    }

    @Test("A list of texts comes back, of any length, and other datasets are no texts")
    func texts() throws {
        let path = folder.file("texts.h5")
        let texts = ["NGC 1068", "", "Güiña, a cat", String(repeating: "x", count: 300)]
        let file = try File.create(path)
        try file.root.createTexts("names", texts)
        try file.root.createTexts("empty", [""])
        try file.root.createTable("list", layout: .scalar(.float64)).append([UInt8](repeating: 0, count: 8))
        expectFault(.usage, "cannot be stored") { try file.root.createTexts("none", []) }
        expectFault(.usage, "cannot be stored") { try file.root.createTexts("nul", ["a\0b"]) }
        expectFault(.inputOutput, path) { try file.root.createTexts("names", ["again"]) }
        try file.close()
        let root = try File.open(path).root
        #expect(try root.texts("names") == texts)
        #expect(try root.texts("empty") == [""])
        expectFault(.badData, path, "is not a list of texts") { _ = try root.texts("list") }
        expectFault(.badData, path, "lacks the dataset") { _ = try root.texts("absent") }
    }

    @Test("A table with other fields is refused with the field")
    func otherFields() throws {
        let path = folder.file("fields.h5")
        let file = try File.create(path)
        _ = try file.root.createTable("trials", layout: layout)
        try file.root.createTable("numbers", layout: .scalar(.float64)).append([UInt8](repeating: 0, count: 8))
        let wanted = try RecordLayout([("trial", .int64), ("gamma", .float64)])
        let fault = expectFault(.badData, path) { _ = try file.root.table("trials", expecting: wanted) }
        #expect(fault?.problem.contains("\"gamma\" is missing") == true)
        expectFault(.badData, path) { _ = try file.root.table("numbers") }
        expectFault(.badData, path) { _ = try file.root.table("absent") }
        expectFault(.inputOutput, path) { _ = try file.root.createTable("trials", layout: layout) }
        #expect(throws: Fault.self) { try file.root.createTable("wide", layout: layout, chunkRecords: 0) }
    }

    @Test("A flipped bit in the data is found by the checksum")
    func flippedBit() throws {
        let path = folder.file("flipped.h5")
        let file = try File.create(path)
        let table = try file.root.createTable("trials", layout: layout, chunkRecords: 128)
        // A constant record makes the shuffled chunk easy to find in the file.
        try table.append([UInt8](repeating: 0xA5, count: 128 * layout.stride))
        try file.close()

        var bytes = try Data(contentsOf: URL(filePath: path))
        let run = try #require(bytes.range(of: Data(repeating: 0xA5, count: 1000)))
        bytes[run.lowerBound + 500] ^= 0x10
        try bytes.write(to: URL(filePath: path))
        let damaged = try File.open(path).root.table("trials")
        #expect(try damaged.count == 128)
        let fault = expectFault(.badData, path) { _ = try damaged.read(0..<128) }
        #expect(fault?.problem.contains("Fletcher32") == true, "\(fault as Any)")
    }

    @Test("A read-only table refuses to grow and keeps its length")
    func readOnly() throws {
        let path = folder.file("fixed.h5")
        let file = try File.create(path)
        try file.root.createTable("trials", layout: layout).append(records(0..<10))
        try file.close()
        let table = try File.open(path).root.table("trials")
        expectFault(.inputOutput, path) { try table.append(records(10..<11)) }
        #expect(try table.count == 10)
    }

    @Test("A file with any byte spoilt gives the right records or none (seed 20240611)")
    func spoiltBytes() throws {
        let path = folder.file("sound.h5")
        let file = try File.create(path)
        try file.root.attributes.set("fingerprint", "abc")
        try file.root.createGroup("provenance").attributes.set("host", "here")
        try file.root.createTable("trials", layout: layout, chunkRecords: 8).append(records(0..<80))
        try file.close()
        let sound = try Data(contentsOf: URL(filePath: path))
        var state: UInt64 = 20_240_611
        var refused = 0
        let spoilt = folder.file("spoilt.h5")
        for _ in 0..<1000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var bytes = sound
            bytes[Int((state >> 33) % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: state >> 20) | 1
            try bytes.write(to: URL(filePath: spoilt))
            do {
                let file = try File.open(spoilt)
                let text = try file.root.attributes.string("fingerprint")
                let table = try file.root.table("trials")
                let rows = try table.read(0..<(try table.count))
                #expect(text == "abc")
                #expect(rows == records(0..<80))
                try file.close()
            } catch { refused += 1 }
        }
        #expect(refused > 500, "headers, indices and data are the greater part of this small file")
    }

    @Test("A file whose writer was killed is refused")
    func killedWriter() throws {
        let path = folder.file("killed.h5")
        let left = folder.file("left.h5")
        let file = try File.create(path)
        try file.root.createTable("trials", layout: layout).append(records(0..<10))
        try Library.call("cannot be written", on: path, as: .inputOutput) {
            H5Fflush(file.handle.id, H5F_SCOPE_GLOBAL)
        }
        // What a writer leaves that is killed after this point.
        try FileManager.default.copyItem(atPath: path, toPath: left)
        try file.close()
        expectFault(.temporary, left) { _ = try File.open(left) }
    }
}
