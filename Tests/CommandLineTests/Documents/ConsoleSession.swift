import Foundation
import Testing

/// A folder in which a document's commands are run one after another, with our programs on the path.
struct ConsoleSession {
    let folder: String
    let document: Document

    /// Does what the blocks say: writes the files of "yaml" blocks (whose first line is "# NAME") and runs the
    /// commands of "console" blocks (behind "$ "), each of which must succeed and print what stands below it.
    func run() throws {
        for block in document.blocks {
            switch block.kind {
            case "yaml":
                let name = try #require(block.lines.first?.dropFirst("# ".count), "line \(block.line)")
                let text = block.lines.joined(separator: "\n") + "\n"
                try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
            case "console":
                for step in ConsoleSession.steps(of: block) { try run(step) }
            default: continue
            }
        }
    }

    /// A command with what it prints.
    struct Step {
        let line: Int
        let command: String
        let output: ExpectedOutput
    }

    /// - Returns: the commands of a block; one that ends in a backslash goes on in the next line.
    static func steps(of block: Document.Block) -> [Step] {
        var steps: [Step] = []
        var (line, command, output) = (0, "", [String]())
        func finish() {
            if !command.isEmpty {
                steps.append(Step(line: line, command: command, output: ExpectedOutput(lines: output)))
            }
        }
        for (offset, text) in block.lines.enumerated() {
            if text.hasPrefix("$ ") {
                finish()
                (line, command, output) = (block.line + offset, String(text.dropFirst(2)), [])
            } else if output.isEmpty, command.hasSuffix("\\") {
                command += "\n" + text
            } else {
                output.append(text)
            }
        }
        finish()
        return steps
    }

    /// Runs a command of the shell, with our programs on its path.
    static func shell(_ command: String, in folder: String) throws -> BuiltTool.Outcome {
        let programs = BuiltTool.trialgen.url.deletingLastPathComponent().path
        return try BuiltTool.trialgen.run(
            [], in: folder, shell: "PATH='\(programs)':\"$PATH\"\nexport PATH\n\(command)")
    }

    private func run(_ step: Step) throws {
        let run = try ConsoleSession.shell(step.command, in: folder)
        let place = "\(document.name):\(step.line): \(step.command)"
        try #require(run.code == 0, "\(place)\n\(run.error)")
        #expect(
            step.output.matches(run.output),
            """
            \(place)
            prints now:
            \(run.output)
            The document says otherwise:
            \(step.output.lines.joined(separator: "\n"))
            """)
    }
}
