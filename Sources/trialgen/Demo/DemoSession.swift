import Console
import Diagnostics
import Files
import Foundation

/// Runs the commands of the demonstration in its folder, as a user would, and prints each with its output.
struct DemoSession {
    private let folder: String
    private let quiet: Bool
    private let stop: StopRequest
    /// The folder of our programs.
    private let programs = programFolder

    /// Makes the folder if it does not exist, and makes it the working folder of the process.
    ///
    /// - Throws: `Fault` (cannot create) for a folder with other files.
    init(folder: String, quiet: Bool, stop: StopRequest) throws {
        (self.folder, self.quiet, self.stop) = (folder, quiet, stop)
        let settings = "\(folder)/\(DemoScript.settingsFile)"
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let isOwn =
            exists(settings)
            && (try? String(contentsOfFile: settings, encoding: .utf8))?.hasPrefix(DemoScript.mark) == true
        guard entries.isEmpty || isOwn else {
            throw Fault(
                .cannotCreate, at: .file(folder), "has other files than those of a demonstration",
                remedy: "give a new folder, as in --output demo")
        }
        try OutputFolder.makeAll(folder)
        guard FileManager.default.changeCurrentDirectoryPath(folder) else {
            throw Fault(
                .cannotCreate, at: .file(folder), "cannot be entered", remedy: "check its permissions, or give another")
        }
    }

    /// - Throws: `Fault` if a file cannot be written; with the kind of a command that fails; temporary after a signal.
    func play(_ script: DemoScript) throws {
        // Written first: it marks the folder.
        try write(script.settings, to: DemoScript.settingsFile)
        try StandardOutput.print("$ cd \(folder)\n")
        if !exists(DemoScript.release) { try play(script.toy) }
        try StandardOutput.print("\n== The settings\n\n$ cat \(DemoScript.settingsFile)\n\(script.settings)")
        for scene in script.scenes { try play(scene) }
        try StandardOutput.print(ending)
    }

    private func play(_ scene: DemoScript.Scene) throws {
        try StandardOutput.print("\n== \(scene.title)\n\n\(scene.explanation)\n")
        for command in scene.commands {
            let words = [command.program] + command.arguments + (command.output.map { [">", $0] } ?? [])
            try StandardOutput.print("\n$ \(wrapped(words))")
            try run(command)
        }
    }

    /// A command on lines of at most 80 columns, of which each but the last ends in a backslash.
    private func wrapped(_ words: [String]) -> String {
        var (lines, line) = ([String](), "")
        for word in words {
            if line.isEmpty {
                line = word
            } else if line.count + word.count + 5 > Table.maximumWidth {
                lines.append(line)
                line = "    " + word
            } else {
                line += " " + word
            }
        }
        return (lines + [line]).joined(separator: " \\\n")
    }

    private func run(_ command: DemoScript.Command) throws(Fault) {
        guard let output = command.output else { return try run(command, output: STDOUT_FILENO) }
        try Publication.write(output, Self.replacing) { temporary throws(Fault) in
            guard let file = FileHandle(forWritingAtPath: temporary) else {
                throw Fault(.inputOutput, at: .file(output), "cannot be written", remedy: "check the folder")
            }
            try run(command, output: file.fileDescriptor)
        }
    }

    private func run(_ command: DemoScript.Command, output: Int32) throws(Fault) {
        let process = try ChildProcess(
            "\(programs)/\(command.program)", command.arguments + (quiet ? ["--quiet"] : []),
            environment: ProcessInfo.processInfo.environment, output: output, error: STDERR_FILENO)
        let code = process.wait { stop.received != nil }
        if let stopped = stop.received {
            throw Fault(.temporary, "\(stopped)", remedy: "run the same command again to continue")
        }
        guard code == 0 else {
            let name = "\(command.program) \(command.arguments[0])"
            throw Fault(
                Fault.Kind(rawValue: code) ?? .inputOutput, at: .file(folder), "\(name) failed with exit code \(code)",
                remedy: "see its message above")
        }
    }

    private static let replacing = Publication.Collision(
        replace: true, own: .beginning("a file of a demonstration", []))

    private func write(_ text: String, to path: String) throws(Fault) {
        try Publication.write(text.utf8, to: path, Self.replacing)
    }

    private var ending: String {
        let next = DemoScript.next.map { "$ \($0.command)\n    \($0.purpose)" }
        return """

            == Next

            Open \(folder)/report.html in a browser. In the folder \(folder), try:

            \(next.joined(separator: "\n"))
            """
    }
}
