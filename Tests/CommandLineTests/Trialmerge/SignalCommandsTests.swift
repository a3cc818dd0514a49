import Foundation
import Testing

@Suite("trialmerge sensitivity and discovery")
struct SignalCommandsTests {
    private let folder: TrialFolder
    private static let keys = [
        "mu", "mu_low", "mu_high", "flux_norm", "flux_low", "flux_high", "ts_threshold", "method",
    ]

    init() throws { folder = try TrialFolder() }

    private func number(_ object: [String: Any], _ key: String) throws -> Double {
        try #require(object[key] as? Double, "\(key) is \(object[key] ?? "absent")")
    }

    /// The distribution of the trials gives 90 % above the median at mu = 2 · 1.2816, and 50 % above s sigma at mu = 2
    /// s.
    @Test(arguments: [
        (["sensitivity"], 2.563, 0.0), (["discovery", "--sigma", "3"], 6, 9), (["discovery"], 10, 25),
    ])
    func valuesFollowTheLaw(_ command: [String], _ mu: Double, _ threshold: Double) throws {
        try folder.chunk("background.h5", 0..<20000)
        try folder.chunk("signal.h5", 0..<1000, mu: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
        let files = [folder.file("background.h5"), folder.file("signal.h5")]
        #expect(try BuiltTool.trialmerge.run(["merge"] + files + ["-o", folder.file("m.h5")]).code == 0)

        let outcome = try BuiltTool.trialmerge.run(command + [folder.file("m.h5"), "--json"])
        try #require(outcome.code == 0, "\(outcome.error)")
        let result = try outcome.object()
        #expect(Set(result.keys).isSuperset(of: Self.keys))
        let found = try number(result, "mu")
        let (low, high) = (try number(result, "mu_low"), try number(result, "mu_high"))
        #expect(low < found && found < high)
        // Three of the interval's own widths.
        #expect(abs(found - mu) < 3 * max(found - low, high - found), "\(low) < \(found) < \(high), true \(mu)")
        #expect(abs(found - mu) < 0.15 * mu)
        #expect(try abs(number(result, "ts_threshold") - threshold) <= 0.2 * threshold + 0.05)
        for (flux, events) in [("flux_norm", found), ("flux_low", low), ("flux_high", high)] {
            // JSONSerialization may miss the last digit.
            #expect(try abs(number(result, flux) / (events * TrialFolder.fluxPerEvent) - 1) < 1e-14)
        }
        let method = try #require(result["method"] as? String)
        #expect(method.hasPrefix(command == ["discovery"] ? "gamma-fit threshold" : "counted threshold"))
        #expect(try number(result, "e0") == 1000)
        #expect(try number(result, "gamma") == 2)

        let human = try BuiltTool.trialmerge.run(command + [folder.file("m.h5")])
        #expect(human.code == 0)
        for text in ["events", "flux at 1 TeV", "GeV^-1 cm^-2 s^-1", "TS threshold", method, "TXS 0506+056"] {
            #expect(human.output.contains(text), "\(human.output)")
        }
        #expect(human.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test("a warning where mu comes from trials too far apart, none where they are close")
    func coarseMu() throws {
        // 4 events are 2 standard deviations, by the distribution of the trials.
        let coarse = try folder.chunk("coarse.h5", 0..<500, mu: [0, 4, 8])
        let fine = try folder.chunk("fine.h5", 0..<500, mu: [0, 1, 2, 3, 4])
        let warned = try BuiltTool.trialmerge.run("sensitivity", coarse, "--json")
        #expect(warned.code == 0)
        #expect(warned.error.contains("between trials at mu 0 and 4"), "\(warned.error)")
        let silent = try BuiltTool.trialmerge.run("sensitivity", fine, "--json")
        #expect(silent.code == 0 && silent.error.isEmpty, "\(silent.error)")
    }

    @Test("the smooth interpolation is at hand")
    func probit() throws {
        let chunk = try folder.chunk("a.h5", 0..<2000, mu: [0, 1, 2, 3, 4])
        let outcome = try BuiltTool.trialmerge.run("sensitivity", chunk, "--interpolation", "probit", "--json")
        try #require(outcome.code == 0, "\(outcome.error)")
        #expect(try abs(number(outcome.object(), "mu") - 2.563) < 0.2)
    }

    @Test("an end that the trials do not bound is null, and infinite for people")
    func unboundedEnd() throws {
        // The largest mu has a power just above 90 %, so that the upper end lies beyond it.
        let chunk = try folder.chunk("a.h5", 0..<60, mu: [0, 1, 2.7], seed: 2)
        let outcome = try BuiltTool.trialmerge.run("sensitivity", chunk, "--json")
        try #require(outcome.code == 0, "\(outcome.error)")
        let result = try outcome.object()
        #expect(result["mu_high"] is NSNull && result["flux_high"] is NSNull)
        #expect(result["mu"] is Double)
        let human = try BuiltTool.trialmerge.run("sensitivity", chunk)
        #expect(human.code == 0)
        #expect(human.output.contains("inf]"))
    }

    @Test("trials that do not suffice are a sentence that says which are missing")
    func faults() throws {
        let background = try folder.chunk("background.h5", 0..<200)
        let weak = try folder.chunk("weak.h5", 0..<200, mu: [0.25, 0.5])
        let cases: [(arguments: [String], code: Int32, says: String)] = [
            (["sensitivity"], 66, "no input file is given"),
            (["sensitivity", background], 65, "no trials with mu above 0"),
            (["sensitivity", weak], 65, "only trials with mu = 0.25, 0.5"),
            (["sensitivity", background, weak], 65, "larger mu"),
            (["discovery", background, weak], 65, "200 background trials"),
            (["discovery", background, weak, "--sigma", "0"], 64, "--sigma"),
            (["sensitivity", background, weak, "--power", "1"], 64, "--power"),
            (["sensitivity", background, weak, "--power", "-1"], 64, "--power: -1 is not a valid share"),
            (["discovery", background, weak, "--cut", "-1"], 64, "--cut: -1 is not a valid cut"),
            (["sensitivity", background, weak, "--interpolation", "cubic"], 64, "cubic"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialmerge.run(arguments)
            #expect(outcome.code == code, "\(arguments): \(outcome.error)")
            #expect(outcome.error.contains(says), "\(arguments): \(outcome.error)")
            #expect(outcome.output.isEmpty)
        }
    }
}
