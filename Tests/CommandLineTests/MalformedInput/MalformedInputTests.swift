import Foundation
import Testing

/// Each malformed input ends in one sentence: where, what with its value, and what to do; with the code of its kind.
@Suite("Malformed inputs")
struct MalformedInputTests {
    private let toy: ToyFolder
    private let folder: String

    /// A sound chunk and a sound prepared file of the toy release.
    private static let sound = Result {
        let toy = try ToyFolder.shared.get()
        let folder = try toy.scratch()
        for arguments in [["run", "--trials", "50", "--output", "c.h5"], ["prepare", "--output", "p.prepared"]] {
            let run = try BuiltTool.trialgen.run(arguments + toy.source, in: folder)
            try #require(run.code == 0, "\(run.error)")
        }
        return folder
    }

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    @Test("Tables of a release", arguments: MalformedInput.tables)
    func tables(input: MalformedInput) throws { try check(input) }

    @Test("Configurations", arguments: MalformedInput.configurations)
    func configurations(input: MalformedInput) throws { try check(input) }

    @Test("Spectra and fixed parameters", arguments: MalformedInput.spectra)
    func spectra(input: MalformedInput) throws { try check(input) }

    @Test("Lists of sources", arguments: MalformedInput.lists)
    func lists(input: MalformedInput) throws { try check(input) }

    @Test("Chunks and prepared files", arguments: MalformedInput.binaries)
    func binaries(input: MalformedInput) throws { try check(input) }

    @Test("There are at least 60 of them")
    func count() {
        #expect(MalformedInput.tables.count + MalformedInput.configurations.count + MalformedInput.binaries.count >= 60)
    }

    private func check(_ input: MalformedInput) throws {
        let run: BuiltTool.Outcome
        var place = input.place
        let source = ["unblind", "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01"]
        switch input.input {
        case .lines(let file, let edit):
            let release = try toy.release(changing: file, edit)
            place = release + "/" + place
            run = try BuiltTool.trialgen.run(source + ["--data", release], in: folder)
        case .bytes(let file, let edit):
            let release = try toy.release(changing: file) { _ in }
            try rewrite("\(toy.release)/\(file)", as: "\(release)/\(file)", edit)
            place = release + "/" + place
            run = try BuiltTool.trialgen.run(source + ["--data", release], in: folder)
        case .yaml(let text):
            try Data(text).write(to: URL(filePath: folder + "/a.yaml"))
            run = try BuiltTool.trialgen.run(
                ["run", "--config", "a.yaml", "--trials", "1", "--output", "c.h5"], in: folder)
        case .spectrum(let text):
            if let text { try Data(text).write(to: URL(filePath: folder + "/spectrum.txt")) }
            run = try BuiltTool.trialgen.run(
                ["flux", "--spectrum", "spectrum.txt", "--data", toy.release, "--ra", "40.67", "--dec", "-0.01"],
                in: folder)
        case .sources(let text):
            if let text { try Data(text).write(to: URL(filePath: folder + "/list.csv")) }
            run = try BuiltTool.trialgen.run(
                ["run", "--sources", "list.csv", "--search", "catalogue", "--trials", "1", "--output", "c.h5"],
                in: folder)
        case .chunk(let edit):
            try rewrite(try Self.sound.get() + "/c.h5", as: folder + "/bad.h5", edit)
            run = try BuiltTool.trialmerge.run(["merge", "bad.h5", "-o", "merged.h5"], in: folder)
        case .prepared(let edit):
            try rewrite(try Self.sound.get() + "/p.prepared", as: folder + "/bad.prepared", edit)
            run = try BuiltTool.trialgen.run(
                ["run", "--prepared", "bad.prepared", "--trials", "1", "--output", "c.h5"], in: folder)
        }
        #expect(run.code == input.code, "\(run.error)")
        #expect(run.error.hasPrefix("error: \(place)"), "\(run.error)")
        #expect(run.error.contains(input.value), "\(run.error)")
        // One line, and after the problem's full stop a remedy.
        #expect(run.error.filter { $0 == "\n" }.count == 1, "\(run.error)")
        #expect(run.error.contains(/[.] [A-Z][^\n]+[.]\n$/), "\(run.error)")
        #expect(run.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: folder + "/c.h5"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/merged.h5"))
    }

    private func rewrite(_ file: String, as copy: String, _ edit: ([UInt8]) -> [UInt8]) throws {
        try Data(edit(Array(try Data(contentsOf: URL(filePath: file))))).write(to: URL(filePath: copy))
    }
}
