import Foundation
import PointSource
import Testing
import TrialStore

/// Weighted skies of catalogues and stacks in campaigns, from the release to the p-value.
@Suite("Weighted skies")
struct WeightedSkyRunTests {
    private let toy: ToyFolder
    private let folder: String

    init() throws {
        toy = try ToyFolder.shared.get()
        folder = try toy.scratch()
    }

    /// Writes a configuration with both kinds of trials.
    private func configuration(_ search: String, _ trials: String) throws {
        try """
        data: \(toy.release)
        datasets: [IC40, IC79]
        search: \(search)
        sources:
        - {name: NGC 1068, ra: 40.67, dec: -0.01}
        - {name: beside, ra: 41.2, dec: 0.45, weight: 2}
        - {name: south, ra: 310.5, dec: -60}
        seed: 4
        jobs: 3
        trials: \(trials)

        """.write(toFile: folder + "/\(search).yaml", atomically: true, encoding: .utf8)
    }

    @discardableResult
    private func run(
        _ tool: BuiltTool, _ arguments: String..., code: Int32 = 0, shell: String = "exec \"$@\""
    ) throws -> BuiltTool.Outcome {
        let outcome = try tool.run(arguments, in: folder, shell: shell)
        try #require(outcome.code == code || (code == 75 && outcome.code == 0), "\(arguments): \(outcome.error)")
        return outcome
    }

    private func digest(_ chunks: [String]) throws -> String {
        try BuiltTool.tableDigest(of: chunks, in: folder)
    }

    private func number(_ object: Any?, _ key: String) throws -> Double {
        try #require((object as? [String: Any])?[key] as? Double, "\(key)")
    }

    @Test("Threads, uneven jobs, kills and stops give the same table", arguments: ["catalogue", "stack"])
    func determinism(search: String) throws {
        try configuration(search, "[{mu: 3, count: 11}, {mu: 0, count: 203, tail: 5}, {mu: 0, count: 57}]")
        let config = "\(search).yaml"
        try run(.trialgen, "run", "--config", config, "--output", "whole.h5", "--threads", "1")
        let expected = try digest(["whole.h5"])
        let set = try TrialSet(folder + "/merged.h5")
        #expect(set.hypotheses.map(\.description) == ["mu 0, seed 4", "mu 0, tail 5, seed 4", "mu 3, seed 4"])
        let weighted = Hypothesis(tail: 5, seed: 4)
        let ts = try set.values(.testStatistic, of: weighted)
        #expect(ts.count == 203 && ts.filter { $0 > 15 }.count > 20)
        #expect(try set.values(.logWeight, of: weighted).allSatisfy { $0 <= 2.302_585_1 })
        let mixture = try #require(set.header.mixture)
        #expect(mixture.points.allSatisfy { ($0.source == nil) == (search == "stack") })
        if search == "catalogue" {
            // The hottest source's numbers, beside those of all.
            let columns = try (0..<3).map { try set.values(.source(.testStatistic, $0), of: weighted) }
            #expect(ts == ts.indices.map { trial in columns.map { $0[trial] }.max() })
            let proposals = try set.values(.proposal, of: weighted)
            #expect(Set(proposals.compactMap { $0 > 0 ? mixture.points[Int($0) - 1].source : nil }) == [0, 1, 2])
        }

        for job in ["0", "1", "2"] {
            try run(.trialgen, "run", "--config", config, "--job", job, "--threads", "2", "--output", "jobs.h5")
        }
        let chunks = ["jobs.00002.h5", "jobs.00000.h5", "jobs.00001.h5"]
        #expect(try digest(chunks) == expected)
        let proof = try BuiltTool.trialmerge.run(["verify", "--config", config, "--json"] + chunks, in: folder)
        #expect(proof.code == 0, "\(proof.error)")

        try run(
            .trialgen, "run", "--config", config, "--output", "k.h5", "--threads", "1", "--commit-every", "20",
            "--checkpoint-every", "0.6", code: 75)
        let killed = try BuiltTool.trialgen.run(
            ["run", "--config", config, "--output", "k.h5", "--threads", "1", "--commit-every", "10"], in: folder,
            shell: "\"$@\" & p=$!; sleep 1; kill -KILL $p; wait $p")
        #expect(killed.code == 137 || killed.code == 0, "\(killed.error)")
        try run(.trialgen, "run", "--config", config, "--output", "k.h5", "--threads", "2")
        #expect(try digest(["k.h5"]) == expected)

        // The command line makes the same trials.
        try run(
            .trialgen, "run", "--config", config, "--tail", "5", "--trials", "20", "--first-trial", "30", "-o", "t.h5")
        #expect(
            try TrialSet(folder + "/t.h5").records(of: weighted) == Array(set.records(of: weighted)[30..<50]))
        let plan = try run(.trialgen, "plan", "--config", config, "--jobs", "2")
        #expect(plan.output.contains("0, 5 sigma"))
        for format in ["csv", "h5"] {
            try run(.trialmerge, "export", "merged.h5", "--format", format, "-o", "a.\(format)")
        }
        let heading = try String(contentsOfFile: folder + "/a.csv", encoding: .utf8).prefix { $0 != "\n" }
        #expect(heading.contains("log_weight,proposal,log_ratio_1,") && heading.contains(",log_ratio_12"))
        #expect(heading.hasSuffix(search == "catalogue" ? ",source_ts_3" : ",log_ratio_12"))
    }

    @Test("Weighted skies give p-values beyond those that are counted, and agree with them")
    func catalogue() throws {
        try configuration("catalogue", "[{mu: 0, count: 16000, tail: 7}, {mu: 0, count: 4000}, {mu: 3, count: 50}]")
        try run(.trialgen, "run", "--config", "catalogue.yaml", "-o", "c.h5")
        try run(.trialgen, "run", "--config", "catalogue.yaml", "--tail", "7", "--trials", "16000", "-o", "w.h5")
        try run(.trialgen, "run", "--config", "catalogue.yaml", "--mu", "0", "--trials", "4000", "-o", "o.h5")
        let data = try run(.trialgen, "unblind", "--config", "catalogue.yaml", "--json").output
        /// The data's result with other TS, in the order of the campaign.
        func edited(_ name: String, _ ts: [Double]) throws -> String {
            var object = try #require(
                try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any])
            var sources = try #require(object["sources"] as? [[String: Any]])
            for i in sources.indices { sources[i]["ts"] = ts[try #require(sources[i]["index"] as? Int)] }
            object["sources"] = sources
            try JSONSerialization.data(withJSONObject: object).write(to: URL(filePath: "\(folder)/\(name)"))
            return name
        }
        let extreme = try edited("extreme.json", [26, 1, 0.5])
        let found = try run(.trialmerge, "catalogue", "c.h5", "--unblind", extreme, "--json").object()
        #expect(found["n_trials"] as? Int == 4000)
        let weighted = try #require(found["weighted"] as? [String: Any])
        #expect(weighted["trials"] as? Int == 16000 && weighted["tail"] as? Int == 7)
        #expect((weighted["held_out"] as? [Any])?.count == 12)
        #expect(try abs(number(weighted, "mean_weight") - 1) < 4 * number(weighted, "mean_weight_error"))
        let hottest = try #require(found["hottest"] as? [String: Any])
        #expect(hottest["name"] as? String == "NGC 1068" && hottest["method"] as? String == "weighted")
        #expect(hottest["trusted"] as? Bool == true)
        let (local, global) = (try number(hottest, "p_local"), try number(hottest, "p_global"))
        // The source in the south does not reach such a local p-value in this small release, and neighbours are correlated.
        #expect(global > 1.2 * local && global < 3 * local && global < 1e-6, "\(local) \(global)")
        #expect(try number(hottest, "p_global_low") < global && number(hottest, "p_global_high") > global)
        for key in ["relative_error", "effective_size", "largest_share", "equivalent_trials"] {
            #expect(try number(hottest, key) > 0)
        }
        // The population is counted.
        #expect((found["population"] as? [String: Any])?["method"] == nil)

        // By weighted and by ordinary trials, where both are many.
        let modest = try edited("modest.json", [4.5, 0, 0])
        let (one, other) = (
            try run(.trialmerge, "catalogue", "w.h5", "--unblind", modest, "--json").object(),
            try run(.trialmerge, "catalogue", "o.h5", "--unblind", modest, "--json").object()
        )
        #expect(one["n_trials"] as? Int == 0)
        let rows = (
            try #require(one["sources"] as? [[String: Any]]), try #require(other["sources"] as? [[String: Any]])
        )
        for (a, b) in zip(rows.0, rows.1) {
            let error = try abs(number(b, "p_local_high") - number(b, "p_local_low"))
            #expect(try abs(number(a, "p_local") - number(b, "p_local")) < 4 * error)
        }
        #expect(try number(rows.0[1], "p_local") == 1)
        #expect(
            (one["warnings"] as? [String])?.contains {
                $0.contains("population") && $0.contains("one source at a time")
            }
                == true)

        let human = try run(.trialmerge, "catalogue", "c.h5", "--unblind", extreme)
        #expect(human.output.contains("16,000 weighted trials for up to 7 sigma"))
        #expect(human.output.contains("ordinary trials would count it as precisely"))
        #expect(human.output.split(separator: "\n").allSatisfy { $0.count <= 90 }, "\(human.output)")
        // Ordinary trials give a limit; the weighted ones, made for 7 sigma, do not reach so far.
        let beyond = try run(.trialmerge, "catalogue", "c.h5", "--unblind", edited("beyond.json", [80, 1, 0.5]))
        #expect(
            beyond.error.contains(
                "by weighted trials, cannot be trusted: make more weighted trials, or a new file of those for more sigma"
            ),
            "\(beyond.error)")
        let hottestRow = beyond.output.split(separator: "\n").first { $0.hasPrefix("hottest source  ") }
        #expect(hottestRow?.contains("  < 0.000") == true, "\(beyond.output)")
        // The weighted trials have another hottest source than the ordinary ones, which reach neither.
        let two = try run(.trialmerge, "catalogue", "c.h5", "--unblind", edited("two.json", [70, 0, 69]), "--json")
            .object()
        let alone = try run(.trialmerge, "catalogue", "w.h5", "--unblind", "two.json", "--json").object()
        let hottestName = try #require((alone["hottest"] as? [String: Any])?["name"] as? String)
        #expect(
            (two["warnings"] as? [String])?.contains { $0.contains("p-value of \(hottestName), ") } == true, "\(two)")
        try run(
            .trialmerge, "report", "w.h5", "--unblind", edited("far.json", [900, 1, 0.5]), "--figures", "far",
            "--format", "tex", "-o", "far.html")
        let summary = try String(contentsOfFile: folder + "/far/summary.tex", encoding: .utf8)
        #expect(!summary.contains("inf") && !summary.contains("nan"), "\(summary)")
        let bare = try run(.trialmerge, "catalogue", "w.h5", "--json").object()
        let requirements = try #require(bare["requirements"] as? [[String: Any]])
        let needed = try number(requirements[4], "p_local")
        #expect(needed < 2.87e-7 / 1.2 && needed > 2.87e-7 / 3.5, "\(needed)")
        let part = try run(.trialmerge, "catalogue", "w.h5", "--unblind", extreme, "--subset", "NGC 1068", "--json")
            .object()
        // One source has no trial factor.
        #expect(try abs(number(part["hottest"], "p_global") / number(part["hottest"], "p_local") - 1) < 1e-9)

        // Thresholds of the largest TS.
        let background = try run(.trialmerge, "background", "c.h5", "--json").object()
        let five = try #require((background["thresholds"] as? [String: Any])?["5"] as? [String: Any])
        #expect(five["method"] as? String == "weighted")
        let none = try run(
            .trialgen, "run", "--config", "catalogue.yaml", "--tail", "6", "--trials", "9", "-o", "w.h5", code: 65)
        #expect(none.error.contains("for up to 6 sigma in this campaign and 7 in the file"))
    }

    @Test("The sensitivity of a stack uses weighted trials above 3 sigma") func stack() throws {
        try configuration("stack", "[{mu: 0, count: 10}]")
        let found = try run(
            .trialgen, "sensitivity", "--config", "stack.yaml", "--sigma", "5", "--target", "0.2", "--json"
        ).object()
        let five = try #require((found["discovery"] as? [String: Any])?["5"] as? [String: Any])
        #expect(five["threshold_method"] as? String == "weighted", "\(five)")
    }
}
