import Console
import Results

/// What `trialmerge merge` says of a campaign that lists sources, gammas or energy ranges.
struct PointsMergeSummary {
    /// A point and its merge; nil if there are no files of it.
    typealias Entry = (point: PointDescription, summary: MergeSummary?)

    let points: [Entry]
    /// The number of trials that the campaign asks for at each point.
    let wanted: Int64

    /// The number of trials that lack at all points together.
    var missing: Int64 { points.lazy.map { $0.summary?.missing ?? wanted }.clampedSum }

    var text: String {
        var table = Table(
            PointDescription.columns + [
                .number("trials"), .number("missing"), .number("files"), .name("merged file"),
            ])
        for (point, summary) in points {
            table.add(
                point.cells + [
                    count(summary?.report.rows ?? 0), count(summary?.missing ?? wanted),
                    count(Int64(summary?.inputs ?? 0)), summary?.output ?? "none",
                ])
        }
        let rows = points.reduce(0) { $0 + ($1.summary?.report.rows ?? 0) }
        let state = missing > 0 ? "partial, \(count(missing)) missing" : "no gaps"
        return "\(table.text)\n\(count(rows)) trials of \(points.count) points (\(state))"
    }

    var json: JSONValue {
        [
            "n_missing": .integer(missing), "has_gaps": .bool(missing > 0),
            "points": .array(
                points.map { point, summary in
                    .object(point.members + (summary?.members ?? [.init("output", .null)]))
                }),
        ]
    }

    private func count(_ number: Int64) -> String { NumberFormat.count(Int(clamping: number)) }
}
