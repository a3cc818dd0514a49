import Console
import Results

/// What `trialgen run` says when it has made trials of several points.
struct PointRunReports {
    private let reports: [RunReport]

    init(_ reports: [RunReport]) { self.reports = reports }

    var text: String {
        var table = Table(
            PointDescription.columns + [
                .number("present"), .number("made"), .number("per second"), .name("chunk"),
            ])
        for report in reports {
            let made = report.outcomes.reduce(0) { $0 + $1.made }
            let seconds = report.outcomes.reduce(0) { $0 + $1.seconds }
            table.add(
                PointDescription(report.plan.point.number, report.plan.configuration).cells + [
                    count(report.outcomes.reduce(0) { $0 + $1.present }), count(made),
                    made > 0 && seconds > 0 ? NumberFormat.significant(Double(made) / seconds, 3) : "-",
                    report.plan.output,
                ])
        }
        return table.text
    }

    var json: JSONValue {
        [
            "points": .array(
                reports.map { report in
                    let point = PointDescription(report.plan.point.number, report.plan.configuration)
                    return .object(point.members + report.members)
                })
        ]
    }

    private func count(_ number: Int64) -> String { NumberFormat.count(Int(clamping: number)) }
}
