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
        expectFault(.missingInput, folder.path) { _ = try File.open(folder.path) }

        let text = folder.file("text.h5")
        try Data("trial,ts\n1,2\n".utf8).write(to: URL(filePath: text))
        expectFault(.badData, text) { _ = try File.open(text) }

        let cut = folder.file("cut.h5")
        let file = try File.create(cut)
        try file.root.createTable("numbers", layout: .scalar(.float64)).append([UInt8](repeating: 1, count: 8000))
        try file.close()
        let whole = try Data(contentsOf: URL(filePath: cut))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: cut))
        let fault = expectFault(.badData, cut) { _ = try File.open(cut) }
        #expect(fault?.problem.contains("truncated file") == true, "HDF5's own reason is quoted: \(fault as Any)")
    }

    @Test("Creation replaces, and names a folder that is missing")
    func creation() throws {
        let path = folder.file("new.h5")
        try Data("not HDF5".utf8).write(to: URL(filePath: path))
        let file = try File.create(path)
        try file.root.attributes.set("n", Int64(1))
        try file.close()
        #expect(try File.open(path).root.attributes.int64("n") == 1)
        let nowhere = folder.file("no/such/folder.h5")
        expectFault(.cannotCreate, nowhere) { _ = try File.create(nowhere) }
    }

    @Test("Attributes come back as they went in, and may be replaced by another type")
    func attributes() throws {
        let path = folder.file("attributes.h5")
        let file = try File.create(path)
        let attributes = try file.root.attributes
        let yaml = "source: {name: \"TXS\", ra: 77.35}\n# γ, ν_μ\n" + String(repeating: "long ", count: 50_000)
        try attributes.set("text", yaml)
        try attributes.set("empty", "")
        try attributes.set("signed", Int64.min)
        try attributes.set("changed", Int64(1))
        try attributes.set("changed", Int64(2))
        try attributes.set("changed", "now a text")
        try file.close()

        let reopened = try File.open(path)
        let read = try reopened.root.attributes
        #expect(try read.string("text") == yaml)
        #expect(try read.string("empty") == "")
        #expect(try read.int64("signed") == .min)
        #expect(try read.string("changed") == "now a text")
        #expect(try read.names() == ["changed", "empty", "signed", "text"])

        expectFault(.badData, path) { _ = try read.int64("text") }
        expectFault(.badData, path) { _ = try read.string("signed") }
        expectFault(.badData, path) { _ = try read.int64("absent") }
        expectFault(.inputOutput, path) { try read.set("more", Int64(1)) }
        #expect(throws: Fault.self) { try read.set("nul", "a\0b") }
    }

    @Test("Groups")
    func groups() throws {
        let path = folder.file("groups.h5")
        let file = try File.create(path)
        let results = try file.root.createGroup("results")
        try results.createGroup("inner").attributes.set("n", Int64(3))
        #expect(try file.root.contains("results"))
        #expect(try !file.root.contains("other"))
        expectFault(.inputOutput, path) { try file.root.createGroup("results") }
        try file.close()

        let read = try File.open(path).root
        #expect(try read.group("results").group("inner").attributes.int64("n") == 3)
        expectFault(.badData, path) { _ = try read.group("absent") }
    }

    @Test("A file closes once; what it held throws afterwards")
    func closing() throws {
        let path = folder.file("closed.h5")
        let file = try File.create(path)
        let group = try file.root.createGroup("g")
        try file.close()
        try file.close()
        #expect(throws: Fault.self) { try group.attributes.set("n", Int64(1)) }
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
                    let file = try File.create(path)
                    for index in 0..<20 {
                        try file.root.createTable("list-\(index)", layout: .scalar(.int64))
                            .append([UInt8(task), 0, 0, 0, 0, 0, 0, 0, UInt8(index), 0, 0, 0, 0, 0, 0, 0])
                    }
                    #expect(throws: Fault.self) { _ = try file.root.table("absent") }
                    let bytes = try RecordDataset(
                        name: "list-19", layout: .scalar(.int64), handle: try file.root.openDataset("list-19")
                    ).read(0..<2)
                    try file.close()
                    return bytes.reduce(0) { $0 + Double($1) }
                }
            }
            var sum = 0.0
            for try await value in tasks { sum += value }
            #expect(sum == 28 + 8 * 19)
        }
    }
}
