import Console
import Results

/// The output of `trialgen run` for several points.
struct PointRunSummaries {
    private let summaries: [RunSummary]

    init(_ summaries: [RunSummary]) { self.summaries = summaries }

    var text: String {
        var table = Table(
            PointDescription.columns + [
                .number("present"), .number("made"), .number("per second"), .name("chunk"),
            ])
        for summary in summaries {
            let made = summary.outcomes.reduce(0) { $0 + $1.made }
            let seconds = summary.outcomes.reduce(0) { $0 + $1.seconds }
            table.add(
                PointDescription(
                    summary.plan.point.number, summary.plan.configuration, widened: summary.campaign.widenedRange
                ).cells + [
                    count(summary.outcomes.reduce(0) { $0 + $1.present }), count(made),
                    made > 0 && seconds > 0 ? NumberFormat.significant(Double(made) / seconds, 3) : "-",
                    summary.plan.output,
                ])
        }
        return table.text
    }

    var json: JSONValue {
        [
            "points": .array(
                summaries.map { summary in
                    let point = PointDescription(
                        summary.plan.point.number, summary.plan.configuration, widened: summary.campaign.widenedRange)
                    return .object(point.members + summary.members)
                })
        ]
    }

    private func count(_ number: Int64) -> String { NumberFormat.count(Int(clamping: number)) }
}
