import Foundation
import Testing

/// The "python" blocks of a document, run one after another by one interpreter; a "text" block below one of them is what
/// it prints.
struct PythonRecipes {
    let folder: String
    let document: Document

    /// A python3 that has h5py, pandas and matplotlib: Debian's, or the first on the path; nil if neither has them.
    static let interpreter: String? = ["/usr/bin/python3", "python3"].first { python in
        let run = try? BuiltTool.trialgen.run([], shell: "\(python) -c 'import h5py, pandas, matplotlib'")
        return run?.code == 0
    }

    func run(python: String) throws {
        let separator = "\u{1E}"
        var (script, expected) = ("", [(line: Int, output: ExpectedOutput)]())
        for block in document.blocks {
            switch block.kind {
            case "python":
                script += block.lines.joined(separator: "\n") + "\nprint('\(separator)', end='')\n"
                expected.append((block.line, ExpectedOutput(lines: [])))
            case "text": expected[expected.count - 1].output = ExpectedOutput(lines: block.lines)
            default: continue
            }
        }
        try script.write(toFile: folder + "/recipes.py", atomically: false, encoding: .utf8)
        let run = try ConsoleSession.shell("MPLCONFIGDIR=. exec \(python) recipes.py", in: folder)
        try #require(run.code == 0, "\(document.name)\n\(run.error)")
        let outputs = run.output.components(separatedBy: separator).dropLast()
        try #require(outputs.count == expected.count)
        for (output, (line, expected)) in zip(outputs, expected) {
            #expect(
                expected.matches(output),
                "\(document.name):\(line) prints now:\n\(output)\nThe document says otherwise.")
        }
    }
}
