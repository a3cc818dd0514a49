import Console
import Inference
import Results
import Settings

/// What `trialgen sensitivity` found.
struct SearchSummary {
    let campaign: Campaign
    let outcome: SensitivitySearch.Outcome
    let seed: Int64
    private let sensitivity: DetectableSignalSummary
    private let discoveries: [(sigma: Double, summary: DetectableSignalSummary)]

    init(
        campaign: Campaign, outcome: SensitivitySearch.Outcome, sigmas: [Double], cut: Double, seed: Int64
    ) throws {
        func summary(_ criterion: DetectableSignal.Criterion, _ title: String) throws -> DetectableSignalSummary {
            try DetectableSignalSummary(
                criterion, title: title, campaign: campaign, trials: outcome.trials, interpolation: .poisson, cut: cut,
                confidence: Significance.oneSigmaContent)
        }
        self.campaign = campaign
        self.outcome = outcome
        self.seed = seed
        sensitivity = try summary(.sensitivity, "sensitivity")
        discoveries = try sigmas.map {
            ($0, try summary(.discovery(sigma: $0), "\(NumberFormat.plain($0))σ discovery"))
        }
    }

    var text: String {
        var trials = Table([.number("mu"), .number("trials")])
        for (mu, count) in outcome.counts { trials.add([NumberFormat.plain(mu), NumberFormat.count(count)]) }
        let tables = [sensitivity.table] + discoveries.map(\.summary.table) + [trials.text]
        return "\(campaign.line), seed \(seed)\n\n" + tables.joined(separator: "\n")
    }

    /// Each result has the keys of `trialmerge sensitivity --json`; discoveries stand by their sigma.
    var json: JSONValue {
        [
            "sensitivity": sensitivity.json,
            "discovery": .object(discoveries.map { .init(NumberFormat.plain($0.sigma), $0.summary.json) }),
            "precise": .bool(outcome.isPrecise),
            "seed": .integer(seed),
            "trials": .array(outcome.counts.map { ["mu": .number($0.mu), "count": .integer($0.count)] }),
        ]
    }
}
