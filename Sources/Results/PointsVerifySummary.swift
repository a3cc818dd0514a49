import Console
import TrialStore

/// Whether files hold all trials of a campaign that lists sources, gammas or energy ranges.
public struct PointsVerifySummary: VerificationResult {
    private let points: [(point: PointDescription, summary: VerifySummary)]
    /// Files that belong to no point, or whose point is unknown.
    private let others: [ChunkSurvey.File]
    private let campaign: CampaignExpectation
    private let showsHosts: Bool
    public let resubmission: Resubmission

    /// Reads the files.
    ///
    /// - Parameter progress: called after each file.
    public init(
        _ files: [String], _ campaign: CampaignExpectation, maxArraySize: Int64, showsHosts: Bool,
        progress: () -> Void
    ) throws {
        let sorted = CampaignFiles(files, points: campaign.points.map(\.configuration))
        points = try campaign.points.enumerated().map { index, entry in
            let survey = try ChunkSurvey(sorted.files[index], expected: entry.configuration) { _ in progress() }
            let summary = VerifySummary(survey, campaign, point: index, maxArraySize: maxArraySize, showsHosts: false)
            return (PointDescription(entry.point.number, entry.configuration), summary)
        }
        others = try sorted.others.flatMap { path, nearest in
            try ChunkSurvey([path], expected: campaign.points[nearest].configuration) { _ in progress() }.files
        }
        self.campaign = campaign
        self.showsHosts = showsHosts
        resubmission = Resubmission(
            points.reduce(into: []) { $0.formUnion($1.summary.resubmission.jobs) }, maxArraySize: maxArraySize)
    }

    /// Whether every file can be merged.
    public var isSound: Bool {
        points.allSatisfy { $0.summary.survey.isSound }
            && !others.contains { $0.state == .damaged || $0.state == .foreign }
    }

    public var isComplete: Bool { missing == 0 && isSound && unread == 0 }

    private var unread: Int { VerifySummary.unread(points.flatMap(\.summary.survey.files) + others, isListed: true) }

    private var missing: Int64 { points.lazy.map { $0.summary.missing.count }.clampedSum }

    private var ledger: HostLedger {
        points.reduce(into: HostLedger()) { $0.add($1.summary.survey.ledger) }
    }

    public var text: String {
        var table = Table(
            PointDescription.columns + [
                .number("wanted"), .number("present"), .number("missing"), .number("files"),
            ])
        let wanted = campaign.wanted?.count ?? 0
        for (point, summary) in points {
            let present = summary.survey.present.count
            table.add(
                point.cells
                    + [wanted, present, summary.missing.count, Int64(summary.survey.files.count)].map(
                        NumberFormat.count))
        }
        var text = table.text + "\n" + VerifySummary.lines(of: points.flatMap(\.summary.survey.files) + others)
        for (point, summary) in points where !summary.rangeLines.isEmpty {
            text += "point \(point.cells[0]):\n" + summary.rangeLines
        }
        if showsHosts { text += "\n" + VerifySummary.table(of: ledger).text }
        return text + "\n"
            + VerifySummary.verdict(
                wanted: wanted * Int64(points.count), missing: missing, isSound: isSound, unread: unread,
                campaign.slices == nil ? nil : resubmission)
    }

    /// Each point has the keys of a single campaign and its own.
    public var members: [JSONValue.Member] {
        [
            .init("complete", .bool(isComplete)), .init("sound", .bool(isSound)), .init("n_missing", .integer(missing)),
        ] + resubmission.members(isKnown: campaign.slices != nil) + [
            .init("points", .array(points.map { .object($0.point.members + $0.summary.members) })),
            .init("files", VerifySummary.json(of: others)), .init("hosts", VerifySummary.json(of: ledger)),
        ]
    }
}
