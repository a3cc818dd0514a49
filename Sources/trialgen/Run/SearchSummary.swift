import Console
import Inference
import Results
import Settings

/// The result of `trialgen sensitivity`.
struct SearchSummary: CommandResult {
    let campaign: Campaign
    let outcome: SensitivitySearch.Outcome
    let seed: Int64
    private let sensitivity: DetectableSignalSummary
    private let discovery: DiscoverySummary

    init(
        campaign: Campaign, outcome: SensitivitySearch.Outcome, sigmas: [Double], _ settings: SearchSettings,
        seed: Int64
    ) throws {
        self.campaign = campaign
        self.outcome = outcome
        self.seed = seed
        sensitivity = try DetectableSignalSummary(
            .sensitivity, title: "sensitivity", campaign: campaign, trials: outcome.trials, settings)
        discovery = try DiscoverySummary(sigmas, campaign: campaign, trials: outcome.trials, settings)
    }

    var warnings: [String] {
        (outcome.isPrecise
            ? [] : ["stopped after \(outcome.total) trials, before all errors reached --target"])
            + sensitivity.warnings + discovery.warnings
    }

    var text: String {
        var trials = Table([.number("mu"), .number("trials")])
        for (mu, count) in outcome.counts { trials.add([NumberFormat.plain(mu), NumberFormat.count(count)]) }
        if outcome.weightedCount > 0 { trials.add(["0 (weighted)", NumberFormat.count(outcome.weightedCount)]) }
        let sections = [sensitivity.section] + discovery.sections + [Section("", trials)]
        return "\(campaign.line), seed \(seed)\n\n\(sections.text)"
    }

    /// Each result has the keys of `trialmerge sensitivity --json`; discovery potentials are keyed by sigma.
    var members: [JSONValue.Member] {
        [
            .init("sensitivity", sensitivity.json),
            .init("discovery", discovery.bySigma),
            .init("precise", .bool(outcome.isPrecise)),
            .init("seed", .integer(seed)),
            .init(
                "trials", .array(outcome.counts.map { ["mu": .number($0.mu), "count": .integer($0.count)] })),
            .init("n_weighted", .integer(outcome.weightedCount)),
        ]
    }
}
