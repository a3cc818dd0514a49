import Console
import Diagnostics
import IceTracks
import Logging
import PointSource
import Results
import Settings

/// Describes the datasets and the expected signal of searches.
struct Describer {
    let releases: ReleaseReader
    /// Whether expected events in bins of reconstructed energy are listed.
    let listsEnergies: Bool
    let logger: Logger

    /// - Throws: `Fault`: as `AnalysisSetup`; usage for energies of the expected events of the sky, which has no source.
    func summary(of configuration: Configuration) throws -> any CommandResult {
        switch configuration.search {
        case .source: return try single(configuration).summary
        case .catalogue: return try list(of: configuration, total: nil)
        case .stack:
            let (summary, campaign) = try single(configuration, listsEnergies: false)
            return try list(of: configuration, total: (summary, campaign))
        case .sky:
            guard !listsEnergies || configuration.injectsSignal else {
                throw Fault(
                    .usage, at: .field("--expected"),
                    "lists the events of a source, and the search is that of the whole sky",
                    remedy: "give --search source with --ra and --dec")
            }
            guard let grid = configuration.sky else { return try single(configuration).summary }
            let (_, datasets) = try releases.read(configuration, logger: logger)
            return try SkyDescriptionSummary(
                configuration, grid, datasets.map { DatasetDescription($0) }, datasets.map(\.events),
                signal: configuration.injectsSignal ? try list(of: configuration, total: nil) : nil)
        }
    }

    /// One source, or the sum of a stack's sources.
    private func single(
        _ configuration: Configuration, listsEnergies: Bool? = nil
    ) throws -> (summary: DescriptionSummary, campaign: Campaign) {
        let setup = try AnalysisSetup(configuration, releases, allowsStack: true, logger: logger)
        let (_, datasets) = try releases.read(configuration, logger: logger)
        let source = SourceDescription(
            setup.analysis, of: setup.data, flux: configuration.phi0,
            listsEnergies: listsEnergies ?? self.listsEnergies)
        return (
            try DescriptionSummary(setup.campaign, datasets.map { DatasetDescription($0) }, source), setup.campaign
        )
    }

    /// The sources of a search with a list.
    ///
    /// - Parameter total: the sum of a stack's sources; nil for a catalogue, and for signal in the sky.
    private func list(
        of configuration: Configuration, total: (summary: DescriptionSummary, campaign: Campaign)?
    ) throws -> ListDescriptionSummary {
        let sources = configuration.sources
        let list = try ListAnalysis(sources.map(\.source), configuration, releases, logger)
        // Normalisations are those of a source of weight 1 or, for a stack, of all sources together.
        let weights = configuration.search == .stack ? configuration.stackShares : configuration.injectionWeights
        let events = zip(weights, list.analyses).map { $0 / $1.fluxPerEvent() }
        let all = events.reduce(0, +)
        let rows = sources.indices.map { index in
            ListDescriptionSummary.Row(
                index: index, name: sources[index].source.name, rightAscension: sources[index].rightAscensionDegrees,
                declination: sources[index].declinationDegrees, weight: sources[index].weight,
                share: events[index] / all,
                source: SourceDescription(
                    list.analyses[index], of: list.data, flux: configuration.phi0.map { $0 * weights[index] },
                    listsEnergies: listsEnergies))
        }
        let campaign =
            try total?.campaign
            ?? list.campaign(
                configuration, fluxPerEvent: CatalogueAnalysis.fluxPerEvent(of: list.analyses, weights: weights))
        return try ListDescriptionSummary(campaign, list.datasets, rows, total: total?.summary)
    }

    /// Points that differ in the source only.
    ///
    /// - Parameter searches: at least one.
    func list(of searches: [Configuration]) throws -> ListDescriptionSummary {
        let list = try ListAnalysis(searches.map(\.source), searches[0], releases, logger)
        let rows = searches.enumerated().map { index, search in
            ListDescriptionSummary.Row(
                index: index, name: search.source.name.isEmpty ? ListedSource.defaultName(index) : search.source.name,
                rightAscension: search.rightAscensionDegrees, declination: search.declinationDegrees, weight: nil,
                share: nil,
                source: SourceDescription(
                    list.analyses[index], of: list.data, flux: search.phi0, listsEnergies: listsEnergies))
        }
        return try ListDescriptionSummary(
            list.campaign(searches[0], fluxPerEvent: list.analyses[0].fluxPerEvent()), list.datasets, rows)
    }
}

/// The analyses of several sources, from one read of the release.
private struct ListAnalysis {
    let analyses: [PointSourceAnalysis]
    let data: [EventTable]
    let datasets: [DatasetDescription]
    private let digests: [String: String]
    private let energies: InjectedEnergies

    /// - Parameter configuration: of all sources or, besides the source, of each.
    init(
        _ sources: [Source], _ configuration: Configuration, _ releases: ReleaseReader, _ logger: Logger
    ) throws {
        let (release, loaded) = try releases.read(configuration, logger: logger)
        let energies = try AnalysisSetup.namingOptions {
            try InjectedEnergies(configuration.settings.injectionRange, in: loaded, at: sources)
        }
        if releases.listsEnergyRanges { try energies.checkAsListed(loaded) }
        logger.info("preparing the analysis of \(sources.count) sources")
        analyses = try AnalysisSetup.namingOptions {
            try SearchInputs(datasets: loaded, settings: configuration.settings).analyses(of: sources)
        }
        data = loaded.map(\.events)
        datasets = loaded.map { DatasetDescription($0) }
        digests = release.fileDigests(for: loaded)
        self.energies = energies
        energies.report(to: logger)
    }

    func campaign(_ configuration: Configuration, fluxPerEvent: Double) throws -> Campaign {
        Campaign(
            configuration: configuration, fileDigests: digests, fluxPerEvent: fluxPerEvent,
            widenedRange: try energies.widenedRange)
    }
}
