import Console
import Diagnostics
import Results
import Settings

/// The output of `trialgen run`.
struct RunSummary {
    let plan: RunPlan
    let campaign: Campaign
    let outcomes: [ChunkFiller.Outcome]
    /// Whether the chunk holds all requested trials.
    let isDone: Bool

    init(_ plan: RunPlan, _ campaign: Campaign, _ outcomes: [ChunkFiller.Outcome], isDone: Bool) {
        self.plan = plan
        self.campaign = campaign
        self.outcomes = outcomes
        self.isDone = isDone
    }

    var text: String {
        var table = Table([
            .number("mu"), .number("flux"), .number("trials"), .number("present"), .number("made"),
            .number("per second"),
        ])
        let hasFlux = campaign.fluxPerEvent.isFinite
        for outcome in outcomes {
            table.add([
                outcome.hypothesis.muText,
                hasFlux ? NumberFormat.flux(outcome.hypothesis.meanSignal * campaign.fluxPerEvent) : "-",
                outcome.range.description,
                NumberFormat.count(Int(clamping: outcome.present)), NumberFormat.count(Int(clamping: outcome.made)),
                rate(outcome).map { NumberFormat.significant($0, 3) } ?? "-",
            ])
        }
        return campaign.title + table.text + (hasFlux ? "\nflux in \(plan.configuration.fluxUnit)\n" : "\n")
            + "seed \(plan.configuration.seed), \(plan.threads) threads, campaign \(campaign.fingerprint.prefix(12))\n"
            + "chunk \(plan.output.withoutControls)\n"
    }

    var json: JSONValue { .object(members) }

    var members: [JSONValue.Member] {
        let hypotheses = outcomes.map { outcome -> JSONValue in
            .object(
                outcome.hypothesis.members("mean_n_sig") + [
                    .init("first_trial", .integer(outcome.range.first)),
                    .init("last_trial", .integer(outcome.range.last)),
                    .init("made", .integer(outcome.made)), .init("present", .integer(outcome.present)),
                    .init("seconds", .number(outcome.seconds)),
                    .init("commit_seconds", .number(outcome.commitSeconds)),
                    .init("trials_per_second", .number(rate(outcome))),
                ])
        }
        return [
            .init("file", .string(plan.output)), .init("fingerprint", .string(campaign.fingerprint)),
            .init("threads", .integer(plan.threads)), .init("flux_per_event", .number(campaign.fluxPerEvent)),
            .init("hypotheses", .array(hypotheses)),
        ] + (plan.point.number == nil ? campaign.energyMembersIfAny : [])
    }

    private func rate(_ outcome: ChunkFiller.Outcome) -> Double? {
        outcome.made > 0 && outcome.seconds > 0 ? Double(outcome.made) / outcome.seconds : nil
    }
}
