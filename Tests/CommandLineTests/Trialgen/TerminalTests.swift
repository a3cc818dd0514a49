import Foundation
import Testing
import TrialStore

/// What a person at a terminal sees: `script` (of Debian's bsdutils) gives the commands one.
@Suite("Terminal")
struct TerminalTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    /// - Parameters:
    ///   - before: commands of the shell in the terminal.
    ///   - typing: commands of the shell whose output is typed.
    private func atTerminal(
        _ arguments: [String], before: String = "", typing: String = ":"
    ) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(
            arguments, in: folder,
            shell: """
                TERM=xterm SHELL=/bin/sh; export TERM SHELL; unset NO_COLOR
                (\(typing)) | script -qec "\(before) exec $*" /dev/null
                """)
    }

    @Test("Progress is written in place, with rate and time left, and stays within the terminal's width")
    func progress() throws {
        let run = try atTerminal(
            ["run", "--trials", "20000", "--output", "c.h5"] + toy.source, before: "stty cols 44 -onlcr;")
        try #require(run.code == 0, "\(run.output)")
        let lines = run.output.split(separator: "\r").filter { $0.hasPrefix("mu 0: ") }
        #expect(lines.count >= 2 && lines.allSatisfy { $0.prefix { $0 != "\n" }.count <= 43 }, "\(lines)")
        #expect(lines.last?.contains("20000/20000 trials (100 %), ") == true)
        let quiet = try atTerminal(["run", "--quiet", "--trials", "20050", "--output", "c.h5"] + toy.source)
        #expect(quiet.code == 0 && !quiet.output.contains("mu 0: "))
    }

    @Test("Errors are red at a terminal, unless NO_COLOR is set or the terminal is dumb")
    func color() throws {
        let red = "\u{1B}[31merror:\u{1B}[0m "
        #expect(try atTerminal(["unblind", "--data", "."]).output.contains(red))
        for variable in ["NO_COLOR=1", "TERM=dumb"] {
            let run = try atTerminal(["unblind", "--data", "."], before: "export \(variable);")
            #expect(run.code == 64 && run.output.contains("error: ") && !run.output.contains("\u{1B}"), "\(variable)")
        }
        #expect(try !BuiltTool.trialgen.run("unblind", "--data", ".", in: folder).error.contains("\u{1B}"))
    }

    @Test("Ctrl-C: the chunk is in order, and how to go on is said; the same command goes on")
    func interrupt() throws {
        let arguments = ["run", "--trials", "50000000", "--commit-every", "50", "--output", "c.h5"] + toy.source
        // What is typed comes when there are trials, and the terminal stays open until the command has ended.
        let run = try atTerminal(
            arguments,
            typing:
                "while ! test -s c.h5; do sleep 0.05; done; sleep 0.5; printf '\\003'; while test -e c.h5.lock; do sleep 0.1; done; sleep 1"
        )
        #expect(run.code == 75, "\(run.output)")
        #expect(run.output.contains("stopping after the next commit; press Ctrl-C again to end at once"))
        #expect(
            run.output.contains("stopped by SIGINT; finished trials are saved, run the same command again to continue"))
        let set = try TrialSet(folder + "/c.h5")
        let made = set.hypotheses.reduce(0) { $0 + set.count(of: $1) }
        #expect(made > 0)
        let again = try BuiltTool.trialgen.run(
            ["run", "--json", "--trials", "\(made + 10)", "--output", "c.h5"] + toy.source, in: folder)
        let hypotheses = try #require(try again.object()["hypotheses"] as? [[String: Any]], "\(again.error)")
        #expect(hypotheses.first?["made"] as? Int == 10)
    }
}
