import Foundation
import Testing
import TrialStore

@Suite("trialgen sensitivity")
struct SensitivityTests {
    private let toy: ToyFolder

    init() throws { toy = try ToyFolder.shared.get() }

    /// At 5 sigma from weighted trials, at 2 sigma without.
    @Test(
        "finds what trialmerge finds from the trials that it kept, regardless of the number of threads",
        arguments: [("2", "counted"), ("5", "weighted")])
    func agreesWithTrialmerge(sigma: String, method: String) throws {
        let folder = try toy.scratch()
        let common = ["sensitivity", "--json", "--sigma", sigma, "--target", "0.08", "--seed", "5"] + toy.source
        let one = try BuiltTool.trialgen.run(common + ["--threads", "1", "--output", "\(folder)/s.h5"], in: folder)
        try #require(one.code == 0, "\(one.error)")
        let two = try BuiltTool.trialgen.run(common + ["--threads", "2", "--output", "\(folder)/s.h5"], in: folder)
        #expect(two.output == one.output, "the chunk that is there changes nothing")
        let object = try one.object()
        #expect(object["precise"] as? Bool == true)
        let results = [
            (["sensitivity"], object["sensitivity"]),
            (["discovery", "--sigma", sigma], (object["discovery"] as? [String: Any])?[sigma]),
        ]
        #expect((object["n_weighted"] as? Int == 0) == (method == "counted"))
        #expect((results[1].1 as? [String: Any])?["threshold_method"] as? String == method)
        for (command, value) in results {
            let found = try #require(value as? [String: Any])
            let merged = try BuiltTool.trialmerge.run(
                command + ["\(folder)/s.h5", "--interpolation", "poisson", "--json"], in: folder)
            try #require(merged.code == 0, "\(merged.error)")
            let expected = try merged.object()
            for key in ["mu", "mu_low", "mu_high", "flux_norm", "e2_flux", "ts_threshold"] {
                #expect(found[key] as? Double == expected[key] as? Double, "\(key)")
            }
        }
        let human = try BuiltTool.trialgen.run(
            ["sensitivity", "--sigma", "2", "--target", "0.2"] + toy.source, in: folder)
        #expect(human.code == 0 && human.output.contains("2σ discovery"), "\(human.error)")
        #expect(human.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("A guess beyond the fit's largest n_s is refused at once")
    func largeGuess() throws {
        let run = try BuiltTool.trialgen.run(
            ["sensitivity", "--max-trials", "300", "--guess", "1e6"] + toy.source, in: try toy.scratch())
        #expect(run.code == 64 && run.error.contains("--guess: 1000000 exceeds"), "\(run.error)")
    }

    @Test(
        "--max-trials is never exceeded: too few trials for an answer are a sentence",
        arguments: [("1", "1"), ("2", "500"), ("300", "1000")])
    func limit(most: String, guess: String) throws {
        let folder = try toy.scratch()
        let run = try BuiltTool.trialgen.run(
            ["sensitivity", "--max-trials", most, "--guess", guess, "--output", "s.h5"] + toy.source, in: folder)
        let set = try TrialSet(folder + "/s.h5")
        let total = set.hypotheses.reduce(0) { $0 + set.count(of: $1) }
        #expect(total == Int(most), "\(run.error)")
        #expect(run.code == 65 && run.error.contains("\(most) trials do not give an answer"), "\(run.error)")
    }

    @Test("mistakes are sentences")
    func faults() throws {
        let cases: [(arguments: [String], says: String)] = [
            (["--target", "0"], "--target: 0 is not a valid relative error"), (["--sigma", "-1"], "--sigma"),
            (["--guess", "0"], "--guess"), (["--no-poisson"], "--no-poisson"), (["--max-trials", "0"], "--max-trials"),
            (["--cut", "0"], "--cut"),
        ]
        for (arguments, says) in cases {
            let run = try BuiltTool.trialgen.run(["sensitivity"] + toy.source + arguments, in: toy.path)
            #expect(run.code == 64 && run.error.contains(says), "\(arguments): \(run.error)")
        }
    }
}
