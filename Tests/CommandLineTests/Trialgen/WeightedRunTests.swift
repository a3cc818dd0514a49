import Foundation
import PointSource
import Testing
import TrialStore

/// Weighted background trials in campaigns, chunks and jobs.
@Suite("Weighted trials")
struct WeightedRunTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch(
            campaign: """
                source: {name: toy, ra: 40.67, dec: -0.01}
                trials: [{mu: 3, count: 11}, {mu: 0, count: 203, tail: 5}, {mu: 0, count: 57}]
                seed: 4
                jobs: 3
                """)
    }

    private func run(_ arguments: String..., shell: String = "exec \"$@\"") throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(["run", "--config", "c.yaml"] + arguments, in: folder, shell: shell)
    }

    private func merge(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialmerge.run(arguments, in: folder)
    }

    private func digest(_ chunks: [String]) throws -> String {
        try BuiltTool.tableDigest(of: chunks, ["--config", "c.yaml"], in: folder)
    }

    @Test("Threads, jobs, a prepared file, kills and stops give the same table")
    func determinism() throws {
        try #require(try run("--output", "whole.h5", "--threads", "1").code == 0)
        let expected = try digest(["whole.h5"])
        let set = try TrialSet(folder + "/merged.h5")
        #expect(
            set.hypotheses.map(\.description) == ["mu 0, seed 4", "mu 0, tail 5, seed 4", "mu 3, seed 4"])
        let weighted = Hypothesis(tail: 5, seed: 4)
        // Other random numbers than those of the ordinary trials of the same seed, and weights with a mean of 1.
        let ts = try set.values(.testStatistic, of: weighted)
        #expect(ts.count == 203 && ts.filter { $0 > 15 }.count > 20)
        #expect(try set.values(.logWeight, of: weighted).allSatisfy { $0 <= 2.302_585_1 })

        // Jobs from a prepared file, cut unevenly, one of them in two starts.
        let prepare = try BuiltTool.trialgen.run(["prepare", "--config", "c.yaml", "--output", "p"], in: folder)
        try #require(prepare.code == 0, "\(prepare.error)")
        for job in ["0", "1", "2"] {
            let made = try run("--job", job, "--prepared", "p", "--threads", "2", "--output", "jobs.h5")
            try #require(made.code == 0, "\(made.error)")
        }
        let chunks = ["jobs.00002.h5", "jobs.00000.h5", "jobs.00001.h5"]
        #expect(try digest(chunks) == expected)
        let proof = try BuiltTool.trialmerge.run(["verify", "--config", "c.yaml", "--json"] + chunks, in: folder)
        #expect(proof.code == 0, "\(proof.error)")
        let hypotheses = try #require(try proof.object()["hypotheses"] as? [[String: Any]])
        #expect(hypotheses.map { $0["tail"] as? Double } == [nil, 5, nil])

        // Stopped, killed and run again, with another number of threads.
        let stopped = try run("--output", "k.h5", "--checkpoint-every", "0.3", "--threads", "1", "--commit-every", "20")
        #expect(stopped.code == 75 || stopped.code == 0, "\(stopped.error)")
        let killed = try run(
            "--output", "k.h5", "--threads", "1", "--commit-every", "10",
            shell: "\"$@\" & p=$!; sleep 0.7; kill -KILL $p; wait $p")
        #expect(killed.code == 137 || killed.code == 0, "\(killed.error)")
        try #require(try run("--output", "k.h5", "--threads", "2").code == 0)
        #expect(try digest(["k.h5"]) == expected)

        // Of a job that makes trials with signal alone, the chunk has no weights.
        try #require(try run("--job", "0", "--part", "signal", "--output", "s.h5").code == 0)
        #expect(try TrialSet(folder + "/s-signal.00000.h5").header.mixture == nil)
    }

    @Test("The command line makes the campaign's weighted trials; a plan and an inspection know them")
    func options() throws {
        try #require(try run("--output", "whole.h5").code == 0)
        let made = try BuiltTool.trialgen.run(
            ["run", "--mu", "0", "--tail", "5", "--trials", "30", "--first-trial", "20", "--seed", "4", "-o", "t.h5"]
                + toy.source, in: folder)
        try #require(made.code == 0, "\(made.error)")
        #expect(made.output.contains("0, 5 sigma"))
        let hypothesis = Hypothesis(tail: 5, seed: 4)
        let records = try TrialSet(folder + "/t.h5").records(of: hypothesis)
        #expect(try records == Array(TrialSet(folder + "/whole.h5").records(of: hypothesis)[20..<50]))

        let record = try #require(records.last)
        let inspection = try BuiltTool.trialgen.run(
            ["inspect", "--trial", "49", "--tail", "5", "--seed", "4", "--json"] + toy.source, in: folder)
        try #require(inspection.code == 0, "\(inspection.error)")
        #expect(try inspection.number("ts") == record.testStatistic)
        #expect(try inspection.number("log_weight") == record.weight?.logWeight)

        let plan = try BuiltTool.trialgen.run(["plan", "--config", "c.yaml", "--jobs", "2"], in: folder)
        #expect(plan.code == 0 && plan.output.contains("0, 5 sigma"), "\(plan.error)")
        #expect(!plan.output.contains("for thresholds of 3 to 7 sigma"))
        try """
        source: {ra: 40.67, dec: -0.01}
        trials: [{mu: 0, count: 100M}]
        """.write(toFile: folder + "/many.yaml", atomically: true, encoding: .utf8)
        let many = try BuiltTool.trialgen.run(["plan", "--config", "many.yaml", "--jobs", "9"], in: folder)
        #expect(many.code == 0 && many.output.contains("100,000 weighted trials suffice"), "\(many.error)")
        let shown = try BuiltTool.trialgen.run(["config", "c.yaml", "--show"], in: folder)
        #expect(shown.output.contains("tail: 5") || shown.code != 0)
    }

    @Test("Another tail is another mixture: it neither goes into the chunk nor merges with it")
    func otherTails() throws {
        func make(_ tail: String, _ chunk: String) throws -> BuiltTool.Outcome {
            try BuiltTool.trialgen.run(
                ["run", "--tail", tail, "--trials", "9", "-o", chunk] + toy.source, in: folder)
        }
        try #require(try make("5", "five.h5").code == 0)
        let added = try make("6", "five.h5")
        #expect(added.code == 65 && added.error.contains("for up to 6 sigma in this campaign and 5 in the file"))
        try #require(try make("6", "six.h5").code == 0)
        let merged = try merge("merge", "five.h5", "six.h5", "-o", "m.h5")
        #expect(merged.code == 65 && merged.error.contains("6 sigma"), "\(merged.error)")
        let export = try merge("export", "five.h5", "--format", "npy", "-o", "a.npy")
        #expect(export.code == 65 && export.error.contains("only weighted trials"), "\(export.error)")
    }

    @Test("Mistakes are sentences")
    func faults() throws {
        for (arguments, says) in [
            (["--tail", "9", "--trials", "5"], "--tail: 9 sigma is outside 2 to 8"),
            (["--tail", "7", "--mu", "3", "--trials", "5"], "weighted trials are background, and mu is 3"),
            (["--tail", "7"], "the number of trials is not given"),
        ] {
            let run = try BuiltTool.trialgen.run(["run", "-o", "x.h5"] + toy.source + arguments, in: folder)
            #expect(run.code == 64 && run.error.contains(says), "\(arguments): \(run.error)")
        }
        for (list, says) in [
            ("[{mu: 0, count: 5, tail: 1}]", "trials[0].tail: 1 sigma is outside 2 to 8"),
            ("[{mu: 2, count: 5, tail: 5}]", "trials[0].tail: weighted trials are background, and mu is 2"),
            ("[{mu: 0, count: 5, tail: 5}, {mu: 0, count: 5, tail: 6}]", "both 5 and 6 sigma"),
            ("[{mu: 0, count: 5, tial: 5}]", "Did you mean \"tail\""),
        ] {
            try "trials: \(list)\n".write(toFile: folder + "/bad.yaml", atomically: true, encoding: .utf8)
            let run = try BuiltTool.trialgen.run(
                ["run", "-o", "x.h5", "--config", "bad.yaml"] + toy.source, in: folder)
            #expect(run.code == 64 && run.error.contains(says), "\(list): \(run.error)")
        }
    }
}
