import Console
import Diagnostics
import IceTracks
import Logging
import Settings

/// Reads a release once for all points of a campaign.
final class ReleaseReader {
    private let acceptsChanges: Bool
    /// Whether the campaign lists energy ranges: adjoining ranges that are widened would contain the same signal.
    let listsEnergyRanges: Bool
    private var last: (release: Release, names: [String], datasets: [Dataset])?

    /// - Parameter acceptsChanges: whether files that differ from the release's record are used, with a warning.
    init(acceptsChanges: Bool, listsEnergyRanges: Bool = false) {
        (self.acceptsChanges, self.listsEnergyRanges) = (acceptsChanges, listsEnergyRanges)
    }

    /// The release that a configuration names, with its datasets.
    ///
    /// - Throws: `Fault`: as `Configuration.openRelease` and `Release.load`.
    func read(_ configuration: Configuration, logger: Logger) throws -> (release: Release, datasets: [Dataset]) {
        let release = try configuration.openRelease(acceptsChanges: acceptsChanges)
        if let last, last.release.folder == release.folder, last.release.sample == release.sample,
            last.names == configuration.datasets
        {
            return (last.release, last.datasets)
        }
        logger.info("reading \(release.folder)")
        let datasets = try release.load(configuration.datasets)
        for dataset in datasets { Self.report(dataset, logger) }
        last = (release, configuration.datasets, datasets)
        return (release, datasets)
    }

    /// Logs what users of a dataset should know.
    private static func report(_ dataset: Dataset, _ logger: Logger) {
        if dataset.droppedEventCount > 0 {
            logger.info("\(dataset.name): left out \(dataset.droppedEventCount) events outside of the uptime")
        }
        for warning in dataset.warnings { logger.warning("\(warning)") }
    }
}
