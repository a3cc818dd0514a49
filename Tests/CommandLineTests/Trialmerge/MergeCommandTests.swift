import Foundation
import Testing
import TrialStore

@Suite("trialmerge merge")
struct MergeCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    /// Merges into a file of the folder and returns the JSON report.
    private func merge(_ files: [String], into output: String) throws -> [String: Any] {
        let outcome = try BuiltTool.trialmerge.run(["merge"] + files + ["-o", folder.file(output), "--json"])
        try #require(outcome.code == 0, "\(outcome.error)")
        return try outcome.object()
    }

    @Test("seven uneven chunks merge to the table of one")
    func cutting() throws {
        let whole = try merge([folder.chunk("whole.h5", 0..<1000, mu: [0, 5])], into: "one.h5")
        let cuts: [Int64] = [0, 1, 18, 137, 138, 512, 900, 1000]
        let pieces = try zip(cuts, cuts.dropFirst()).enumerated().map { index, ends in
            try folder.chunk("piece\(index).h5", ends.0..<ends.1, mu: [5, 0])
        }
        let merged = try merge([3, 0, 6, 1, 5, 2, 4].map { pieces[$0] }, into: "seven.h5")
        #expect(merged["table_sha256"] as? String == whole["table_sha256"] as? String)
        #expect((merged["table_sha256"] as? String)?.count == 64)
        #expect(merged["n_trials"] as? Int == 2000)
        #expect(merged["n_files"] as? Int == 7)
        #expect(merged["has_gaps"] as? Bool == false)
        let hypotheses = try #require(merged["hypotheses"] as? [[String: Any]])
        #expect(hypotheses.map { $0["mu"] as? Double } == [0, 5])
        #expect(hypotheses.map { $0["n_trials"] as? Int } == [1000, 1000])
        #expect(hypotheses.first?["ranges"] as? [[Int]] == [[0, 999]])

        // A merged file is an input like any other.
        let again = try merge([folder.file("seven.h5")], into: "again.h5")
        #expect(again["table_sha256"] as? String == whole["table_sha256"] as? String)
    }

    @Test("the table names hypotheses, counts and the digest; merge is the default command")
    func humanReport() throws {
        let chunks = [try folder.chunk("a.h5", 0..<40), try folder.chunk("b.h5", 0..<7, mu: [2.5], seed: 3)]
        let outcome = try BuiltTool.trialmerge.run(chunks + ["--output", folder.file("m.h5")])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("47 trials from 2 files"))
        #expect(outcome.output.contains("no gaps"))
        #expect(outcome.output.contains("table sha256 "))
        let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(rows.contains(["0", "1", "40", "0", "0"]))
        #expect(rows.contains(["2.5", "3", "7", "0", "0"]))
        #expect(!outcome.error.contains("warning"))
    }

    @Test("another campaign is refused, and what differs is said")
    func mixedCampaigns() throws {
        let chunks = [
            try folder.chunk("a.h5", 0..<10),
            try folder.chunk("b.h5", 10..<20, campaign: TrialFolder.campaign(gamma: 3)),
        ]
        let outcome = try BuiltTool.trialmerge.run(["merge"] + chunks + ["-o", folder.file("m.h5")])
        #expect(outcome.code == 65)
        #expect(outcome.error.contains("b.h5"))
        #expect(outcome.error.contains("flux.gamma is 3") && outcome.error.contains("and 2 in"))
        #expect(outcome.output.isEmpty)
        #expect(try folder.names == ["a.h5", "b.h5"])
    }

    @Test("equal trials are taken once and reported, contradicting ones refused")
    func duplicates() throws {
        let chunks = [try folder.chunk("a.h5", 0..<10), try folder.chunk("b.h5", 6..<20)]
        let outcome = try BuiltTool.trialmerge.run(["merge"] + chunks + ["-o", folder.file("m.h5"), "--json"])
        #expect(outcome.code == 0)
        #expect(outcome.error.contains("mu 0, seed 1") && outcome.error.contains("6–9"))
        let report = try outcome.object()
        #expect(report["n_trials"] as? Int == 20)
        #expect(report["n_duplicate_rows"] as? Int == 4)
        let hypotheses = try #require(report["hypotheses"] as? [[String: Any]])
        #expect(hypotheses.first?["duplicates"] as? [[Int]] == [[6, 9]])

        let liar = try folder.chunk("liar.h5", 9..<12, shift: 1)
        let refused = try BuiltTool.trialmerge.run("merge", chunks[0], liar, "-o", folder.file("n.h5"))
        #expect(refused.code == 65)
        #expect(refused.error.contains("trial 9 of mu 0, seed 1"))
    }

    @Test("gaps are reported and the partial file is written")
    func gaps() throws {
        let chunks = [try folder.chunk("a.h5", 0..<10), try folder.chunk("b.h5", 25..<30)]
        let outcome = try BuiltTool.trialmerge.run(["merge"] + chunks + ["-o", folder.file("m.h5"), "--json"])
        #expect(outcome.code == 75)
        #expect(outcome.error.contains("partial: 15 trials are missing"))
        #expect(outcome.error.contains("--mu 0 --seed 1 --first-trial 10 --trials 15"))
        let report = try outcome.object()
        #expect(report["has_gaps"] as? Bool == true)
        #expect(report["n_missing"] as? Int == 15)
        let hypotheses = try #require(report["hypotheses"] as? [[String: Any]])
        #expect(hypotheses.first?["gaps"] as? [[Int]] == [[10, 24]])
        #expect(try folder.names.contains("m.h5"))

        #expect(try TrialSet(folder.file("m.h5")).missing?.count == 15)
        #expect(try TrialSet(folder.file("m.h5")).missing?.text == "mu 0, seed 1: 10–24")

        let human = try BuiltTool.trialmerge.run(["merge", "--partial"] + chunks + ["-o", folder.file("n.h5")])
        #expect(human.code == 0)
        #expect(human.output.contains("(partial, 15 missing)"))
    }

    @Test("bad inputs and outputs are sentences with their exit codes")
    func faults() throws {
        let chunk = try folder.chunk("a.h5", 0..<10)
        let text = folder.file("text.h5")
        try Data("run,event\n1,2\n".utf8).write(to: URL(filePath: text))
        let torn = folder.file("torn.h5")
        try Data(contentsOf: URL(filePath: chunk)).dropLast(3000).write(to: URL(filePath: torn))
        let output = folder.file("m.h5")
        let cases: [(arguments: [String], code: Int32, says: String)] = [
            (["merge", "-o", output], 66, "no input file is given"),
            (["merge", chunk, folder.file("absent.h5"), "-o", output], 66, "absent.h5"),
            (["merge", chunk, text, "-o", output], 65, "text.h5"),
            (["merge", chunk, torn, "-o", output], 65, "torn.h5"),
            (["merge", chunk, "-o", folder.file("absent/m.h5")], 73, "absent/m.h5"),
            (["merge", chunk, "-o", chunk, "--replace"], 64, "is also an input"),
            (["merge", chunk], 64, "--output"),
            (["merge", chunk, "-o", output, "--no-such-flag"], 64, "--no-such-flag"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialmerge.run(arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.error)")
            #expect(outcome.error.contains("error: ") && outcome.error.contains(says), "\(arguments): \(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try folder.names == ["a.h5", "text.h5", "torn.h5"])
    }

    @Test("a folder stands for its chunks; a list, also on standard input, names more than a command line can")
    func inputLists() throws {
        let chunks = [try folder.chunk("a.h5", 0..<10), try folder.chunk("b.h5", 10..<20)]
        try Data("no chunk".utf8).write(to: URL(filePath: folder.file("a.h5.log")))
        let list = folder.file("chunks.list")
        try Data((chunks.joined(separator: "\n") + "\n\n").utf8).write(to: URL(filePath: list))
        let verified = try BuiltTool.trialmerge.run("verify", folder.path, "--json")
        let filesVerified = (try verified.object()["files"] as? [Any])?.count
        #expect(verified.code == 0 && filesVerified == 2, "\(verified.error)")
        let cases = [[list], ["-"]]
        for (index, names) in cases.enumerated() {
            let outcome = try BuiltTool.trialmerge.run(
                ["merge", "--files-from"] + names + ["-o", folder.file("m\(index).hdf5"), "--json"],
                shell: "exec \"$@\" <\(list)")
            #expect(try outcome.code == 0 && outcome.object()["n_trials"] as? Int == 20, "\(outcome.error)")
        }
        let absent = try BuiltTool.trialmerge.run(["verify", "--files-from", folder.file("absent.list")])
        #expect(absent.code == 66 && absent.error.contains("absent.list"))
    }

    @Test("an output is replaced only when asked for")
    func replacing() throws {
        let chunk = try folder.chunk("a.h5", 0..<10)
        let arguments = ["merge", chunk, "-o", folder.file("m.h5")]
        #expect(try BuiltTool.trialmerge.run(arguments).code == 0)
        let refused = try BuiltTool.trialmerge.run(arguments)
        #expect(refused.code == 73)
        #expect(refused.error.contains("already exists"))
        #expect(try BuiltTool.trialmerge.run(arguments + ["--replace"]).code == 0)
    }
}
