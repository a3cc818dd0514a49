import Foundation
import Testing

@Suite("trialmerge limits and suggest")
struct LimitCommandsTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    /// By the distribution of the trials the limit at TS t is mu = 2 (√t + 1.2816), and the median limit 2 · 1.2816.
    @Test func limitsFollowTheLaw() throws {
        let chunk = try folder.chunk("a.h5", 0..<2000, mu: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        let result = folder.file("unblind.json")
        try #"{"ts": 4.0, "ns": 5.1, "gamma": 2.3, "log_lambda": 2, "flux_norm": 1e-13}"#.write(
            toFile: result, atomically: true, encoding: .utf8)
        for observed in [["--ts", "4"], ["--unblind", result]] {
            let outcome = try BuiltTool.trialmerge.run(["limits", chunk, "--json"] + observed)
            try #require(outcome.code == 0, "\(outcome.error)")
            let object = try outcome.object()
            let limit = try #require(object["observed"] as? [String: Any])
            let mu = try #require(limit["mu"] as? Double)
            #expect(abs(mu - 6.563) < 0.3)
            let flux = try #require(limit["flux_norm"] as? Double)
            #expect(abs(flux / (mu * TrialFolder.fluxPerEvent) - 1) < 1e-12)
            // E0 is 1 TeV: E0² Phi0 in TeV is 1000 times Phi0 in GeV⁻¹.
            #expect(try abs(#require(limit["e2_flux"] as? Double) / (1000 * flux) - 1) < 1e-12)
            let median = try #require((object["median"] as? [String: Any])?["mu"] as? Double)
            #expect(abs(median - 2.563) < 0.2)
            let bands = try #require(object["expected"] as? [[String: Any]]).compactMap { $0["mu"] as? Double }
            #expect(bands.count == 5 && bands == bands.sorted())
        }
        let human = try BuiltTool.trialmerge.run("limits", chunk, "--ts", "4")
        #expect(human.output.contains("90 % limit") && human.output.contains("TeV cm^-2 s^-1"))
        #expect(human.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(human.output)")
        let small = try BuiltTool.trialmerge.run("limits", chunk, "--ts", "400")
        #expect(small.code == 65 && small.error.contains("larger mu"), "\(small.error)")
    }

    @Test("what suggest prints is the key trials of a campaign")
    func suggestion() throws {
        let chunk = try folder.chunk("a.h5", 0..<2000, mu: [0, 1, 2, 3, 4, 5, 6, 7, 8])
        let text = try BuiltTool.trialmerge.run("suggest", chunk, "--target", "0.04", "--sigma", "2", "3")
        try #require(text.code == 0, "\(text.error)")
        let lines = text.output.split(separator: "\n")
        #expect(lines[1] == "trials:" && lines[2].hasPrefix("  - {mu: 0, count: "))
        let json = try BuiltTool.trialmerge.run("suggest", chunk, "--target", "0.04", "--sigma", "2", "3", "--json")
        let trials = try #require(try json.object()["trials"] as? [[String: Any]])
        #expect(trials.count == lines.count - 2)
        // A tenth of the error costs a hundred times the trials.
        func count(_ target: String) throws -> Double {
            let outcome = try BuiltTool.trialmerge.run("suggest", chunk, "--target", target, "--sigma", "2", "--json")
            let trials = try #require(try outcome.object()["trials"] as? [[String: Any]])
            return trials.compactMap { $0["count"] as? Double }.reduce(0, +)
        }
        let ratio = try count("0.001") / count("0.01")
        #expect(ratio > 50 && ratio < 150, "\(ratio)")
    }

    @Test("mistakes are sentences")
    func faults() throws {
        let chunk = try folder.chunk("a.h5", 0..<200, mu: [0, 1, 2, 3, 4])
        let cases: [(arguments: [String], code: Int32, says: String)] = [
            (["limits"], 66, "no input file is given"),
            (["limits", chunk, "--level", "1"], 64, "--level: 1 is not a valid confidence level"),
            (["limits", chunk, "--ts", "1", "--unblind", "x"], 64, "--unblind"),
            (["limits", chunk, "--confidence", "0"], 64, "--confidence"),
            (["suggest", chunk, "--target", "2"], 64, "--target: 2 is not a valid relative error"),
            (["suggest", chunk, "--sigma", "0"], 64, "--sigma"),
            (["sensitivity", chunk, "--quantile", "1"], 64, "--quantile"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialmerge.run(arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.error)")
            #expect(outcome.error.contains(says), "\(arguments): \(outcome.error)")
        }
    }
}
