import Foundation
import Settings
import Testing

@Suite("trialmerge curve")
struct CurveCommandTests {
    private let folder: TrialFolder

    init() throws { folder = try TrialFolder() }

    private func campaign(
        gamma: Double = 2, dec: Double = 5.75, energies: [Double]? = nil, fluxPerEvent: Double = 1e-14,
        datasets: [String]? = nil
    ) throws -> Campaign {
        var layer = ConfigurationLayer()
        layer.sourceName = "a, \"b\""
        layer.rightAscension = 77.25
        layer.declination = dec
        layer.gamma = gamma
        layer.energyRange = energies
        layer.datasets = datasets
        return Campaign(
            configuration: try Configuration(layer), fileDigests: ["events.csv": "00ff"], modelVersion: "1",
            fluxPerEvent: fluxPerEvent)
    }

    private func curve(_ arguments: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.trialmerge.run(["curve"] + arguments)
    }

    private func number(_ object: [String: Any], _ key: String) throws -> Double {
        try #require(object[key] as? Double, "\(key) is \(object[key] ?? "absent")")
    }

    /// The distribution of the trials gives a sensitivity of 2 · 1.2816 events, regardless of the campaign.
    @Test(
        "events follow the distribution of the trials, fluxes the campaign; E^2 Phi is quoted at the middle of the range"
    )
    func values() throws {
        let mu: [Double] = [0, 1, 2, 3, 4, 5]
        let hard = try folder.chunk(
            "hard.h5", 0..<2000, mu: mu, campaign: campaign(gamma: 2.5, energies: [1e4, 1e6], fluxPerEvent: 3e-14))
        let soft = try folder.chunk("soft.h5", 0..<2000, mu: mu, campaign: campaign(gamma: 2.5, energies: [1e2, 1e4]))
        let all = try folder.chunk("all.h5", 0..<2000, mu: mu, campaign: campaign(gamma: 2.5))
        let outcome = try curve(hard, all, soft, "--json")
        try #require(outcome.code == 0, "\(outcome.error)")
        let points = try #require(try outcome.object()["points"] as? [[String: Any]])
        #expect(points.compactMap { $0["e2_energy"] as? Double } == [1e3, 1e3, 1e5])
        for (point, perEvent) in zip(points, [1e-14, 1e-14, 3e-14]) {
            let result = try #require((point["results"] as? [[String: Any]])?.first)
            let found = try number(result, "mu")
            #expect(abs(found - 2.563) < 0.2)
            #expect(abs(try number(result, "flux_norm") / (found * perEvent) - 1) < 1e-12)
            // E0 is 1 TeV: Phi(E) = Phi0 E^-2.5 with E in TeV, and 1 GeV is 1e-3 TeV.
            let tev = try number(point, "e2_energy") / 1e3
            let expected = found * perEvent * pow(tev, -2.5) * pow(1e3 * tev, 2) * 1e-3
            #expect(abs(try number(result, "e2_flux") / expected - 1) < 1e-12)
            let (low, high) = (try number(result, "mu_low"), try number(result, "mu_high"))
            #expect(low < found && found < high)
            #expect(abs(try number(result, "e2_flux_high") / expected - high / found) < 1e-12)
        }
        // 5 sigma needs more background than this: a reason in its place, and a warning.
        let discovery = try #require((points[0]["results"] as? [[String: Any]])?.last)
        #expect(discovery["mu"] is NSNull && (discovery["reason"] as? String)?.isEmpty == false)
        #expect(outcome.error.contains("5σ discovery potential: no answer for 3 of 3 points"))

        let table = try curve(hard, all, soft, "--sensitivity").output
        #expect(table.contains("10 TeV–1 PeV") && table.contains("gamma 2.5") && table.contains("of the true energies"))
        #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(table)")
        let csv = try curve(hard, all, soft, "--csv", "--quantile", "0.8", "--power", "0.5").output
        let lines = csv.split(separator: "\n")
        #expect(lines.count == 4 && lines[1].hasPrefix("custom,,0.5,\"a, \"\"b\"\"\",77.25,5.75,2.5,"))
    }

    @Test("a campaign without background takes that of its source")
    func sharedBackground() throws {
        let background = try folder.chunk("b.h5", 0..<2000, campaign: campaign(dec: 5.75))
        let here = try folder.chunk("h.h5", 0..<500, mu: [1, 2, 3, 4], campaign: campaign(gamma: 3))
        let there = try folder.chunk("t.h5", 0..<500, mu: [1, 2, 3, 4], campaign: campaign(dec: 30))
        let outcome = try curve(here, background, "--sensitivity", "--json")
        try #require(outcome.code == 0, "\(outcome.error)")
        let points = try #require(try outcome.object()["points"] as? [[String: Any]])
        #expect(points.count == 1 && points[0]["n_background"] as? Int == 2000)
        let lacking = try curve(here, background, there)
        #expect(lacking.code == 65 && lacking.error.contains("t.h5: contains no background trials"), "\(lacking.error)")
        let nothing = try curve(background)
        #expect(nothing.code == 65 && nothing.error.contains("no trials with mu above 0"))
    }

    @Test("campaigns that differ in anything else are refused")
    func mixture() throws {
        let one = try folder.chunk("1.h5", 0..<50, mu: [0, 3], campaign: campaign())
        let other = try folder.chunk("2.h5", 0..<50, mu: [0, 3], campaign: campaign(dec: 3, datasets: ["IC40"]))
        let outcome = try curve(one, other)
        #expect(outcome.code == 65 && outcome.output.isEmpty)
        #expect(
            outcome.error.contains("is not a point of the same curve as") && outcome.error.contains("datasets[1]"),
            "\(outcome.error)")
        #expect(!outcome.error.contains("source.dec"))
    }

    @Test("mistakes are sentences")
    func faults() throws {
        let chunk = try folder.chunk("1.h5", 0..<50, mu: [0, 3])
        let cases: [([String], Int32, String)] = [
            ([], 66, "no input file is given"),
            ([chunk, "--discovery", "0"], 64, "--discovery: 0 is not a valid significance"),
            ([chunk, "--quantile", "0.5"], 64, "--quantile: has no effect on its own"),
            ([chunk, "--quantile", "1.5", "--power", "0.5"], 64, "--quantile: 1.5"),
            ([chunk, "--json", "--csv"], 64, "--csv"), ([chunk, "/no/such.h5"], 66, "/no/such.h5"),
        ]
        for (arguments, code, says) in cases {
            let outcome = try BuiltTool.trialmerge.run(["curve"] + arguments)
            #expect(outcome.code == code && outcome.error.contains(says), "\(arguments): \(outcome.error)")
        }
        // There is no number at all: the table, and 65.
        let empty = try curve(chunk, "--discovery", "5")
        #expect(empty.code == 65 && empty.output.contains("-"))
    }
}
