import Foundation
import Testing

/// Pipes and devices where files are read: a sentence at once, never a wait.
@Suite("Pipes and devices instead of files")
struct PipeTests {
    private let toy: ToyFolder
    private let folder: String
    private var pipe: String { folder + "/pipe" }

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
        try #require(mkfifo(pipe, 0o600) == 0)
    }

    private func expect(
        _ codes: Set<Int32>, _ tool: BuiltTool, _ arguments: [String], at location: SourceLocation = #_sourceLocation
    ) throws {
        let run = try tool.run(arguments, in: folder, shell: "exec timeout 20 \"$@\"")
        #expect(codes.contains(run.code), "\(run.code): \(run.error)", sourceLocation: location)
        #expect(run.error.contains("is not a regular file"), "\(run.error)", sourceLocation: location)
        #expect(run.output.isEmpty, sourceLocation: location)
    }

    @Test(
        "Inputs of trialmerge: chunks, lists, JSON, .npy, configurations",
        arguments: ["pipe", "/dev/zero", "/dev/null"])
    func trialmerge(file: String) throws {
        let trials = try TrialFolder()
        let chunk = try trials.chunk("a.h5", 0..<200, mu: [0, 3])
        let path = file == "pipe" ? pipe : file
        for arguments in [
            ["background", path], ["verify", "--files-from", path], ["background", chunk, "--unblind", path],
            ["report", chunk, "--unblind", path, "-o", "r.html"], ["report", chunk, "--scan", path, "-o", "r.html"],
            ["report", chunk, "--curve", path, "-o", "r.html"], ["merge", path, "-o", "m.h5"],
            ["import", path, "-o", "i.h5", "--ra", "1", "--dec", "1"],
            ["import", chunk, "--config", path, "-o", "i.h5"],
            ["verify", chunk, "--config", path], ["merge", chunk, "--config", path, "-o", "m.h5"],
        ] { try expect([66], .trialmerge, arguments) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["pipe"])
    }

    @Test("Inputs of trialgen: configurations, prepared files, zips, a release's files and record")
    func trialgen() throws {
        for path in [pipe, "/dev/zero"] {
            for arguments in [
                ["describe", "--config", path], ["config", "--check", path], ["config", "--show", "--config", path],
                ["plan", "--config", path, "--jobs", "2"], ["run", "--prepared", path, "--trials", "1", "-o", "a.h5"],
                ["fetch", "IceTracks-DR2", "--into", folder + "/new", "--from", path],
            ] { try expect([66], .trialgen, arguments) }
        }
        for file in ["events/IC40_exp.csv", "irfs/IC40_smearing.csv", "uptime/IC40_exp.csv", "trialgen.checksums"] {
            let release = try toy.copy()
            try FileManager.default.removeItem(atPath: "\(release)/\(file)")
            try #require(mkfifo("\(release)/\(file)", 0o600) == 0)
            try expect(
                [66], .trialgen,
                ["describe", "--data", release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01"])
        }
    }

    @Test("Outputs, and what stands beside them: 73, and the pipe is still there")
    func outputs() throws {
        let trials = try TrialFolder()
        let chunk = try trials.chunk("a.h5", 0..<200, mu: [0, 3])
        for more in [[], ["--replace"]] {
            for arguments in [
                ["merge", chunk, "-o", pipe], ["export", chunk, "--format", "csv", "-o", pipe],
                ["report", chunk, "-o", pipe],
            ] {
                try expect([73], .trialmerge, arguments + more)
            }
        }
        try expect([73], .trialgen, ["run", "--trials", "1", "--output", pipe] + toy.source)
        try expect([73], .trialgen, ["prepare", "--output", pipe] + toy.source)
        for suffix in [".lock", ".journal", ".new"] {
            try #require(mkfifo(folder + "/b.h5" + suffix, 0o600) == 0)
            let run = try BuiltTool.trialgen.run(
                ["run", "--trials", "1", "--output", folder + "/b.h5"] + toy.source, shell: "exec timeout 60 \"$@\"")
            #expect([73, 75].contains(run.code), "\(suffix): \(run.code) \(run.error)")
            unlink(folder + "/b.h5" + suffix)
        }
    }

    @Test("Standard input is a list of files where - says so; it ends, or is too long")
    func standardInput() throws {
        let trials = try TrialFolder()
        let chunk = try trials.chunk("a.h5", 0..<200)
        let run = try BuiltTool.trialmerge.run(
            ["verify", "--files-from", "-"], shell: "echo '\(chunk)' | \"$@\"")
        #expect(run.code == 0, "\(run.error)")
        let endless = try BuiltTool.trialmerge.run(
            ["verify", "--files-from", "-"], shell: "exec timeout 100 \"$@\" < /dev/zero")
        #expect(endless.code == 65 && endless.error.contains("standard input: has more than"), "\(endless.error)")
        let closed = try BuiltTool.trialmerge.run(["verify", "--files-from", "-"], shell: "exec \"$@\" <&-")
        #expect(closed.code == 66, "\(closed.code) \(closed.error)")
    }
}

/// Standard descriptors and limits that a process may come with.
@Suite("Closed descriptors and limits")
struct ProcessTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func files() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }

    @Test(
        "Closed standard descriptors do no harm: the chunk is sound, and nothing else is written",
        arguments: ["<&-", ">&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"])
    func closed(redirections: String) throws {
        let chunk = folder + "/a.h5"
        let run = try BuiltTool.trialgen.run(
            ["run", "--trials", "30", "--commit-every", "10", "--log-level", "info", "--output", chunk] + toy.source,
            shell: "exec \"$@\" \(redirections)")
        // Results that cannot be printed are an error of output; the trials are safe all the same.
        #expect(
            run.code == (redirections.contains(">&- ") || redirections == ">&-" ? 74 : 0), "\(run.code): \(run.error)")
        #expect(try files() == ["a.h5"])
        let verify = try BuiltTool.trialmerge.run(["verify", chunk])
        #expect(verify.code == 0 && verify.output.contains("30"), "\(verify.output)\(verify.error)")
        let merge = try BuiltTool.trialmerge.run(
            ["merge", chunk, "-o", folder + "/m.h5"], shell: "exec \"$@\" \(redirections)")
        #expect(merge.code == (redirections.contains(">&- ") || redirections == ">&-" ? 74 : 0), "\(merge.error)")
        #expect(try BuiltTool.trialmerge.run(["background", folder + "/m.h5"]).code == 0)
    }

    @Test("A limit of the file size ends no process by a signal: 74, nothing half written", arguments: [0, 1, 8, 64])
    func fileSize(blocks: Int) throws {
        let shell = "ulimit -f \(blocks); exec \"$@\""
        let trials = try TrialFolder()
        let sound = try trials.chunk("a.h5", 0..<20_000)
        for (tool, arguments) in [
            (
                BuiltTool.trialgen,
                ["run", "--trials", "20000", "--commit-every", "100", "--output", "r.h5"] + toy.source
            ),
            (.trialgen, ["prepare", "--output", "p.prepared"] + toy.source), (.trialgen, ["toy", "--output", "t"]),
            (.trialmerge, ["merge", sound, "-o", "m.h5"]),
            (.trialmerge, ["export", sound, "--format", "csv", "-o", "e.csv"]),
        ] {
            let run = try tool.run(arguments, in: folder, shell: shell)
            #expect(run.code == 74, "\(arguments[0]): \(run.code) \(run.error)")
        }
        // What a chunk was left with is gone on with; everything else is as if it had not been tried.
        #expect(try files().filter { !$0.hasPrefix("r.h5") && $0 != "t" } == [])
        let again = try BuiltTool.trialgen.run(["run", "--trials", "200", "--output", folder + "/r.h5"] + toy.source)
        #expect(again.code == 0, "\(again.error)")
    }
}
