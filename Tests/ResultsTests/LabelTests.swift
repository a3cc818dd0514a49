import Console
import Diagnostics
import Settings
import Testing

@testable import PointSource
@testable import Results

/// Bounds of the fit and widened energy ranges are shown as what they are.
@Suite struct LabelTests {
    private static let gamma = AnalysisSettings.FitParameter(name: "fit.gamma", start: 3, minimum: 1, maximum: 4)

    @Test(arguments: [
        (2.0, 1.0...4.0, "2.00", "(bounds 1 to 4)"), (2.0, 1.0...2.5, "2.00 +0.50", "(lower bound 1)"),
        (4.0, 3.2...4.0, "4.00 -0.80", "(upper bound 4)"), (2.0, 1.5...2.5, "2.00 +0.50 -0.50", ""),
    ])
    func intervals(value: Double, interval: ClosedRange<Double>, text: String, note: String) {
        let bounded = BoundedInterval(value, interval, Self.gamma)
        #expect(bounded.text == text && bounded.note == note)
    }

    private static func summary(gamma: Double, _ interval: ClosedRange<Double>) throws -> UnblindSummary {
        let fit = FitResult(
            logLambda: 4, signalEvents: 10, gamma: gamma, evaluations: 5, convergence: .converged)
        return UnblindSummary(
            try SyntheticCampaign.make(), fit, flux: 1e-15,
            intervals: LikelihoodIntervals(drop: 0.5, signalEvents: 0...15, gamma: interval, flux: 0...2e-15),
            datasets: [])
    }

    @Test("unblind marks bounds in text and JSON")
    func unblind() throws {
        let summary = try Self.summary(gamma: 2, 1...4)
        #expect(
            summary.text.split(separator: "\n").contains {
                $0.hasPrefix("gamma ") && $0.hasSuffix(" 2.00  (bounds 1 to 4)")
            })
        #expect(summary.text.contains("events (lower bound 0)") && summary.text.contains("a bound of the fit"))
        let json = summary.json.description
        #expect(json.contains("at_bounds"))
        let inside = try Self.summary(gamma: 2, 1.5...2.5)
        #expect(inside.text.contains("2.00 +0.50 -0.50"))
        let settings = AnalysisSettings()
        #expect(inside.result.bounds(of: settings).gamma == nil)
        #expect(try Self.summary(gamma: 4, 3...4).result.bounds(of: settings).gamma?.text == "at its upper bound")
    }

    @Test("a widened energy range is labelled with what is injected, and with what was asked for")
    func widened() throws {
        let range = try AnalysisSettings.EnergyRange(lower: 100, upper: 1000)
        let campaign = try SyntheticCampaign.make(widened: range) { $0.energyRange = [200, 300] }
        #expect(campaign.line.hasSuffix("true energies 100 GeV–1 TeV (requested: 200–300 GeV)"))
        let point = PointDescription(nil, campaign.configuration, widened: campaign.widenedRange)
        #expect(point.cells(of: [.energies]) == ["100 GeV–1 TeV"])
        for members in [point.members, campaign.energyMembers, campaign.fluxMembers] {
            let json = JSONValue.object(members).description.filter { !$0.isWhitespace }
            #expect(json.contains("\"energy_range\":[100.0,1000.0],\"energy_range_asked\":[200.0,300.0]"), "\(json)")
        }
        // Trials keep it, and their fingerprint does not depend on it.
        let read = try Campaign(text: campaign.text, file: "x")
        #expect(read == campaign)
        #expect(try campaign.fingerprint == SyntheticCampaign.make { $0.energyRange = [200, 300] }.fingerprint)
        let asked = try SyntheticCampaign.make { $0.energyRange = [200, 300] }
        #expect(asked.line.hasSuffix("true energies 200–300 GeV"))
        #expect(!JSONValue.object(asked.energyMembers).description.contains("asked"))
    }

    @Test("where the position comes from stands in the campaign's text and in the titles")
    func reference() throws {
        let campaign = try SyntheticCampaign.make { $0.positionReference = "NED\u{1B}[2J" }
        #expect(campaign.configuration.title.contains("\nposition from NED"))
        #expect(!campaign.configuration.title.contains("\u{1B}"))
        let again = try Campaign(text: campaign.text, file: "x")
        #expect(again.configuration.label(\.positionReference) == "NED\u{1B}[2J")
        #expect(try campaign.fingerprint == SyntheticCampaign.make().fingerprint)
    }

    @Test("names cannot send commands to a terminal")
    func controls() throws {
        let campaign = try SyntheticCampaign.make { $0.sourceName = "A\u{1B}[2J\nB" }
        let texts = [
            campaign.line, campaign.configuration.title, PointDescription(nil, campaign.configuration).title,
            "\(Fault(.badData, at: .file("a\u{1B}[2J\nb"), "is bad"))",
        ]
        for text in texts { #expect(!text.contains("\u{1B}") && !text.contains("J\n"), "\(text)") }
    }
}
