import Console
import IceTracks
import Logging
import Numerics
import PointSource
import Results
import Settings

/// Fits of the data at every source of a list, from one read of the release.
struct SourceListFit {
    /// The search of each source alone.
    private let searches: [Configuration]
    /// The search of all of them; nil if they are points.
    private let common: Configuration?
    private let digests: [String: String]
    private let data: [EventTable]
    private let analyses: [PointSourceAnalysis]

    /// Reads the release, and prepares the analysis of each source.
    ///
    /// - Parameter layer: settings with a list of sources.
    /// - Throws: `Fault`: usage for invalid settings; as `AnalysisSetup` for data that cannot be analysed.
    init(_ layer: ConfigurationLayer, _ releases: ReleaseReader, logger: Logger) throws {
        let common = try layer.listSearch()
        let searches = try layer.searchesOfEachSource()
        try searches[0].checkExposureOfData()
        let (release, datasets) = try releases.read(searches[0], logger: logger)
        logger.info("preparing the analysis of \(searches.count) sources")
        analyses = try AnalysisSetup.namingOptions {
            try SearchInputs(datasets: datasets, settings: searches[0].settings).analyses(of: searches.map(\.source))
        }
        (self.searches, self.common) = (searches, common)
        digests = release.fileDigests(for: datasets)
        data = datasets.map(\.events)
    }

    var count: Int { searches.count }

    /// Fits all sources, several at once.
    func rows(progress: Console.Progress) throws -> [UnblindListSummary.Row] {
        defer { progress.finish() }
        return try concurrently(searches.count) { index in
            let (search, analysis) = (searches[index], analyses[index])
            let name = common?.sources[index].source.name ?? search.source.name
            let campaign = Campaign(
                configuration: search, fileDigests: digests, fluxPerEvent: analysis.fluxPerEvent())
            let fit = try UnblindSummary(of: analysis, data, campaign)
            progress.advance(by: 1)
            return UnblindListSummary.Row(
                index: index, name: name.isEmpty ? ListedSource.defaultName(index) : name, fit: fit)
        }
    }

    /// The campaign of the search with this list; nil if the sources are points.
    var campaign: Campaign? {
        common.map { common in
            Campaign(
                configuration: common, fileDigests: digests,
                fluxPerEvent: CatalogueAnalysis.fluxPerEvent(of: analyses, weights: common.injectionWeights))
        }
    }
}

extension UnblindSummary {
    /// Fits the data.
    ///
    /// - Parameters:
    ///   - data: the events of the analysis' datasets.
    ///   - listsEvents: whether the events near the source are listed.
    /// - Throws: `Fault` as ``PointSource/PointSourceAnalysis/fitData(_:)``.
    init(
        of analysis: PointSourceAnalysis, _ data: [EventTable], _ campaign: Campaign, listsEvents: Bool = false
    ) throws {
        let fit = try analysis.fitData(data)
        let counts = zip(analysis.eventCounts, analysis.selectedCounts(of: data))
        self.init(
            campaign, fit, flux: analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma),
            intervals: try analysis.intervals(of: data, about: fit),
            datasets: zip(zip(analysis.datasetNames, analysis.livetimesDays), counts).map { ($0.0, $0.1, $1.0, $1.1) },
            events: listsEvents ? Self.near(try analysis.fittedEvents(of: data, fit)) : nil)
    }

    /// The events that `--events` lists.
    private static func near(_ events: [FittedEvent]) -> [FittedEvent] {
        events.filter { $0.weight >= 0.01 || $0.event.openingAngle.degrees <= 3 }
    }
}
