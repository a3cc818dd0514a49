import Console
import IceTracks
import Settings

/// What `trialgen describe` prints of one analysis.
public struct DescriptionSummary: CommandResult {
    let campaign: Campaign
    let datasets: [DatasetDescription]
    let source: SourceDescription
    /// Of a sample that a user defined; nil for others.
    private let sample: SampleSummary?

    /// - Throws: as `SampleSummary`.
    public init(_ campaign: Campaign, _ datasets: [DatasetDescription], _ source: SourceDescription) throws {
        (self.campaign, self.datasets, self.source) = (campaign, datasets, source)
        sample = try SampleSummary.ifOwn(campaign.configuration, datasets)
    }

    public var text: String { campaign.configuration.title + sections.text + "\n" }

    /// Datasets, seasons, totals; then what was asked for.
    var sections: [Section] {
        let configuration = campaign.configuration
        var table = Table([
            .name("dataset"), .number("events"), .number("in the box"), .number("livetime", unit: "days"),
            .number("yield", unit: "GeV cm^2 s"), .number("share", unit: "%"),
        ])
        for (j, dataset) in datasets.enumerated() {
            table.add([
                dataset.name, NumberFormat.count(dataset.events), NumberFormat.count(source.selected[j]),
                NumberFormat.fixed(dataset.livetimeDays, 2), NumberFormat.scientific(source.yields[j], 3),
                NumberFormat.fixed(100 * source.shares[j], 1),
            ])
        }
        var totals = Table()
        configuration.addSpectrum(to: &totals)
        campaign.addEnergies(to: &totals)
        source.addTotals(to: &totals, configuration, livetimeDays: datasets.reduce(0) { $0 + $1.livetimeDays })
        return [Section("", table), Section("", DatasetDescription.seasonTable(datasets)), Section("", totals)]
            + (sample?.sections ?? []) + (source.bins.map { [$0.section] } ?? [])
    }

    public var members: [JSONValue.Member] {
        let configuration = campaign.configuration
        var members = [
            JSONValue.Member(
                "datasets", .array(datasets.indices.map { datasets[$0].json(source.members(ofDataset: $0)) }))
        ]
        members += configuration.spectrumMembers
        members.append(.init("flux_per_event", .number(source.fluxPerEvent)))
        members += campaign.energyMembers
        if configuration.settings.exposure != nil {
            members.append(.init("exposure_scale", .number(source.exposureScale)))
        }
        if let events = source.events { members.append(.init("expected_events", .number(events))) }
        return members + (source.bins?.members ?? []) + (sample?.members ?? [])
    }
}
