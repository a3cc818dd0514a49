import Console
import Diagnostics
import Logging
import PointSource
import Settings
import TrialMaking

/// A configuration with everything that its trials need, from a prepared file or from the release.
struct TrialSetup {
    let campaign: Campaign
    private let analysis: Analysis

    private enum Analysis {
        case source(PointSourceAnalysis)
        case catalogue(CatalogueAnalysis)
        case sky(SkySearch)
    }

    /// - Parameter releases: caches the release for other points of the campaign.
    /// - Throws: `Fault`: as `PreparedFile.analysis`, as `AnalysisSetup` or as `CatalogueAnalysis`.
    init(
        _ configuration: Configuration, _ prepared: PreparedFile?, _ releases: ReleaseReader,
        logger: Logger
    ) throws {
        if let prepared {
            logger.info("using \(prepared.path)")
            analysis = .source(try prepared.analysis())
            campaign = prepared.campaign(of: configuration)
        } else if let grid = configuration.sky {
            let (release, datasets) = try releases.read(configuration, logger: logger)
            let energies = try AnalysisSetup.namingOptions { try InjectedEnergies(configuration, in: datasets) }
            logger.info("preparing the search of the \(configuration.sourceTitle)")
            let search = try AnalysisSetup.namingOptions {
                try SkySearch(
                    datasets: datasets, grid: grid, sources: configuration.sources.map(\.source),
                    weights: configuration.injectionWeights, settings: configuration.settings, makesTrials: true)
            }
            analysis = .sky(search)
            energies.report(to: logger)
            campaign = Campaign(
                configuration: configuration, fileDigests: release.fileDigests(for: datasets),
                fluxPerEvent: search.fluxPerEvent, widenedRange: try energies.widenedRange)
        } else if configuration.search == .catalogue {
            let setup = try CatalogueSetup(configuration, releases, logger)
            (analysis, campaign) = (.catalogue(setup.analysis), setup.campaign)
        } else {
            let setup = try AnalysisSetup(configuration, releases, allowsStack: true, logger: logger)
            (analysis, campaign) = (.source(setup.analysis), setup.campaign)
        }
    }

    /// A runner for trials of the campaign.
    ///
    /// - Parameter hypotheses: those of the trials; all weighted ones must have the same tail.
    /// - Throws: `Fault` (usage) as `WeightedBackground` and `WeightedCatalogue`, for weighted trials.
    func runner(
        probes: [Probe] = [], threads: Int, making hypotheses: some Sequence<Hypothesis>
    ) throws -> TrialRunner {
        switch analysis {
        case .source(let analysis):
            try TrialRunner(analysis: analysis, probes: probes, threads: threads, making: hypotheses)
        case .catalogue(let analysis):
            try TrialRunner(
                catalogue: analysis, storesFits: campaign.configuration.sourceFits, threads: threads, making: hypotheses
            )
        case .sky(let search):
            TrialRunner(sky: search, threads: threads)
        }
    }
}
