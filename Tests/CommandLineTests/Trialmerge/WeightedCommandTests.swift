import Foundation
import Testing

/// Weighted background trials in the statistics of trialmerge: the threshold of σ sigma is σ².
@Suite("Weighted background in trialmerge")
struct WeightedCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func object(_ arguments: [String]) throws -> [String: Any] {
        let outcome = try BuiltTool.trialmerge.run(arguments + ["--json"])
        try #require(outcome.code == 0, "\(outcome.error)")
        return try outcome.object()
    }

    private func thresholds(_ result: [String: Any]) throws -> [String: [String: Any]] {
        try #require(result["thresholds"] as? [String: [String: Any]])
    }

    @Test("background: thresholds of 3 to 7 sigma and a p-value, each with how far it can be trusted")
    func background() throws {
        let chunk = try folder.weightedChunk("w.h5", 0..<20000)
        let result = try object(["background", chunk, "--ts", "30"])
        #expect(result["n"] as? Int == 0 && result["ts_max"] is NSNull)
        #expect(try abs(#require(result["frac_ts_0"] as? Double) - 0.5) < 0.05)
        let thresholds = try thresholds(result)
        #expect(thresholds.keys.sorted() == ["1", "2", "3", "4", "5", "6", "7"])
        let quality = ["relative_error", "effective_size", "largest_share", "equivalent_trials", "trusted"]
        for sigma in [3.0, 4, 5, 6, 7] {
            let threshold = try #require(thresholds["\(Int(sigma))"])
            #expect(threshold["method"] as? String == "weighted" && threshold["trusted"] as? Bool == true)
            #expect(threshold["extrapolated_decades"] is NSNull)
            #expect(Set(threshold.keys).isSuperset(of: quality))
            let numbers = try ["low", "value", "high"].map { try #require(threshold[$0] as? Double) }
            #expect(numbers == numbers.sorted())
            #expect(abs(numbers[1] - sigma * sigma) < 2 * (numbers[2] - numbers[0]), "\(sigma) sigma at \(numbers)")
            #expect(try #require(threshold["relative_error"] as? Double) < 0.06)
        }
        let weighted = try #require(result["weighted"] as? [String: Any])
        #expect(weighted["trials"] as? Int == 20000 && weighted["tail"] as? Int == 7)
        let (mean, error) = (weighted["mean_weight"] as? Double, weighted["mean_weight_error"] as? Double)
        #expect(try abs(#require(mean) - 1) < 4 * (try #require(error)))
        let heldOut = try #require(weighted["held_out"] as? [[String: Double]])
        #expect(heldOut.count == 2 && heldOut.allSatisfy { abs(($0["mean"] ?? 0) - 1) < 4 * ($0["error"] ?? 0) })
        let survival = try #require(weighted["survival"] as? [[String: Double]]).compactMap { $0["p"] }
        #expect(survival.count == 51 && survival == survival.sorted(by: >))
        let observed = try #require(result["observed"] as? [String: Any])
        #expect(observed["method"] as? String == "weighted" && observed["counted"] is NSNull)
        #expect(Set(observed.keys).isSuperset(of: quality))
        // 30 is 5.477 sigma.
        #expect(try abs(#require(observed["sigma"] as? Double) - 5.4772) < 0.02)

        let human = try BuiltTool.trialmerge.run("background", chunk, "--ts", "30")
        #expect(human.code == 0 && human.output.contains("20,000 weighted trials for up to 7 sigma"))
        #expect(human.output.contains("the recommended p-value is the weighted one"))
        #expect(human.output.split(separator: "\n").allSatisfy { $0.count <= 90 }, "\(human.output)")
    }

    @Test("Ordinary trials are quoted where they are as precise, and the two are compared, never pooled")
    func bothKinds() throws {
        let (ordinary, weighted) = (
            try folder.chunk("a.h5", 0..<40000), try folder.weightedChunk("w.h5", 0..<20000)
        )
        let result = try object(["background", ordinary, weighted, "--ts", "1"])
        let thresholds = try thresholds(result)
        #expect(result["n"] as? Int == 40000)
        let methods = (1...7).map { thresholds["\($0)"]?["method"] as? String }
        #expect(methods[0] == "counted" && methods[2...].allSatisfy { $0 == "weighted" })
        let alone = try object(["background", ordinary])
        #expect(alone["ts_quantiles"] as? NSDictionary == result["ts_quantiles"] as? NSDictionary)
        #expect(try self.thresholds(alone)["1"] as NSDictionary? == thresholds["1"] as NSDictionary?)
        #expect(try self.thresholds(alone).keys.sorted() == ["1", "2", "3", "4", "5"])
        let estimates = try #require(result["threshold_estimates"] as? [String: [[String: Any]]])
        let three = try #require(estimates["3"]).compactMap { $0["method"] as? String }
        #expect(three.contains("weighted") && three.contains("counted"))
        #expect((result["observed"] as? [String: Any])?["method"] as? String == "counted")
        let agreement = try #require((result["weighted"] as? [String: Any])?["agreement"] as? [[String: Double]])
        #expect(agreement.count == 2 && agreement.allSatisfy { abs($0["deviations"] ?? 9) < 4 })

        // The same from a merged file, whose table has both kinds.
        let merged = try BuiltTool.trialmerge.run("merge", weighted, ordinary, "-o", folder.file("m.h5"))
        try #require(merged.code == 0, "\(merged.error)")
        let again = try object(["background", folder.file("m.h5"), "--ts", "1"])
        #expect(again as NSDictionary == result as NSDictionary)
    }

    @Test("Wrong weights are flagged, and nothing is quoted from them where there is anything else")
    func unsound() throws {
        let wrong = try folder.weightedChunk("w.h5", 0..<20000, power: 0.9)
        let alone = try BuiltTool.trialmerge.run("background", wrong)
        #expect(alone.code == 0 && alone.output.contains("instead of 1: do not use these results"), "\(alone.output)")
        let ordinary = try folder.chunk("a.h5", 0..<40000)
        let result = try object(["background", wrong, ordinary])
        #expect(try thresholds(result)["3"]?["method"] as? String == "counted")
        #expect(try thresholds(result)["5"]?["method"] as? String == "gamma-fit")
        let seven = try thresholds(object(["background", wrong]))["7"]
        #expect(seven?["method"] as? String == "weighted" && seven?["trusted"] as? Bool == false)
        // Few trials do not reach 7 sigma well.
        let few = try BuiltTool.trialmerge.run("background", folder.weightedChunk("few.h5", 0..<150))
        #expect(few.error.contains("sigma cannot be trusted") || few.output.contains("too few"), "\(few.error)")
    }

    @Test("discovery, curve, suggest, report and bias take the weighted threshold, or leave weighted trials out")
    func others() throws {
        let ordinary = try folder.chunk("a.h5", 0..<4000, mu: [0, 4, 8, 9, 10, 11, 12, 16])
        let weighted = try folder.weightedChunk("w.h5", 0..<20000)
        let discovery = try object(["discovery", ordinary, weighted, "--sigma", "5"])
        #expect(discovery["threshold_method"] as? String == "weighted")
        #expect(discovery["n_background"] as? Int == 4000 && discovery["n_weighted"] as? Int == 20000)
        // Half of the trials exceed 25 at mu = 10.
        #expect(try abs(#require(discovery["mu"] as? Double) - 10) < 0.3)
        let sensitivity = try object(["sensitivity", ordinary, weighted])
        #expect(try abs(#require(sensitivity["mu"] as? Double) - 2 * 1.2816) < 0.5)
        let curve = try object(["curve", ordinary, weighted, "--discovery", "5"])
        let results = try #require(((curve["points"] as? [[String: Any]])?.first)?["results"] as? [[String: Any]])
        #expect(results.contains { $0["threshold_method"] as? String == "weighted" })
        let suggestion = try BuiltTool.trialmerge.run("suggest", ordinary, weighted, "--target", "0.02")
        #expect(suggestion.code == 0 && suggestion.output.contains(", tail: 7}"), "\(suggestion.output)")
        let hint = try BuiltTool.trialmerge.run("suggest", ordinary, "--target", "0.02")
        #expect(hint.code == 0 && hint.output.contains("# - {mu: 0, count: 100000, tail: 7}"), "\(hint.output)")
        let bias = try object(["bias", ordinary, weighted])
        #expect(bias as NSDictionary == (try object(["bias", ordinary])) as NSDictionary)
        let report = try BuiltTool.trialmerge.run(
            "report", ordinary, weighted, "-o", folder.file("r.html"), "--sigma", "3", "5")
        #expect(report.code == 0, "\(report.error)")
        let page = try String(contentsOfFile: folder.file("r.html"), encoding: .utf8)
        #expect(page.contains("weighted threshold") || page.contains("weighted"))
        let alone = try BuiltTool.trialmerge.run("report", weighted, "-o", folder.file("w.html"))
        #expect(alone.code == 0, "\(alone.error)")
        for command in ["sensitivity", "discovery", "limits", "suggest"] {
            let refused = try BuiltTool.trialmerge.run(command, weighted)
            #expect(refused.code == 65 && refused.error.contains("only 20,000 weighted ones"), "\(refused.error)")
        }
    }
}
