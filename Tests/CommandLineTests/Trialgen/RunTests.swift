import Foundation
import PointSource
import Settings
import Testing
import TrialStore

@Suite("trialgen run")
struct RunTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func run(_ arguments: String...) throws -> BuiltTool.Outcome {
        let run = try BuiltTool.trialgen.run(["run", "--json"] + arguments + toy.source, in: folder)
        try #require(run.code == 0, "\(run.error)")
        return run
    }

    private func records(_ chunk: String) throws -> [TrialRecord] {
        let set = try TrialSet("\(folder)/\(chunk)")
        var all: [TrialRecord] = []
        for hypothesis in set.hypotheses { all += try set.records(of: hypothesis) }
        return all.sorted { ($0.meanSignal, $0.trial) < ($1.meanSignal, $1.trial) }
    }

    @Test("Threads, chunks, order and resumption do not show in the records")
    func determinism() throws {
        _ = try run("--mu", "3", "--trials", "120", "--threads", "1", "--output", "whole.h5", "--probe", "4:2.5")
        _ = try run("--mu", "3", "--trials", "120", "--threads", "3", "--output", "threads.h5", "--probe", "4:2.5")
        for (first, count) in [("70", "50"), ("0", "33"), ("33", "37")] {
            _ = try run(
                "--mu", "3", "--trials", count, "--first-trial", first, "--output", "parts.h5", "--probe", "4:2.5",
                "--commit-every", "7")
        }
        let whole = try records("whole.h5")
        #expect(whole.map(\.trial) == Array(0..<120))
        #expect(whole.allSatisfy { $0.probes.count == 1 })
        #expect(Set(whole.map(\.testStatistic)).count > 60)
        #expect(try records("threads.h5") == whole)
        #expect(try records("parts.h5") == whole)
    }

    @Test("Run again, it makes only what is missing")
    func extending() throws {
        func counts(_ run: BuiltTool.Outcome) throws -> [Int] {
            let hypotheses = try #require(try run.object()["hypotheses"] as? [[String: Any]])
            return ["made", "present"].compactMap { hypotheses.first?[$0] as? Int }
        }
        #expect(try counts(try run("--trials", "40", "--output", "c.h5")) == [40, 40])
        #expect(try counts(try run("--trials", "60", "--output", "c.h5")) == [20, 60])
        #expect(try counts(try run("--trials", "60", "--output", "c.h5")) == [0, 60])
        #expect(try counts(try run("--trials", "10", "--first-trial", "55", "--output", "c.h5")) == [5, 10])
        #expect(try records("c.h5").count == 65)
    }

    @Test("A record is what inspect shows")
    func inspection() throws {
        _ = try run("--mu", "5", "--trials", "4", "--seed", "-3", "--output", "c.h5")
        let record = try #require(try records("c.h5").last)
        let inspection = try BuiltTool.trialgen.run(
            ["inspect", "--json", "--trial", "3", "--mu", "5", "--seed", "-3"] + toy.source, in: folder)
        #expect(try inspection.number("ts") == record.testStatistic)
        #expect(try inspection.number("ns") == record.signalEvents)
        #expect(try inspection.number("n_sig") == Double(record.injected))
    }

    @Test("Without --mu and --trials the configuration's list is made")
    func orders() throws {
        let file = folder + "/analysis.yaml"
        try """
        data: \(toy.release)
        datasets: [IC40]
        source: {name: toy, ra: 40.67, dec: -0.01}
        trials: [{mu: 0, count: 20}, {mu: 4.5, count: 10}]
        seed: 4
        output: c.h5
        injection: {poisson: false}
        """.write(toFile: file, atomically: true, encoding: .utf8)
        let run = try BuiltTool.trialgen.run(["--config", file], in: folder)
        try #require(run.code == 0, "\(run.error)")
        let set = try TrialSet(folder + "/c.h5")
        #expect(set.hypotheses == [Hypothesis(meanSignal: 0, seed: 4), Hypothesis(meanSignal: 4.5, seed: 4)])
        #expect(set.hypotheses.map { set.count(of: $0) } == [20, 10])
        let injected = try set.values(.injected, of: Hypothesis(meanSignal: 4.5, seed: 4))
        #expect(Set(injected).count == 1)
        #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("The chunk's header holds the campaign, and what it takes to turn events into flux")
    func header() throws {
        let run = try run("--trials", "3", "--output", "c.h5")
        let header = try TrialSet(folder + "/c.h5").header
        #expect(header.fingerprint == (try run.object()["fingerprint"]) as? String)
        let campaign = try Campaign(text: header.campaign, file: "c.h5")
        #expect(campaign.fingerprint == header.fingerprint)
        #expect(try campaign.fluxPerEvent == run.number("flux_per_event"))
        #expect(
            campaign.fileDigests.keys.sorted() == [
                "events/IC40_exp.csv", "irfs/IC40_effectiveArea.csv", "irfs/IC40_smearing.csv", "uptime/IC40_exp.csv",
            ])
    }

    @Test("Progress is silent away from a terminal, and asked for or not never on standard output")
    func progress() throws {
        #expect(try run("--trials", "5", "--output", "c.h5").error.isEmpty)
        let asked = try run("--trials", "9", "--output", "c.h5", "--progress")
        #expect(asked.error.contains("4/4 trials"))
        #expect(try !asked.object().isEmpty)
        #expect(try run("--trials", "12", "--output", "c.h5", "--progress", "--quiet").error.isEmpty)
    }

    @Test(
        "A signal ends a run between trials with 75 or the code asked for; what was made is safe, the rest is made later",
        arguments: [
            ("TERM", [], 75), ("INT", [], 75), ("USR1", ["--checkpoint-exit-code", "85"], 85),
        ] as [(String, [String], Int32)])
    func stopping(signal: String, options: [String], code: Int32) throws {
        // A shell without a terminal starts processes in the background with SIGINT ignored, which trialgen undoes.
        let stopped = try BuiltTool.trialgen.run(
            ["run", "--trials", "50000000", "--commit-every", "50", "--output", "c.h5"] + options + toy.source,
            in: folder,
            shell: "\"$@\" & while ! test -s c.h5; do sleep 0.05; done; sleep 0.5; kill -\(signal) $!; wait $!")
        #expect(stopped.code == code, "\(stopped.error)")
        #expect(stopped.error.contains("stopped by SIG\(signal)"))
        #expect(stopped.error.contains("run the same command again"))
        let made = try records("c.h5")
        #expect(made.map(\.trial) == Array(0..<Int64(made.count)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c.h5"], "the chunk alone")
    }

    @Test("Writing fails at any place, HDF5's own writes too: 74, and the same command again makes the same table")
    func fullDisks() throws {
        let arguments =
            ["run", "--mu", "3", "--trials", "600", "--commit-every", "64", "--output", "c.h5"] + toy.source
        try #require(try BuiltTool.trialgen.run(arguments, in: folder).code == 0)
        let expected = try TrialSet(folder + "/c.h5").rowsDigest()
        let size = try FileManager.default.attributesOfItem(atPath: folder + "/c.h5")[.size] as? Int
        // Blocks of 512 bytes that a file may have.
        let blocks = try #require(size) / 512
        var failures = 0
        for limit in stride(from: 1, through: blocks + 4, by: 7) {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                try FileManager.default.removeItem(atPath: folder + "/" + name)
            }
            let full = try BuiltTool.trialgen.run(
                arguments, in: folder, shell: "trap '' XFSZ; ulimit -f \(limit); exec \"$@\"")
            if full.code != 0 {
                failures += 1
                #expect(full.code == 74 && full.error.contains("error: c.h5"), "limit \(limit): \(full.error)")
            }
            let again = try BuiltTool.trialgen.run(arguments, in: folder)
            #expect(again.code == 0, "limit \(limit): \(again.error)")
            #expect(try TrialSet(folder + "/c.h5").rowsDigest() == expected, "limit \(limit)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["c.h5"], "limit \(limit)")
        }
        #expect(failures > 10)
    }

    @Test("A run that is to be checkpointed stops by itself, again and again, until it is done")
    func checkpointing() throws {
        let arguments = ["run", "--trials", "30000", "--threads", "1", "--output", "c.h5"] + toy.source
        var stops = 0
        while true {
            let run = try BuiltTool.trialgen.run(
                arguments + ["--checkpoint-every", "0.02", "--checkpoint-exit-code", "85"], in: folder)
            if run.code == 0 { break }
            #expect(run.code == 85, "\(run.error)")
            stops += 1
            try #require(stops < 1000)
        }
        #expect(stops > 0)
        #expect(try records("c.h5").map(\.trial) == Array(0..<30000))
    }
}
