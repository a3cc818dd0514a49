import Console
import Inference
import Results
import Settings

/// What `trialgen sensitivity` found.
struct SearchSummary: CommandResult {
    let campaign: Campaign
    let outcome: SensitivitySearch.Outcome
    let seed: Int64
    private let sensitivity: DetectableSignalSummary
    private let discoveries: [(sigma: Double, summary: DetectableSignalSummary)]

    init(
        campaign: Campaign, outcome: SensitivitySearch.Outcome, sigmas: [Double], _ settings: SearchSettings,
        seed: Int64
    ) throws {
        func summary(_ criterion: DetectableSignal.Criterion, _ title: String) throws -> DetectableSignalSummary {
            try DetectableSignalSummary(criterion, title: title, campaign: campaign, trials: outcome.trials, settings)
        }
        self.campaign = campaign
        self.outcome = outcome
        self.seed = seed
        sensitivity = try summary(.sensitivity, "sensitivity")
        discoveries = try sigmas.map { ($0, try summary(.discovery(sigma: $0), Detection.discoveryTitle($0))) }
    }

    var warnings: [String] {
        (outcome.isPrecise
            ? [] : ["stopped after \(outcome.total) trials, before all errors were as small as --target"])
            + ([sensitivity] + discoveries.map(\.summary)).flatMap(\.warnings)
    }

    var text: String {
        var trials = Table([.number("mu"), .number("trials")])
        for (mu, count) in outcome.counts { trials.add([NumberFormat.plain(mu), NumberFormat.count(count)]) }
        let sections = ([sensitivity] + discoveries.map(\.summary)).map(\.section) + [Section("", trials)]
        return "\(campaign.line), seed \(seed)\n\n\(sections.text)"
    }

    /// Each result has the keys of `trialmerge sensitivity --json`; discoveries have their sigma as key.
    var members: [JSONValue.Member] {
        [
            .init("sensitivity", sensitivity.json),
            .init("discovery", .object(discoveries.map { .init(NumberFormat.plain($0.sigma), $0.summary.json) })),
            .init("precise", .bool(outcome.isPrecise)),
            .init("seed", .integer(seed)),
            .init(
                "trials", .array(outcome.counts.map { ["mu": .number($0.mu), "count": .integer($0.count)] })),
        ]
    }
}
