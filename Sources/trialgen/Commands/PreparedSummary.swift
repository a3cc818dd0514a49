import Console
import Diagnostics
import Results
import Settings

/// The description of a prepared file, as text and as JSON.
struct PreparedSummary {
    private let point: PointDescription
    private let campaign: Campaign
    private let file: String
    private let byteCount: Int
    /// For each dataset: its events, and those that can affect a trial.
    private let counts: [(name: String, events: Int, candidates: Int)]

    init(_ point: CampaignPoint, _ setup: AnalysisSetup, file: String, byteCount: Int) {
        self.point = PointDescription(
            point.number, setup.configuration, widened: setup.campaign.widenedRange)
        campaign = setup.campaign
        self.file = file
        self.byteCount = byteCount
        let analysis = setup.analysis
        counts = zip(analysis.datasetNames, zip(analysis.eventCounts, analysis.candidateCounts)).map {
            ($0, $1.0, $1.1)
        }
    }

    var json: JSONValue {
        func byDataset(_ value: (_ events: Int, _ candidates: Int) -> Int) -> JSONValue {
            .object(counts.map { JSONValue.Member($0.name, .integer(value($0.events, $0.candidates))) })
        }
        return .object(
            (point.number == nil ? campaign.energyMembersIfAny : point.members) + [
                .init("file", .string(file)), .init("fingerprint", .string(campaign.fingerprint)),
                .init("bytes", .integer(byteCount)), .init("n_events", byDataset { events, _ in events }),
                .init("n_candidates", byDataset { _, candidates in candidates }),
            ])
    }

    var text: String {
        var table = Table([.name("dataset"), .number("events"), .number("relevant")])
        for count in counts {
            table.add([count.name, NumberFormat.count(count.events), NumberFormat.count(count.candidates)])
        }
        return campaign.title + table.text
            + "\ncampaign \(campaign.fingerprint.prefix(12))\nfile \(file.withoutControls), \(NumberFormat.count(byteCount)) bytes\n"
    }

    /// A row for each file.
    static func table(_ files: [PreparedSummary]) -> String {
        var table = Table(PointDescription.columns + [.number("bytes"), .name("file")])
        for file in files { table.add(file.point.cells + [NumberFormat.count(file.byteCount), file.file]) }
        return table.text
    }
}
