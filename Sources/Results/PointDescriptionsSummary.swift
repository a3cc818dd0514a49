import Console
import Settings

/// What `trialgen describe` prints of a campaign with points that differ in more than the source: each of them.
public struct PointDescriptionsSummary: CommandResult {
    private let points: [(point: PointDescription, summary: any CommandResult)]

    /// - Parameter points: at least one.
    public init(_ points: [(point: PointDescription, summary: any CommandResult)]) { self.points = points }

    public var warnings: [String] {
        points.reduce(into: []) { all, point in all += point.summary.warnings.filter { !all.contains($0) } }
    }

    public var text: String {
        points.map { point, summary in
            "point \(point.number.map(String.init) ?? "-"): \(point.title)\n\n" + summary.text
        }.joined(separator: "\n")
    }

    public var members: [JSONValue.Member] {
        [
            .init(
                "points",
                .array(
                    points.map { point, summary in
                        // The point's own keys come first, and are not repeated.
                        let known = Set(point.members.map(\.key))
                        return .object(point.members + summary.members.filter { !known.contains($0.key) })
                    }))
        ]
    }
}
