import Diagnostics
import IceTracks
import Logging
import PointSource
import Settings

/// A catalogue search with everything that its trials need, from the release.
struct CatalogueSetup {
    let analysis: CatalogueAnalysis
    let campaign: Campaign
    /// The events of each dataset.
    let data: [EventTable]

    /// - Parameter releases: caches the release for other points of the campaign.
    /// - Throws: `Fault`: as `ReleaseReader.read`, `InjectedEnergies` and `CatalogueAnalysis`.
    init(_ configuration: Configuration, _ releases: ReleaseReader, _ logger: Logger) throws {
        for warning in configuration.listWarnings { logger.warning("\(warning)") }
        let (release, datasets) = try releases.read(configuration, logger: logger)
        let sources = configuration.sources.map(\.source)
        let energies = try AnalysisSetup.namingOptions { try InjectedEnergies(configuration, in: datasets) }
        logger.info("preparing the analysis of \(sources.count) sources")
        analysis = try AnalysisSetup.namingOptions {
            try CatalogueAnalysis(
                datasets: datasets, sources: sources, weights: configuration.injectionWeights,
                settings: configuration.settings)
        }
        energies.report(to: logger)
        campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets),
            fluxPerEvent: analysis.fluxPerEvent, widenedRange: try energies.widenedRange)
        data = datasets.map(\.events)
    }
}
