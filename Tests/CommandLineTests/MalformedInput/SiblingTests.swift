import Foundation
import Testing

/// Faults that were found by looking for siblings of issue 14's examples (docs/robustness.md). Each failed before.
@Suite("Siblings of known faults")
struct SiblingTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch(
            campaign: """
                source: {ra: 40.67, dec: -0.01}
                trials: [{mu: 0, count: 300}]
                """)
    }

    private func expect(
        _ tool: BuiltTool, _ arguments: [String], _ code: Int32, _ says: String,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try tool.run(arguments, in: folder)
        #expect(
            outcome.code == code && (outcome.error + outcome.output).contains(says),
            "\(arguments): \(outcome.code), \(outcome.error)\(outcome.output)", sourceLocation: location)
    }

    private func chunk(_ name: String = "a.h5", _ more: [String] = []) throws {
        let arguments = ["run", "--trials", "300", "--output", name] + more + toy.source
        let outcome = try BuiltTool.trialgen.run(arguments, in: folder)
        try #require(outcome.code == 0, "\(outcome.error)")
    }

    private func contents(_ name: String) -> Data? { FileManager.default.contents(atPath: folder + "/" + name) }

    @Test(
        "A list of energy ranges between the edges of the smearing matrix is refused by every command that reads the release"
    )
    func energyRanges() throws {
        let text = try String(contentsOfFile: folder + "/c.yaml", encoding: .utf8)
        try (text + "\nenergy_ranges: {from: 1e3, to: 1e5, per_decade: 4}\n").write(
            toFile: folder + "/e.yaml", atomically: true, encoding: .utf8)
        for command in [
            ["run", "--output", "e"], ["prepare", "--output", "e"], ["unblind", "--point", "1"],
            ["plan", "--hours", "1"],
        ] {
            try expect(
                .trialgen, command + ["--config", "e.yaml"], 64, "does not end at edges of the smearing matrix of IC40")
        }
        #expect(contents("e-p0000") == nil)
    }

    @Test("config --check compares listed energy ranges with the release, and says so where it has none")
    func energyRangesOfChecks() throws {
        let text = try String(contentsOfFile: folder + "/c.yaml", encoding: .utf8)
        func check(_ ranges: String, data: String? = nil) throws -> BuiltTool.Outcome {
            let configuration = data.map { "data: \($0)\n" + text.replacing(/(?m)^data:.*$/, with: "") } ?? text
            try (configuration + "\nenergy_ranges: \(ranges)\n").write(
                toFile: folder + "/check.yaml", atomically: true, encoding: .utf8)
            return try BuiltTool.trialgen.run(["config", "--check", "check.yaml"], in: folder)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
        for ranges in [
            "{from: 1e3, to: 1e5, per_decade: 4}", "{from: 1e3, to: 1e5, per_decade: 7}", "[[1e3, 2e4], [1e5, 1e6]]",
        ] {
            let bad = try check(ranges)
            #expect(bad.code == 64 && bad.error.contains("check.yaml:\(lines + 1)"), "\(bad.error)")
            #expect(bad.error.contains("does not end at edges of the smearing matrix of IC40"), "\(bad.error)")
            #expect(bad.error.contains("End the ranges at lg(E/GeV) = 2, 2.5, 3"), "\(bad.error)")
        }
        let sound = try check("{from: 1e3, to: 1e5, per_decade: 2}")
        #expect(sound.code == 0 && sound.error.isEmpty, "\(sound.error)")
        let elsewhere = try check("{from: 1e3, to: 1e5, per_decade: 4}", data: "/not/here")
        #expect(
            elsewhere.code == 0 && elsewhere.error.contains("are not compared with the smearing matrix: "),
            "\(elsewhere.error)")
    }

    @Test("A widened range is labelled with what was injected in the tables and the JSON of all commands, also with -q")
    func widenedLabels() throws {
        let commands = [
            ["unblind"], ["scan", "--ns-values", "1", "--gamma-values", "2"], ["inspect", "--trial", "1", "--mu", "3"],
            ["run", "--trials", "20", "--output", "w.h5"], ["prepare", "--output", "w.prepared"],
        ]
        for command in commands {
            let arguments = command + ["--energy-range", "150", "2e5"] + toy.source
            try expect(.trialgen, arguments + ["-q"], 0, "true energies 100 GeV–316 TeV (requested: 150 GeV–200 TeV)")
            try expect(.trialgen, arguments + ["--json"], 0, "\"energy_range_asked\": [150.0, 200000.0]")
        }
        try expect(.trialmerge, ["background", "w.h5", "--json"], 0, "\"energy_range_asked\": [150.0, 200000.0]")
    }

    @Test("Configurations, lists and files of the release are inputs, too, and are never replaced")
    func inputs() throws {
        try chunk()
        try "a.h5\n".write(toFile: folder + "/list", atomically: true, encoding: .utf8)
        let configuration = contents("c.yaml")
        try expect(
            .trialmerge, ["merge", "a.h5", "-o", "c.yaml", "--config", "c.yaml", "--replace"], 64, "is also an input")
        try expect(.trialmerge, ["merge", "--files-from", "list", "-o", "list", "--replace"], 64, "is also an input")
        try expect(
            .trialmerge,
            ["verify", "--files-from", "list", "--config", "c.yaml", "--resubmit-condor", "list", "--replace"],
            64, "is also an input")
        try expect(
            .trialmerge,
            ["verify", "a.h5", "--config", "c.yaml", "--resubmit-condor", "l", "--resubmit-slurm", "l"], 64, "same file"
        )
        let events = toy.release + "/events/IC40_exp.csv"
        let size = FileManager.default.contents(atPath: events)?.count
        try expect(.trialgen, ["prepare", "--output", events, "--replace"] + toy.source, 64, "is also an input")
        #expect(FileManager.default.contents(atPath: events)?.count == size)
        #expect(contents("c.yaml") == configuration && contents("list") == Data("a.h5\n".utf8))
    }

    @Test("An empty name is no output, and a file is no folder")
    func names() throws {
        try chunk()
        for arguments in [["toy", "--output", ""], ["sensitivity", "--output", ""] + toy.source] {
            try expect(.trialgen, arguments, 64, "the name of the output is empty")
        }
        try expect(
            .trialmerge, ["report", "a.h5", "-o", "r.html", "--figures", ""], 64, "the name of the output is empty")
        try expect(.trialmerge, ["report", "a.h5", "-o", "r.html", "--figures", "c.yaml"], 73, "is not a folder")
        try expect(.trialgen, ["describe", "--config", ""], 66, "\"\": the configuration file does not exist")
    }

    @Test("verify never calls files without trials complete; lists may come from other systems, without NUL")
    func verify() throws {
        try chunk()
        let run = ["run", "--trials", "30000", "--output", "f.h5"] + toy.source
        #expect(try BuiltTool.trialgen.run(run, in: folder, shell: "ulimit -f 20; exec \"$@\"").code == 74)
        try expect(.trialmerge, ["verify", "f.h5"], 75, "the files contain no trials")
        try "a.h5\r\n".write(toFile: folder + "/crlf", atomically: true, encoding: .utf8)
        try expect(.trialmerge, ["verify", "--files-from", "crlf"], 0, "complete")
        try "a.h5\0b.h5\n".write(toFile: folder + "/nul", atomically: true, encoding: .utf8)
        try expect(.trialmerge, ["verify", "--files-from", "nul"], 65, "nul:1: the line contains a NUL character")
        try FileManager.default.createDirectory(atPath: folder + "/none", withIntermediateDirectories: true)
        try expect(.trialmerge, ["merge", "none", "-o", "m.h5"], 66, "none: is a folder without files *.h5")
    }

    @Test("Escape sequences of file names do not reach a terminal")
    func escapes() throws {
        try chunk()
        for arguments in [["verify", "\u{1B}[31m.h5"], ["merge", "a.h5", "-o", "\u{1B}[31m.h5"]] {
            let outcome = try BuiltTool.trialmerge.run(arguments, in: folder)
            #expect(!(outcome.output + outcome.error).contains("\u{1B}"), "\(outcome.output)")
        }
    }

    @Test("Options without an effect, numbers with leading zeros, and a bundle that is none are refused")
    func options() throws {
        let plan = ["plan", "--config", "c.yaml", "--jobs", "3"]
        try expect(
            .trialgen, plan + ["--output-folder", "p"], 64, "--output-folder: has no effect with --format table")
        let slurm = plan + ["--format", "slurm", "--output-folder", "p"]
        try expect(.trialgen, slurm + ["--bundle", "c.yaml"], 64, "--bundle: has no effect with --format slurm")
        let condor = plan + ["--format", "condor", "--output-folder", "p"]
        try expect(.trialgen, condor + ["--bundle", "c.yaml"], 65, "c.yaml is not an archive of the programs")
        for option in ["--threads", "--memory"] { try expect(.trialgen, condor + [option, "010"], 64, "010") }
        try expect(.trialgen, ["run", "--trials", "3", "--output", "t.h5", "--threads", "010"] + toy.source, 64, "010")
    }

    @Test(
        "A process without threads makes its trials on its only one", .enabled(if: geteuid() == 0, "needs another user")
    )
    func threads() throws {
        for path in [toy.path] {
            let paths = [path] + (FileManager.default.enumerator(atPath: path)?.map { "\(path)/\($0)" } ?? [])
            for path in paths { chmod(path, 0o777) }
        }
        let user = "exec setpriv --reuid=65534 --regid=65534 --clear-groups"
        let limited = "\(user) sh -c 'ulimit -u 1; exec timeout 60 \"$@\"' sh \"$@\""
        // On some machines other users cannot enter the folder of the programs.
        guard try BuiltTool.trialgen.run(["--version"], in: folder, shell: "\(user) \"$@\"").code == 0 else { return }
        let run = ["run", "--trials", "40", "--output", "t.h5"] + toy.source
        let outcome = try BuiltTool.trialgen.run(run, in: folder, shell: limited)
        #expect(outcome.code == 0 && outcome.output.contains("40"), "\(outcome.code) \(outcome.error)")
    }
}
