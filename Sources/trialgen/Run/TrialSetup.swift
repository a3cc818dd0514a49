import Logging
import PointSource
import Settings
import TrialMaking

/// A configuration with everything that its trials need, from a prepared file or from the release.
struct TrialSetup {
    let analysis: PointSourceAnalysis
    let campaign: Campaign

    /// - Parameter releases: caches the release for other points of the campaign.
    /// - Throws: `Fault`: as `PreparedFile.analysis` or as `AnalysisSetup`.
    init(
        _ configuration: Configuration, _ prepared: PreparedFile?, _ releases: ReleaseReader,
        logger: Logger
    ) throws {
        guard let prepared else {
            let setup = try AnalysisSetup(configuration, releases, logger: logger)
            (analysis, campaign) = (setup.analysis, setup.campaign)
            return
        }
        logger.info("using \(prepared.path)")
        analysis = try prepared.analysis()
        campaign = prepared.campaign(of: configuration)
    }
}
