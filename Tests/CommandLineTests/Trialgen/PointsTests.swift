import Foundation
import PointSource
import Settings
import Testing
import TrialStore

/// A campaign that lists sources, gammas and energy ranges, from the plan to the curve.
@Suite("Campaigns with points")
struct PointsTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch(
            campaign: """
                sources: [{name: south, ra: 10, dec: -20}, {ra: 40.67, dec: -0.01}, {ra: 120, dec: 40}]
                gammas: [2, 2.5]
                energy_ranges: {from: 1e3, to: 1e6, per_decade: 1}
                trials: [{mu: 0, count: 500}, {mu: 1, count: 40}, {mu: 3, count: 40}, {mu: 8, count: 40}]
                seed: 4
                output: trials.h5
                jobs: 2
                """)
    }

    private func run(_ tool: BuiltTool, _ arguments: [String], _ code: Int32 = 0) throws -> BuiltTool.Outcome {
        let outcome = try tool.run(arguments + ["--config", "c.yaml"], in: folder)
        try #require(outcome.code == code, "\(arguments): \(outcome.error)")
        return outcome
    }

    private func trialgen(_ arguments: String..., code: Int32 = 0) throws -> BuiltTool.Outcome {
        try run(.trialgen, arguments, code)
    }

    private func names(_ prefix: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(prefix) }.sorted()
    }

    private func points(_ outcome: BuiltTool.Outcome) throws -> [[String: Any]] {
        try #require(try outcome.object()["points"] as? [[String: Any]])
    }

    private func digest(_ name: String) throws -> String { try TrialSet("\(folder)/\(name)").rowsDigest() }

    private static let widthLimit = 80

    @Test("A run makes a chunk for each point, with the bytes that single runs of the same settings make; then a curve")
    func endToEnd() throws {
        let text = try trialgen("run").output
        #expect(text.split(separator: "\n").count == 2 + 1 + 18)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= Self.widthLimit }, "\(text)")
        let chunks = try names("trials-p")
        #expect(chunks == (0..<18).map { "trials-p00\($0 < 10 ? "0" : "")\($0).h5" })
        #expect(try run(.trialmerge, ["verify"] + chunks).output.contains("complete: all 11,160 trials are present"))
        _ = try run(.trialmerge, ["merge", "-o", "merged.h5"] + chunks)

        // Point 10 is the second source's, with gamma 2.5 and energies from 10 to 100 TeV.
        let single = try BuiltTool.trialgen.run(
            [
                "run", "--data", toy.release, "--datasets", "IC40", "--ra", "40.67", "--dec", "-0.01", "--gamma", "2.5",
                "--energy-range", "1e4", "1e5", "--seed", "4", "--mu", "8", "--trials", "40", "--output", "single.h5",
            ], in: folder)
        try #require(single.code == 0, "\(single.error)")
        let (one, all) = (try TrialSet(folder + "/single.h5"), try TrialSet(folder + "/merged-p0010.h5"))
        #expect(one.header.fingerprint == all.header.fingerprint)
        let hypothesis = Hypothesis(meanSignal: 8, seed: 4)
        #expect(try one.records(of: hypothesis) == all.records(of: hypothesis))

        // The background depends on the source alone.
        let background = try (0..<18).map { number in
            try TrialSet(
                folder + "/" + CampaignPoint.path("merged.h5", digits: number < 10 ? "000\(number)" : "00\(number)")
            )
            .values(.testStatistic, meanSignal: 0)
        }
        for number in 0..<18 { #expect(background[number] == background[number / 6 * 6]) }
        #expect(background[0] != background[6] && background[6] != background[12])

        let merged = try names("merged-p")
        let curve = try BuiltTool.trialmerge.run(
            ["curve", "--sensitivity", "--discovery", "2", "--json"] + merged, in: folder)
        try #require(curve.code == 0, "\(curve.error)")
        let rows = try points(curve)
        #expect(try curve.object()["axes"] as? [String] == ["name", "dec", "gamma", "energy_range"])
        #expect(
            rows.compactMap { $0["dec"] as? Double } == [-20, -0.01, 40].flatMap { Array(repeating: $0, count: 6) })
        for (number, row) in rows.enumerated() {
            #expect(row["files"] as? [String] == [merged[number]])
            let results = try #require(row["results"] as? [[String: Any]])
            for (result, command) in zip(results, [["sensitivity"], ["discovery", "--sigma", "2"]]) {
                let alone = try BuiltTool.trialmerge.run(command + [merged[number], "--json"], in: folder)
                guard alone.code == 0 else {
                    #expect(result["mu"] is NSNull && result["reason"] is String)
                    continue
                }
                let expected = try alone.object()
                for key in ["mu", "mu_low", "mu_high", "flux_norm", "flux_low", "flux_high", "ts_threshold"] {
                    #expect(result[key] as? NSObject == expected[key] as? NSObject, "\(key) of \(merged[number])")
                }
            }
        }
        // A given number of events at high energies is a smaller flux.
        let fluxes = rows.compactMap { $0["flux_per_event"] as? Double }
        #expect(fluxes.count == 18 && fluxes[6] != fluxes[9])
        for format in [[], ["--csv"]] {
            let run = try BuiltTool.trialmerge.run(["curve", "--sensitivity"] + format + merged, in: folder)
            #expect(run.code == 0)
            let lines = run.output.split(separator: "\n")
            if format.isEmpty {
                #expect(lines.allSatisfy { $0.count <= Self.widthLimit }, "\(run.output)")
            } else {
                #expect(
                    lines.count == 19
                        && lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 30 })
            }
        }
    }

    @Test("Jobs are counted through the points; what is missing is named by point and job")
    func jobs() throws {
        let plan = try trialgen("plan", "--json")
        #expect(try plan.number("jobs") == 36)
        #expect(try points(plan).count == 18)
        let table = try trialgen("plan").output
        #expect(table.contains("11,160 trials in 36 jobs of 18 points"))
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= Self.widthLimit }, "\(table)")

        for job in ["21", "35"] { _ = try trialgen("run", "--job", job) }
        _ = try trialgen("run", "--job", "0", "--point", "10")
        #expect(try names("trials") == ["trials-p0010.00000.h5", "trials.00021.h5", "trials.00035.h5"])
        let chunks = try names("trials")
        let proof = try run(.trialmerge, ["verify", "--json", "--resubmit-condor", "list"] + chunks, 75)
        let found = try points(proof)
        #expect(found[10]["complete"] as? Bool == true)
        #expect(found[17]["n_missing"] as? Int == 310 && found[0]["n_missing"] as? Int == 620)
        let jobs = try String(contentsOfFile: folder + "/list", encoding: .utf8).split(separator: "\n").compactMap {
            Int($0)
        }
        #expect(jobs == (0..<36).filter { ![20, 21, 35].contains($0) })
        let text = try run(.trialmerge, ["verify"] + chunks, 75).output
        #expect(text.contains("point 17:\nmissing of mu 0"), "\(text)")

        let merge = try run(.trialmerge, ["merge", "-o", "m.h5", "--json"] + chunks, 75)
        #expect(try names("m-p") == ["m-p0010.h5", "m-p0017.h5"])
        #expect(try points(merge)[10]["n_missing"] as? Int == 0)
        _ = try trialgen("run", "--point", "10", "--output", "whole.h5")
        _ = try run(.trialmerge, ["merge", "-o", "w.h5", "--partial", "whole-p0010.h5"])
        #expect(try digest("w-p0010.h5") == digest("m-p0010.h5"))
    }

    @Test("Each point has a prepared file; jobs find theirs")
    func prepared() throws {
        _ = try trialgen("prepare", "--output", "toy.prepared")
        #expect(try names("toy-p").count == 18)
        _ = try trialgen("run", "--job", "21")
        let job = try trialgen(
            "run", "--job", "21", "--prepared", "toy.prepared", "--output", "p.h5", "--data", "", code: 64)
        #expect(job.error.contains("both given"))
        try FileManager.default.createDirectory(atPath: folder + "/job", withIntermediateDirectories: false)
        let text = try String(contentsOfFile: folder + "/c.yaml", encoding: .utf8)
        try text.replacing("data: \(toy.release)\n", with: "").write(
            toFile: folder + "/job/c.yaml", atomically: true, encoding: .utf8)
        for file in ["../toy.prepared", "../toy-p0010.prepared"] {
            let outcome = try BuiltTool.trialgen.run(
                ["run", "--config", "c.yaml", "--job", "21", "--prepared", file, "--output", "p.h5"],
                in: folder + "/job")
            #expect(outcome.code == 0, "\(outcome.error)")
            #expect(try digest("job/p.00021.h5") == digest("trials.00021.h5"))
            try FileManager.default.removeItem(atPath: folder + "/job/p.00021.h5")
        }
        let wrong = try BuiltTool.trialgen.run(
            ["run", "--config", "c.yaml", "--job", "21", "--prepared", "../toy-p0011.prepared", "--output", "p.h5"],
            in: folder + "/job")
        #expect(wrong.code == 64 && wrong.error.contains("point 10: "), "\(wrong.error)")
    }

    @Test("Schedulers get the lists, the jobs of each point, and where a point's prepared file lies")
    func schedulers() throws {
        _ = try trialgen("prepare", "--output", "toy.prepared")
        for (format, data) in [("condor", "/toy-p$INT(point,%04d).prepared"), ("slurm", "/toy.prepared")] {
            _ = try trialgen(
                "plan", "--format", format, "--output-folder", format, "--prepared", "toy.prepared")
            let script = try String(
                contentsOfFile: folder + "/\(format)/" + (format == "condor" ? "trials.sub" : "submit"), encoding: .utf8
            )
            #expect(script.contains(data + "\n"))
            #expect(script.filter { $0 != " " }.contains("\njobs=2\n"))
            let campaign = try ConfigurationLayer(contentsOf: folder + "/\(format)/campaign.yaml")
            #expect(try campaign.points().count == 18)
        }
    }

    @Test("Mistakes: sentences and exit codes")
    func faults() throws {
        let cases: [([String], Int32, String)] = [
            (["unblind"], 64, "the campaign has 18 points, and this command needs one"),
            (["unblind", "--point", "18"], 64, "there is no point 18: the campaign has 18"),
            (["run", "--job", "36"], 64, "there is no job 36: the campaign has 36"),
            (["run", "--energy-range", "1e2", "1e20"], 64, "point 0: "),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialgen.run(arguments + ["--config", "c.yaml"], in: folder)
            #expect(outcome.code == code && outcome.error.contains(says), "\(arguments): \(outcome.error)")
        }
        #expect(try trialgen("unblind", "--point", "10", "--json").object()["ts"] is Double)
        let plain = try BuiltTool.trialgen.run(["unblind", "--point", "0"] + toy.source, in: folder)
        #expect(plain.code == 64 && plain.error.contains("the campaign has no points"))

        _ = try trialgen("run", "--job", "0")
        let other = try BuiltTool.trialgen.run(
            ["run", "--trials", "5", "--gamma", "3", "--output", "other.h5"] + toy.source, in: folder)
        #expect(other.code == 0)
        let proof = try run(.trialmerge, ["verify", "trials.00000.h5", "other.h5", "absent.h5"], 65)
        #expect(proof.output.contains("other.h5: belongs to another campaign: "), "\(proof.output)")
        let merge = try BuiltTool.trialmerge.run(
            ["merge", "--config", "c.yaml", "-o", "m.h5", "trials.00000.h5", "other.h5"], in: folder)
        #expect(merge.code == 65 && merge.error.contains("other.h5: belongs to no point"), "\(merge.error)")
    }

    @Test("config --check judges every point, --show shows the lists")
    func config() throws {
        let check = try BuiltTool.trialgen.run(["config", "--check", "c.yaml"], in: folder)
        #expect(check.code == 0 && !check.output.contains("--ra"), "\(check.error)")
        let shown = try trialgen("config", "--show").output
        #expect(shown.contains("gammas") && shown.contains("[2, 2.5]"), "\(shown)")
        let point = try trialgen("config", "--show", "--point", "10").output
        #expect(point.contains("40.67") && !point.contains("[2, 2.5]"), "\(point)")
        let text = try String(contentsOfFile: folder + "/c.yaml", encoding: .utf8)
        try text.replacing("dec: 40}", with: "dec: 140}").replacing("jobs: 2", with: "jobs: 0").write(
            toFile: folder + "/bad.yaml", atomically: true, encoding: .utf8)
        let bad = try BuiltTool.trialgen.run(["config", "--check", "bad.yaml"], in: folder)
        let lines = bad.error.split(separator: "\n")
        #expect(bad.code == 64 && lines.count == 2, "\(bad.error)")
        #expect(bad.error.contains("bad.yaml:3:") && bad.error.contains("declination 140"))
    }

    @Test("A range that the smearing matrix widens is said to be widened")
    func widening() throws {
        let arguments = ["run", "--trials", "2", "--mu", "3", "--output", "w.h5"] + toy.source
        let widened = try BuiltTool.trialgen.run(arguments + ["--energy-range", "3.16e2", "1e3"], in: folder)
        #expect(
            widened.error.contains("IC40: the energy range 316 GeV–1 TeV is widened to 100 GeV–1 TeV"),
            "\(widened.error)")
        let exact = try BuiltTool.trialgen.run(
            arguments + ["--output", "e.h5", "--energy-range", "316.22776601683796", "1e3"], in: folder)
        #expect(exact.code == 0 && exact.error.isEmpty, "\(exact.error)")
    }
}
