import Console

/// The result of a merge of a campaign that lists sources, gammas or energy ranges.
public struct PointsMergeSummary: CommandResult {
    /// A point and its merge; nil if it has no files.
    public typealias Entry = (point: PointDescription, summary: MergeSummary?)

    let points: [Entry]
    /// The number of trials in the campaign's list for each point.
    let wanted: Int64

    public init(points: [Entry], wanted: Int64) {
        self.points = points
        self.wanted = wanted
    }

    /// The number of trials missing, summed over the points.
    public var missing: Int64 { points.lazy.map { $0.summary?.missing ?? wanted }.clampedSum }

    public var text: String {
        var table = Table(
            PointDescription.columns + [
                .number("trials"), .number("missing"), .number("files"), .name("merged file"),
            ])
        for (point, summary) in points {
            table.add(
                point.cells + [
                    NumberFormat.count(summary?.result.rows ?? 0), NumberFormat.count(summary?.missing ?? wanted),
                    NumberFormat.count(summary?.inputs ?? 0), summary?.output ?? "none",
                ])
        }
        let rows = points.reduce(0) { $0 + ($1.summary?.result.rows ?? 0) }
        let state = missing > 0 ? "partial, \(NumberFormat.count(missing)) missing" : "no gaps"
        return "\(table.text)\n\(NumberFormat.count(rows)) trials of \(points.count) points (\(state))"
    }

    public var warnings: [String] {
        points.enumerated().flatMap { index, entry in
            (entry.summary?.warnings ?? ["there are no trials"]).map { "point \(index): \($0)" }
        }
    }

    public var members: [JSONValue.Member] {
        [
            .init("n_missing", .integer(missing)), .init("has_gaps", .bool(missing > 0)),
            .init(
                "points",
                .array(points.map { .object($0.point.members + ($0.summary?.members ?? [.init("output", .null)])) })),
        ]
    }
}
