import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import HDF5

@Suite("Files, groups, attributes")
struct FileTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test("What is not there, not HDF5, or cut off is refused with its kind and its path")
    func unusableFiles() throws {
        let missing = folder.file("missing.h5")
        expectFault(.missingInput, missing) { _ = try File.open(missing) }
        expectFault(.badData, folder.path) { _ = try File.open(folder.path) }

        let text = folder.file("text.h5")
        try Data("trial,ts\n1,2\n".utf8).write(to: URL(filePath: text))
        expectFault(.badData, text) { _ = try File.open(text) }

        let cut = folder.file("cut.h5")
        let file = try File.create(cut, .exclusive)
        try file.root.write("numbers", (0..<1000).map(Double.init))
        try file.close()
        let whole = try Data(contentsOf: URL(filePath: cut))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: cut))
        let fault = expectFault(.badData, cut) { _ = try File.open(cut) }
        #expect(fault?.problem.contains("truncated file") == true, "HDF5's own reason is quoted: \(fault as Any)")
    }

    @Test("Creation is exclusive when asked, and names a folder that is missing")
    func creation() throws {
        let path = folder.file("new.h5")
        try File.create(path, .exclusive).close()
        expectFault(.cannotCreate, path) { _ = try File.create(path, .exclusive) }
        let again = try File.create(path, .truncate)
        try again.root.attributes.set("n", Int64(1))
        try again.close()
        let nowhere = folder.file("no/such/folder.h5")
        expectFault(.cannotCreate, nowhere) { _ = try File.create(nowhere, .truncate) }
    }

    @Test("Attributes come back as they went in, and may be replaced by another type")
    func attributes() throws {
        let path = folder.file("attributes.h5")
        let file = try File.create(path, .exclusive)
        let attributes = try file.root.attributes
        let yaml = "source: {name: \"TXS\", ra: 77.35}\n# γ, ν_μ\n" + String(repeating: "long ", count: 50_000)
        try attributes.set("text", yaml)
        try attributes.set("empty", "")
        try attributes.set("signed", Int64.min)
        try attributes.set("unsigned", UInt64.max)
        try attributes.set("number", -0.1)
        try attributes.set("numbers", [1.5, .infinity, -0.0])
        try attributes.set("integers", [Int64.max, -1])
        try attributes.set("nothing", [Double]())
        try attributes.set("many", (0..<20_000).map(Double.init))
        try attributes.set("changed", Int64(1))
        try attributes.set("changed", Int64(2))
        try attributes.set("changed", "now a text")
        try file.close()

        let reopened = try File.open(path)
        let read = try reopened.root.attributes
        #expect(try read.string("text") == yaml)
        #expect(try read.string("empty") == "")
        #expect(try read.int64("signed") == .min)
        #expect(try read.uint64("unsigned") == .max)
        #expect(try read.double("number") == -0.1)
        #expect(try read.doubles("numbers").map(\.bitPattern) == [1.5, .infinity, -0.0].map(\.bitPattern))
        #expect(try read.int64s("integers") == [.max, -1])
        #expect(try read.doubles("nothing") == [])
        #expect(try read.doubles("many") == (0..<20_000).map(Double.init))
        #expect(try read.string("changed") == "now a text")
        let names = [
            "changed", "empty", "integers", "many", "nothing", "number", "numbers", "signed", "text", "unsigned",
        ]
        #expect(try read.names() == names)

        expectFault(.badData, path) { _ = try read.int64("unsigned") }
        expectFault(.badData, path) { _ = try read.uint64("signed") }
        expectFault(.badData, path) { _ = try read.int64("number") }
        expectFault(.badData, path) { _ = try read.string("number") }
        expectFault(.badData, path) { _ = try read.double("numbers") }
        expectFault(.badData, path) { _ = try read.double("absent") }
        expectFault(.inputOutput, path) { try read.set("more", Int64(1)) }
        #expect(throws: Fault.self) { try read.set("nul", "a\0b") }
    }

    @Test("Groups and lists of numbers")
    func groups() throws {
        let path = folder.file("groups.h5")
        let file = try File.create(path, .exclusive)
        let results = try file.root.createGroup("results")
        try results.createGroup("inner").attributes.set("n", Int64(3))
        try results.write("ts", [0.5, .pi, 1e300])
        try results.write("empty", [Int64]())
        try results.write("trials", [Int64(7), -7])
        #expect(try results.memberNames() == ["empty", "inner", "trials", "ts"])
        #expect(try file.root.contains("results"))
        #expect(try !file.root.contains("other"))
        expectFault(.inputOutput, path) { try file.root.createGroup("results") }
        try results.remove("inner")
        try file.flush()
        try file.close()

        let read = try File.open(path).root
        let group = try read.group("results")
        #expect(try group.memberNames() == ["empty", "trials", "ts"])
        #expect(try group.doubles("ts") == [0.5, .pi, 1e300])
        #expect(try group.int64s("trials") == [7, -7])
        #expect(try group.int64s("empty") == [])
        expectFault(.badData, path) { _ = try group.int64s("ts") }
        expectFault(.badData, path) { _ = try group.doubles("absent") }
        expectFault(.badData, path) { _ = try read.group("absent") }
    }

    @Test("A file closes once; what it held throws afterwards")
    func closing() throws {
        let path = folder.file("closed.h5")
        let file = try File.create(path, .exclusive)
        let group = try file.root.createGroup("g")
        try file.close()
        try file.close()
        #expect(throws: Fault.self) { try group.attributes.set("n", Int64(1)) }
        #expect(throws: Fault.self) { try file.flush() }
        #expect(throws: Fault.self) { _ = try file.root }
        #expect(try File.open(path).root.contains("g"))
    }

    @Test("Many threads may use the library at once")
    func threads() async throws {
        let folder = folder.path
        try await withThrowingTaskGroup(of: Double.self) { tasks in
            for task in 0..<8 {
                tasks.addTask {
                    let path = "\(folder)/thread-\(task).h5"
                    let file = try File.create(path, .exclusive)
                    for index in 0..<20 { try file.root.write("list-\(index)", [Double(task), Double(index)]) }
                    #expect(throws: Fault.self) { _ = try file.root.doubles("absent") }
                    try file.close()
                    return try File.open(path).root.doubles("list-19").reduce(0, +)
                }
            }
            var sum = 0.0
            for try await value in tasks { sum += value }
            #expect(sum == 28 + 8 * 19)
        }
    }
}
