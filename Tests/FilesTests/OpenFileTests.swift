import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Files

@Suite("Files")
struct OpenFileTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func kind(_ body: () throws -> Void) -> Fault.Kind? {
        do { try body() } catch { return (error as? Fault)?.kind }
        return nil
    }

    @Test("Each failure of the system has its kind, for reading and for writing")
    func kinds() {
        let kinds: [(Int32, reading: Fault.Kind, writing: Fault.Kind)] = [
            (ENOENT, .missingInput, .cannotCreate), (EACCES, .missingInput, .cannotCreate),
            (EMFILE, .temporary, .temporary), (ENFILE, .temporary, .temporary), (ENOMEM, .temporary, .temporary),
            (ESTALE, .temporary, .temporary), (EIO, .inputOutput, .inputOutput), (ENOSPC, .inputOutput, .inputOutput),
            (EDQUOT, .inputOutput, .inputOutput), (EFBIG, .inputOutput, .inputOutput),
        ]
        for (code, reading, writing) in kinds {
            #expect(SystemFailure(code: code).fault(.reading, at: "f").kind == reading, "\(code)")
            #expect(SystemFailure(code: code).fault(.writing, at: "f").kind == writing, "\(code)")
        }
        #expect(
            SystemFailure(code: ENOSPC).fault(.writing, at: "f").description
                == "f: cannot be written (No space left on device). Free space.")
    }

    @Test("A folder, a pipe and a device are refused at once")
    func specialFiles() throws {
        let pipe = folder.file("pipe")
        try #require(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, "/dev/null"] {
            let fault = #expect(throws: Fault.self) { _ = try OpenFile(path) }
            #expect(fault?.kind == .missingInput && fault?.problem == "is not a regular file")
            #expect(kind { _ = try OpenFile(path, .updating) } == .cannotCreate)
        }
        let fault = #expect(throws: Fault.self) { _ = try OpenFile(folder.path) }
        #expect(fault?.kind == .missingInput && fault?.problem == "is a folder")
    }

    @Test("A new file neither replaces a file nor follows a link")
    func creation() throws {
        let path = folder.file("new")
        try OpenFile(path, .creating).append([1, 2, 3])
        #expect(kind { _ = try OpenFile(path, .creating) } == .cannotCreate)
        let link = folder.file("link")
        try #require(symlink(folder.file("nowhere"), link) == 0)
        #expect(kind { _ = try OpenFile(link, .creating) } == .cannotCreate)
        #expect(kind { _ = try OpenFile(link, .appending) } == .cannotCreate)
        #expect(!exists(folder.file("nowhere")))

        let file = try OpenFile(path, .appending)
        #expect(file.position == 3)
        try file.append([4])
        #expect(try file.read(9, at: 1) == [2, 3, 4])
        try file.truncate(to: 2)
        #expect(try file.position == 2 && file.length == 2)
    }

    @Test("A file is published as a whole, and replaces another only if that is wanted")
    func publication() throws {
        let path = folder.file("published")
        try Publication.write("one".utf8, to: path, .isRefused)
        let fault = #expect(throws: Fault.self) { try Publication.write("two".utf8, to: path, .isRefused) }
        #expect(fault?.kind == .cannotCreate && fault?.place == .file(path) && fault?.problem == "already exists")
        #expect(try OpenFile(path).read(9, at: 0) == Array("one".utf8))
        try Publication.write("two".utf8, to: path, .replaces, isExecutable: true)
        #expect(try OpenFile(path).read(9, at: 0) == Array("two".utf8))
        #expect(access(path, X_OK) == 0)

        #expect(throws: Fault.self) {
            try Publication.write(path, .replaces) { temporary throws(Fault) in
                try OpenFile(temporary, .replacing).append([9])
                throw Fault(.inputOutput, at: .file(temporary), "fails")
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["published"])
        let nowhere = #expect(throws: Fault.self) { try Publication.write([1], to: folder.file("no/file"), .replaces) }
        #expect(nowhere?.kind == .cannotCreate && nowhere?.problem == "its folder does not exist")
    }

    @Test("One holder of a lock file at a time")
    func locks() throws {
        let path = folder.file("lock")
        func hold() throws -> OpenFile {
            try LockFile.hold(path, of: "data") { Fault(.temporary, "held by \($0)") }
        }
        var lock: OpenFile? = try hold()
        try LockFile.sign(try #require(lock), "me")
        let fault = #expect(throws: Fault.self) { _ = try hold() }
        #expect(fault?.problem == "held by me")
        lock = nil
        #expect(try LockFile.text(of: try hold()) == "me")
    }
}
