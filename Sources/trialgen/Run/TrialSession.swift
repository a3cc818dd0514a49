import Logging
import PointSource
import Settings
import TrialMaking

/// A configuration with all that its trials need: from a prepared file, or from the release.
struct TrialSession {
    let analysis: PointSourceAnalysis
    let campaign: Campaign

    /// - Parameter releases: keeps the release for further points of the campaign.
    /// - Throws: `Fault`: as `PreparedFile.analysis` or as `AnalysisSession`.
    init(
        _ configuration: Configuration, _ prepared: PreparedFile?, _ releases: ReleaseReader,
        logger: Logger
    ) throws {
        guard let prepared else {
            let session = try AnalysisSession(configuration, releases, logger: logger)
            (analysis, campaign) = (session.analysis, session.campaign)
            return
        }
        logger.info("starting from \(prepared.path)")
        analysis = try prepared.analysis()
        campaign = prepared.campaign(of: configuration)
    }
}
