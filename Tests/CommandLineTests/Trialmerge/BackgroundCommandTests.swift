import Foundation
import Testing

@Suite("trialmerge background")
struct BackgroundCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func background(_ arguments: String...) throws -> [String: Any] {
        let outcome = try BuiltTool.trialmerge.run(["background"] + arguments + ["--json"])
        try #require(outcome.code == 0, "\(outcome.error)")
        return try outcome.object()
    }

    @Test("thresholds, quantiles and the spike follow the distribution that the trials were drawn from")
    func distribution() throws {
        let result = try background(folder.chunk("a.h5", 0..<20000, mu: [0, 3]))
        #expect(Set(result.keys).isSuperset(of: ["n", "frac_ts_0", "ts_quantiles", "thresholds"]))
        #expect(result["n"] as? Int == 20000)
        let spike = try #require(result["frac_ts_0"] as? Double)
        #expect(abs(spike - 0.5) < 0.015)

        let thresholds = try #require(result["thresholds"] as? [String: [String: Any]])
        #expect(thresholds.keys.sorted() == ["1", "2", "3", "4", "5"])
        for (sigma, method, tolerance) in [
            ("1", "counted", 0.1), ("2", "counted", 0.4), ("3", "counted", 2), ("4", "gamma-fit", 3),
            ("5", "gamma-fit", 5),
        ] {
            let threshold = try #require(thresholds[sigma])
            #expect(Set(threshold.keys) == ["value", "low", "high", "method", "extrapolated_decades"])
            #expect((threshold["extrapolated_decades"] is Double) == (method == "gamma-fit"))
            #expect(threshold["method"] as? String == method)
            let numbers = ["low", "value", "high"].compactMap { threshold[$0] as? Double }
            try #require(numbers.count == 3)
            #expect(numbers == numbers.sorted())
            let squared = try #require(Double(sigma))
            #expect(abs(numbers[1] - squared * squared) < tolerance, "\(sigma) sigma at TS \(numbers[1])")
        }

        let quantiles = try #require(result["ts_quantiles"] as? [String: [String: Any]])
        #expect(quantiles.keys.contains("0.5"))
        let ninety = try #require(quantiles["0.9"]?["value"] as? Double)
        #expect(abs(ninety - 1.2816 * 1.2816) < 0.15)
    }

    @Test("a threshold that few trials cannot give is null, with a reason")
    func fewTrials() throws {
        let chunk = try folder.chunk("a.h5", 0..<200)
        let result = try background(chunk)
        let thresholds = try #require(result["thresholds"] as? [String: [String: Any]])
        #expect(thresholds["1"]?["value"] is Double)
        let five = try #require(thresholds["5"])
        #expect(five["value"] is NSNull && five["low"] is NSNull && five["high"] is NSNull && five["method"] is NSNull)
        #expect((five["reason"] as? String)?.contains("200 background trials") == true)
        // 200 trials leave the quantile 0.999 unbounded from above.
        let quantiles = try #require(result["ts_quantiles"] as? [String: [String: Any]])
        #expect(quantiles["0.999"]?["high"] is NSNull)

        let human = try BuiltTool.trialmerge.run("background", chunk)
        #expect(human.code == 0)
        #expect(human.output.contains("too few trials: counting needs 3.5e7"))
        #expect(human.output.contains("unbounded"))
        #expect(human.output.contains("TXS 0506+056"))
    }

    @Test("an observed TS gets a p-value and a significance")
    func observed() throws {
        let chunk = try folder.chunk("a.h5", 0..<20000)
        let result = try background(chunk, "--ts", "4")
        let observed = try #require(result["observed"] as? [String: Any])
        #expect(observed["method"] as? String == "counted")
        let (p, sigma) = (observed["p_value"] as? Double, observed["sigma"] as? Double)
        #expect(try abs(#require(p) - 0.02275) < 0.004)
        #expect(try abs(#require(sigma) - 2) < 0.08)
        let (low, high) = (observed["sigma_low"] as? Double, observed["sigma_high"] as? Double)
        #expect(try #require(low) < #require(sigma) && #require(sigma) < #require(high))

        let far = try #require(try background(chunk, "--ts", "36")["observed"] as? [String: Any])
        #expect(far["method"] as? String == "gamma-fit")
        #expect(far["n_at_or_above"] as? Int == 0)
        let fitted = try #require(far["sigma"] as? Double)
        #expect(abs(fitted - 6) < 0.8)
        let counted = try #require(far["counted"] as? [String: Any])
        #expect(counted["p_value"] as? Double == 0)
        #expect(counted["sigma"] is NSNull)

        let human = try BuiltTool.trialmerge.run("background", chunk, "--ts", "4")
        #expect(human.output.contains("the recommended p-value is the counted one"))
    }

    @Test("an observed TS comes from the result of trialgen unblind as well")
    func unblind() throws {
        let chunk = try folder.chunk("a.h5", 0..<2000)
        let result = try folder.unblinded("result.json", ts: 4)
        let (given, read) = (try background(chunk, "--ts", "4"), try background(chunk, "--unblind", result))
        #expect(NSDictionary(dictionary: given) == NSDictionary(dictionary: read))
        #expect(given["observed"] is [String: Any])

        try #"{"ns": 5.1}"#.write(toFile: result, atomically: true, encoding: .utf8)
        for (arguments, code, says) in [
            (["--unblind", result], 65, "lacks the key \"ts\""),
            (["--unblind", folder.file("absent.json")], 66, "absent.json"),
            (["--unblind", result, "--ts", "4"], 64, "--unblind"),
        ] {
            let outcome = try BuiltTool.trialmerge.run(["background", chunk] + arguments)
            #expect(outcome.code == Int32(code) && outcome.error.contains(says), "\(outcome.error)")
        }
    }

    @Test("several chunks count as one file, but not if they overlap or are of other campaigns")
    func severalChunks() throws {
        let first = try folder.chunk("a.h5", 0..<300)
        let second = try folder.chunk("b.h5", 300..<500)
        let together = try background(first, second)
        let whole = try background(folder.chunk("whole.h5", 0..<500))
        #expect(together["n"] as? Int == 500)
        #expect(NSDictionary(dictionary: together) == NSDictionary(dictionary: whole))

        let overlapping = try folder.chunk("c.h5", 299..<310)
        let refused = try BuiltTool.trialmerge.run("background", first, overlapping)
        #expect(refused.code == 65)
        #expect(refused.error.contains("c.h5") && refused.error.contains("earlier file"))

        let foreign = try folder.chunk("d.h5", 300..<310, campaign: TrialFolder.campaign(gamma: 3))
        let mixed = try BuiltTool.trialmerge.run("background", first, foreign)
        #expect(mixed.code == 65)
        #expect(mixed.error.contains("d.h5") && mixed.error.contains("another campaign"))
    }

    @Test("bad input is a sentence with its exit code")
    func faults() throws {
        let signal = try folder.chunk("signal.h5", 0..<10, mu: [5, 2.5])
        let cases: [(arguments: [String], code: Int32, says: String)] = [
            ([], 66, "no input file is given"),
            ([folder.file("absent.h5")], 66, "absent.h5"),
            ([signal], 65, "only trials with mu = 2.5, 5"),
            ([signal, "--ts", "nan"], 64, "nan"),
            ([signal, "--cut", "0"], 64, "--cut"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialmerge.run(["background"] + arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.error)")
            #expect(outcome.error.contains(says), "\(arguments): \(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
    }
}
