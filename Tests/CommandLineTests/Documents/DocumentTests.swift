import Foundation
import Testing

@Suite("Documents")
struct DocumentTests {
    private let folder: String
    /// The folder in which the tutorial was run.
    private static let tutorial = Result {
        let folder = try ToyFolder.shared.get().scratch()
        let tutorial = try Document("docs/tutorial.md")
        try ConsoleSession(folder: folder, document: tutorial).run()
        #expect(tutorial.blocks.count { $0.kind == "console" } > 10)
        return folder
    }

    init() throws { folder = try ToyFolder.shared.get().scratch() }

    @Test("README's session prints what README says")
    func readme() throws { try ConsoleSession(folder: folder, document: try Document("README.md")).run() }

    @Test("The tables of docs/README.md and the links of README lead to files")
    func links() throws {
        for page in ["README.md", "docs/README.md"] {
            let file = Repository.file(page)
            let text = try String(contentsOf: file, encoding: .utf8)
            let links = text.matches(of: /\]\((?<path>[^):#]+)\)/).map { String($0.path) }
            #expect(links.count > 10)
            for link in links {
                let target = file.deletingLastPathComponent().appending(path: link)
                #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link)")
            }
        }
        // Every page of docs is in its index.
        let index = try String(contentsOf: Repository.file("docs/README.md"), encoding: .utf8)
        let pages = try FileManager.default.contentsOfDirectory(atPath: Repository.file("docs").path)
        for page in pages where page.hasSuffix(".md") && page != "README.md" {
            #expect(index.contains("(\(page))"), "\(page)")
        }
    }

    @Test("Every command of the tutorial prints what the tutorial says")
    func tutorial() throws { _ = try Self.tutorial.get() }

    @Test(
        "Every Python recipe prints what the page says, in the tutorial's folder",
        .enabled(
            if: PythonRecipes.interpreter != nil,
            "needs a python3 with h5py, pandas and matplotlib (tools/setup python3-h5py python3-pandas python3-matplotlib)"
        ))
    func python() throws {
        let folder = try Self.tutorial.get()
        let python = try #require(PythonRecipes.interpreter)
        let recipes = try Document("docs/python.md")
        try PythonRecipes(folder: folder, document: recipes).run(python: python)
        #expect(recipes.blocks.count { $0.kind == "python" } > 5)
        #expect(FileManager.default.fileExists(atPath: folder + "/contour.png"))
    }

    @Test(
        "The commands above an example run as they are written",
        arguments: [
            "steady-source", "source-list", "catalogue", "gamma-curve", "energy-curve",
        ])
    func example(name: String) throws {
        let toy = try ToyFolder.shared.get()
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/icecube_14year_ps_v2", withDestinationPath: toy.release)
        let example = Repository.file("Sources/trialgen/Templates/\(name).yaml")
        try FileManager.default.copyItem(atPath: example.path, toPath: "\(folder)/\(name).yaml")
        let lines = try String(contentsOf: example, encoding: .utf8).split(separator: "\n")
        let commands = lines.compactMap { $0.hasPrefix("#     trial") ? $0.dropFirst("#     ".count) : nil }
        #expect(commands.count > 3)
        for command in commands {
            let run = try ConsoleSession.shell(String(command), in: folder)
            // The toy's source is so strong that no trial reaches it, which trialmerge catalogue tells.
            let isQuiet = run.error.isEmpty || command.hasPrefix("trialmerge catalogue")
            #expect(run.code == 0 && isQuiet, "\(command)\n\(run.error)")
            #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run.output)")
        }
    }

    @Test("Expected output: words agree, numbers but for their last digit, \"...\" is any lines, \"…\" any word")
    func matching() {
        func agree(_ expected: String, _ actual: String) -> Bool {
            ExpectedOutput(lines: expected.split(separator: "\n").map(String.init)).matches(actual)
        }
        #expect(agree("TS  82.361", "TS   82.362\n") && !agree("TS  82.361", "TS  82.363"))
        #expect(agree("flux 1.228e-15", "flux 1.229e-15") && !agree("flux 1.228e-15", "flux 1.228e-16"))
        #expect(!agree("20,000 trials", "20,001 trials") && !agree("TS 1.5", "TS 1.5 2") && !agree("a", "a\nb"))
        #expect(agree("p = 0.003", "p = 0.0030") && !agree("p = 0.004", "p = 0.003"))
        #expect(agree("0 … 5", "0 3170.5 5") && agree("a\n...\nz", "a\nb\nc\nz") && agree("...", ""))
        #expect(
            !agree("a\n...\nz", "a\nb") && agree("---- --", "------ -") && agree("(3.10 -0.22)e-17", "(3.11 -0.21)e-17")
        )
    }
}
