import Foundation
import Testing
import TrialStore

@Suite("trialgen prepare")
struct PrepareTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    private func run(_ arguments: [String]) throws -> BuiltTool.Outcome {
        try BuiltTool.trialgen.run(arguments, in: folder)
    }

    private func prepare() throws {
        let outcome = try run(["prepare", "--json", "--output", "toy.prepared"] + toy.source)
        try #require(outcome.code == 0, "\(outcome.error)")
        let object = try outcome.object()
        let size = try FileManager.default.attributesOfItem(atPath: "\(folder)/toy.prepared")[.size] as? Int
        #expect(object["bytes"] as? Int == size && object["file"] as? String == "toy.prepared")
    }

    private func records(_ chunk: String) throws -> [TrialRecord] {
        let set = try TrialSet("\(folder)/\(chunk)")
        return try set.hypotheses.flatMap { try set.records(of: $0) }.sorted { $0.trial < $1.trial }
    }

    @Test("Trials from a prepared file are those from the release, and chunks of both merge")
    func sameTrials() throws {
        try prepare()
        let common = ["--mu", "3", "--seed", "7", "--probe", "4:2.5", "--threads", "2"]
        for (output, source, trials) in [
            ("release.h5", toy.source, ["--trials", "60"]),
            ("prepared.h5", ["--prepared", "toy.prepared"], ["--trials", "60"]),
            ("first.h5", ["--prepared", "toy.prepared"], ["--trials", "25"]),
            ("rest.h5", toy.source, ["--trials", "35", "--first-trial", "25"]),
        ] {
            let outcome = try run(["run", "--json", "--output", output] + common + trials + source)
            try #require(outcome.code == 0, "\(outcome.error)")
        }
        let whole = try records("release.h5")
        #expect(whole.count == 60 && Set(whole.map(\.testStatistic)).count > 30)
        #expect(try records("prepared.h5") == whole)
        let (ours, theirs) = (
            try TrialSet(folder + "/prepared.h5").header, try TrialSet(folder + "/release.h5").header
        )
        #expect(ours.fingerprint == theirs.fingerprint && ours.campaign == theirs.campaign)
        let merge = try BuiltTool.trialmerge.run(["first.h5", "rest.h5", "--output", "merged.h5"], in: folder)
        #expect(merge.code == 0, "\(merge.error)")
        #expect(try records("merged.h5") == whole)
    }

    @Test("A job's campaign file goes with a prepared file; a setting that contradicts it does not")
    func settings() throws {
        try prepare()
        let campaign = """
            data: /nowhere
            datasets: [IC40]
            source: {ra: 40.67, dec: -0.01}
            trials: [{mu: 0, count: 20}, {mu: 2, count: 10}]
            jobs: 2
            """
        try campaign.write(toFile: folder + "/campaign.yaml", atomically: true, encoding: .utf8)
        let job = try run([
            "run", "--config", "campaign.yaml", "--prepared", "toy.prepared", "--job", "1", "--output", "c.h5",
        ])
        #expect(job.code == 0, "\(job.error)")
        #expect(try TrialSet(folder + "/c.00001.h5").hypotheses.count == 2)

        func refusal(_ arguments: String...) throws -> String {
            let outcome = try run(
                ["run", "--prepared", "toy.prepared", "--trials", "5", "--output", "x.h5"] + arguments)
            #expect(outcome.code == 64, "\(arguments): \(outcome.error)")
            return outcome.error
        }
        #expect(
            try refusal("--gamma", "2.5").contains("--gamma: 2.5 contradicts toy.prepared, which was prepared for 2"))
        #expect(try refusal("--datasets", "IC40,IC59").contains("--datasets"))
        #expect(try refusal("--no-poisson").contains("--no-poisson"))
        #expect(try refusal("--data", toy.release).contains("--data"))
        let other = campaign.replacingOccurrences(of: "-0.01", with: "5")
        try other.write(toFile: folder + "/other.yaml", atomically: true, encoding: .utf8)
        #expect(try refusal("--config", "other.yaml").contains("other.yaml:3"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/x.h5"))
    }

    @Test("A damaged file and a foreign one end with 65, a missing one with 66")
    func damage() throws {
        try prepare()
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder + "/toy.prepared")))
        bytes[bytes.count / 2] ^= 4
        try Data(bytes).write(to: URL(filePath: folder + "/damaged.prepared"))
        try "no such thing".write(toFile: folder + "/foreign.prepared", atomically: true, encoding: .utf8)
        for (file, code, text) in [
            ("damaged", Int32(65), "is damaged"), ("foreign", 65, "is not a file of trialgen prepare"),
            ("none", 66, "does not exist"),
        ] {
            let outcome = try run(["run", "--prepared", file + ".prepared", "--trials", "5", "--output", "c.h5"])
            #expect(outcome.code == code && outcome.error.contains(text), "\(outcome.error)")
            #expect(outcome.error.contains(file + ".prepared"))
        }
    }

    @Test("A plan's jobs start from the prepared file")
    func plan() throws {
        try prepare()
        try "trials: [{mu: 0, count: 100}]".write(toFile: folder + "/c.yaml", atomically: true, encoding: .utf8)
        let outcome = try run([
            "plan", "--config", "c.yaml", "--prepared", "toy.prepared", "--jobs", "4", "--format", "slurm",
            "--output-folder", "jobs",
        ])
        #expect(outcome.code == 0, "\(outcome.error)")
        let job = try run([
            "run", "--config", "jobs/campaign.yaml", "--prepared", "toy.prepared", "--job", "3", "--output", "c.h5",
        ])
        #expect(job.code == 0, "\(job.error)")
    }
}
