import Console
import IceTracks
import PointSource
import Settings

/// What `trialgen describe` prints of a list of sources: the datasets once, and a row for each source.
public struct ListDescriptionSummary: CommandResult {
    /// A source of the list.
    public struct Row: Sendable {
        /// Its position in the list, from 0.
        let index: Int
        let name: String
        /// Degrees.
        let rightAscension: Double
        let declination: Double
        /// Its weight; nil if weights have no effect.
        let weight: Double?
        /// Its share of the events of all sources; nil if each is injected alone.
        let share: Double?
        let source: SourceDescription

        public init(
            index: Int, name: String, rightAscension: Double, declination: Double, weight: Double?, share: Double?,
            source: SourceDescription
        ) {
            (self.index, self.name, self.weight, self.share, self.source) = (index, name, weight, share, source)
            (self.rightAscension, self.declination) = (rightAscension, declination)
        }
    }

    private let campaign: Campaign
    private let rows: [Row]
    private let datasets: [DatasetDescription]
    /// The sum of a stack's sources; nil for another list.
    private let total: DescriptionSummary?
    private let sample: SampleSummary?
    public let warnings: [String]

    /// - Parameters:
    ///   - campaign: of the list or, for points, of the first one.
    ///   - rows: at least one, in the order of the list.
    ///   - total: the sum of a stack's sources; nil for another list.
    /// - Throws: as `SampleSummary`.
    public init(
        _ campaign: Campaign, _ datasets: [DatasetDescription], _ rows: [Row], total: DescriptionSummary? = nil
    ) throws {
        (self.campaign, self.datasets, self.rows, self.total) = (campaign, datasets, rows, total)
        sample = try SampleSummary.ifOwn(campaign.configuration, datasets)
        let near = NearSources(rows.map { ($0.rightAscension, $0.declination) })
        warnings = near.map { [$0.warning(rows.map(\.name))] } ?? []
    }

    public var text: String {
        if let total { return campaign.configuration.title + (total.sections + sourceSections).text + "\n" }
        let configuration = campaign.configuration
        let title =
            configuration.listTitle ?? (rows.count == 1 ? "list of 1 source" : "list of \(rows.count) sources")
        return configuration.title(of: title + "\n")
            + ([
                Section("", DatasetDescription.table(datasets)), Section("", DatasetDescription.seasonTable(datasets)),
                Section("", totals),
            ] + sourceSections + (sample?.sections ?? [])).text + "\n"
    }

    /// Spectrum and energies; if the sources are injected together, also the flux of one event of all, and all events.
    var totals: Table {
        let configuration = campaign.configuration
        var totals = Table()
        configuration.addSpectrum(to: &totals)
        campaign.addEnergies(to: &totals)
        guard hasWeights else { return totals }
        totals.add("flux per event", NumberFormat.scientific(campaign.fluxPerEvent, 3), configuration.fluxUnit)
        if let phi0 = configuration.phi0, let events {
            totals.add("events of \(NumberFormat.plain(phi0))", NumberFormat.significant(events, 5), "events")
        }
        return totals
    }

    /// The events of all sources, for the flux that was given; nil if none was, or if each source is injected alone.
    private var events: Double? {
        guard hasWeights, campaign.configuration.phi0 != nil else { return nil }
        return rows.compactMap(\.source.events).reduce(0, +)
    }

    private var hasWeights: Bool { rows.contains { $0.weight != nil } }

    /// The sources, and the shares of datasets in their events.
    var sourceSections: [Section] {
        let phi0 = campaign.configuration.phi0
        var table = Table(
            [.name("source"), .number("ra", unit: "deg"), .number("dec", unit: "deg")]
                + (hasWeights ? [.number("weight")] : [])
                + [.number("in the box"), .number("flux per event")] + (phi0 == nil ? [] : [.number("events")])
                + (hasWeights ? [.number("share", unit: "%")] : []))
        for row in rows {
            let source = row.source
            table.add(
                [row.name, NumberFormat.fixed(row.rightAscension, 2), NumberFormat.fixed(row.declination, 2)]
                    + (row.weight.map { [NumberFormat.plain($0)] } ?? [])
                    + [
                        NumberFormat.count(source.selected.reduce(0, +)),
                        NumberFormat.scientific(source.fluxPerEvent, 3),
                    ] + (source.events.map { [NumberFormat.significant($0, 5)] } ?? [])
                    + (row.share.map { [NumberFormat.fixed(100 * $0, 2)] } ?? []))
        }
        var shares = Table([.name("source")] + datasets.map { .number($0.name) })
        for row in rows { shares.add([row.name] + row.source.shares.map { NumberFormat.fixed(100 * $0, 1) }) }
        return [
            Section("", table, note: note),
            Section("share of each dataset in the events of a source, in %", shares),
        ]
            + rows.compactMap { row in
                row.source.bins.map { Section("\(row.name.withoutControls): \($0.section.heading)", $0.section.table) }
            }
    }

    /// What the columns mean.
    private var note: String {
        let configuration = campaign.configuration
        var lines = ["flux per event: of each source alone, in \(configuration.fluxUnit)"]
        if let phi0 = configuration.phi0 {
            let flux = "\(NumberFormat.plain(phi0)) \(configuration.fluxUnit)"
            let events =
                switch configuration.search {
                case .catalogue where configuration.injectionSource == nil,
                    .sky where configuration.injectionSource == nil:
                    "events: of \(flux), times the weight"
                case .stack: "events: of the source's part of \(flux)"
                case .source, .catalogue, .sky: "events: of \(flux)"
                }
            lines.append(events)
        }
        if hasWeights {
            lines.append(
                "share: of the injected events, by weight and yield"
                    + (configuration.injectionSource.map {
                        "; signal is injected at \(configuration.sources[$0].source.name.withoutControls) only"
                    } ?? ""))
        }
        return lines.joined(separator: "\n")
    }

    public var members: [JSONValue.Member] {
        let configuration = campaign.configuration
        var members: [JSONValue.Member]
        if let total {
            members = total.members
        } else {
            members = [.init("datasets", .array(datasets.map { $0.json() }))]
            members += signalMembers + (sample?.members ?? [])
        }
        let origin: [JSONValue.Member] =
            configuration.search.hasList ? [.init("search", .string(configuration.search.rawValue))] : []
        return members + origin + sourceMembers
    }

    /// Spectrum and energies; if the sources are injected together, also the flux of one event of all.
    var signalMembers: [JSONValue.Member] {
        campaign.configuration.spectrumMembers
            + (hasWeights ? [.init("flux_per_event", .number(campaign.fluxPerEvent))] : [])
            + (events.map { [.init("expected_events", .number($0))] } ?? []) + campaign.energyMembers
    }

    /// `n_sources` and `sources`.
    var sourceMembers: [JSONValue.Member] {
        [
            .init("n_sources", .integer(rows.count)),
            .init("sources", .array(rows.map { .object(members(of: $0)) })),
        ]
    }

    private func members(of row: Row) -> [JSONValue.Member] {
        let source = row.source
        var members: [JSONValue.Member] = [
            .init("index", .integer(row.index)), .init("name", .string(row.name)),
            .init("ra", .number(row.rightAscension)), .init("dec", .number(row.declination)),
        ]
        if let weight = row.weight { members.append(.init("weight", .number(weight))) }
        members.append(
            .init(
                "datasets",
                .array(
                    source.datasets.enumerated().map { j, name in
                        .object([.init("name", .string(name))] + source.members(ofDataset: j))
                    })))
        members.append(.init("flux_per_event", .number(source.fluxPerEvent)))
        if let share = row.share { members.append(.init("share", .number(share))) }
        if let events = source.events { members.append(.init("expected_events", .number(events))) }
        return members + (source.bins?.members ?? [])
    }
}
