import Diagnostics
@testable import Files
import Foundation
import TestSupport
import Testing

@Suite("What an output replaces")
struct PublicationTests {
    private let folder: ScratchFolder
    private let own = OwnOutput.marked("a page", "Made by us")

    init() throws { folder = try ScratchFolder() }

    private func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: folder.file(name))), as: UTF8.self)
    }

    @Test("A file that is not ours is replaced only on the user's word, one of ours without")
    func foreign() throws {
        try folder.write("a diary", to: "page")
        expectFault(.cannotCreate, "already exists and is not a page", "--replace") {
            try Publication.write("new".utf8, to: folder.file("page"), .replacesOwn(own))
        }
        #expect(try text("page") == "a diary")
        try Publication.write("Made by us".utf8, to: folder.file("page"), .init(replace: true, own: own))
        try Publication.write("again, Made by us".utf8, to: folder.file("page"), .replacesOwn(own))
        #expect(try text("page") == "again, Made by us")
        let empty = try folder.write("", to: "empty")
        try Publication.write("new".utf8, to: empty, .replacesOwn(own))
    }

    @Test("Lists are known by their lines, prepared files by their beginning")
    func recognition() throws {
        let list = OwnOutput.lines("a list") { Int($0) != nil }
        for (contents, isOwn) in [("1\n22\n", true), ("1\n22", false), ("1\n\n", false), ("1\nx\n", false)] {
            let path = try folder.write(contents, to: "list")
            #expect(list.recognizes(try OpenFile(path)) == isOwn, "\(contents)")
        }
        let beginning = OwnOutput.beginning("a file", [1, 2])
        #expect(beginning.recognizes(try OpenFile(try folder.write([1, 2, 3], to: "b"))))
        #expect(!beginning.recognizes(try OpenFile(try folder.write([1], to: "b"))))
    }

    @Test("Inputs, devices, pipes, folders, chunks in use and an empty name are refused, even with --replace")
    func never() throws {
        let path = try folder.write("precious", to: "input")
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "input")
        #expect(Foundation.link(path, folder.file("hard")) == 0)
        for name in ["input", "link", "hard"] {
            expectFault(.usage, "inputs are never replaced") {
                try Publication.write([1], to: folder.file(name), .replaces, inputs: [path])
            }
        }
        mkfifo(folder.file("pipe"), 0o600)
        for name in ["/dev/null", folder.file("pipe"), folder.path] {
            expectFault(.cannotCreate, "is ") { try Publication.write([1], to: name, .replaces) }
        }
        expectFault(.usage, "the name of the output is empty") { try Publication.write([1], to: "", .replaces) }

        let chunk = try folder.write("chunk", to: "chunk.h5")
        do {
            let lock = try WriterLock(for: chunk)
            expectFault(.temporary, "is being written") { try Publication.write([1], to: chunk, .replaces) }
            lock.release()
        }
        try folder.write("journal", to: "chunk.h5.journal")
        expectFault(.temporary, "some of its trials are in") { try Publication.write([1], to: chunk, .replaces) }
        #expect(try text("input") == "precious" && text("chunk.h5") == "chunk")
        #expect(try !folder.names.contains { $0.contains(".new") || $0.contains(".lock") })
    }

    @Test("An output that is a link stands for its file; a link to nothing is refused")
    func links() throws {
        try folder.write("old", to: "file")
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "file")
        expectFault(.cannotCreate, "already exists") { try Publication.write([1], to: link, .isRefused) }
        try Publication.write("new".utf8, to: link, .replaces)
        #expect(try text("file") == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "file")
        for target in ["nothing", "loop"] {
            try? FileManager.default.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: target)
            expectFault(.cannotCreate, "leads to no file") {
                try Publication.write([1], to: folder.file("loop"), .replaces)
            }
            unlink(folder.file("loop"))
        }
    }

    @Test("A file that appears while an output is written is not replaced")
    func race() throws {
        for name in ["one", "two"] {
            let path = folder.file(name)
            expectFault(.cannotCreate, "already exists") {
                try Publication.write(path + ".late", .isRefused) { temporary throws(Fault) in
                    try OpenFile(temporary, .replacing).append([1])
                    _ = FileManager.default.createFile(atPath: path + ".late", contents: Data([2]))
                }
            }
            #expect(try Data(contentsOf: URL(filePath: path + ".late")) == Data([2]))
        }
    }

    @Test("What a killed process of this machine left is removed, what others write is not")
    func leftovers() throws {
        let child = Process()
        child.executableURL = URL(filePath: "/bin/true")
        try child.start()
        child.waitUntilExit()
        let own = Publication.temporaryPath(of: folder.file("out")).dropLast(String(getpid()).count)
        for suffix in ["\(child.processIdentifier)", "1"] { try Data().write(to: URL(filePath: own + suffix)) }
        try folder.write("", to: "out.new-elsewhere-\(child.processIdentifier)")
        try Publication.write([1], to: folder.file("out"), .isRefused)
        let left = try folder.names
        #expect(left.count == 3 && left.contains("out.new-elsewhere-\(child.processIdentifier)"), "\(left)")
    }
}
