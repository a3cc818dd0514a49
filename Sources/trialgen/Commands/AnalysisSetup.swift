import Console
import Diagnostics
import IceTracks
import Logging
import PointSource
import ReleaseDownload
import Results
import Settings

/// A configuration, the analysis of its release, and the data.
struct AnalysisSetup {
    let configuration: Configuration
    let analysis: PointSourceAnalysis
    let campaign: Campaign
    /// The events of each dataset.
    let data: [EventTable]
    /// The seasons of each dataset.
    let seasons: [[SeasonSummary]]
    /// The files of the release that were read.
    let releaseFiles: [String]

    /// Reads the release and prepares the analysis.
    ///
    /// - Parameters:
    ///   - releases: caches the release for other points of the campaign.
    ///   - allowsStack: whether the command can analyse the sum of a list of sources.
    /// - Throws: `Fault`: as `Configuration.openRelease` and `Release.load`; usage, about an option, for a setting that
    ///   does not fit the data; bad data for a release that cannot be analysed.
    init(
        _ configuration: Configuration, _ releases: ReleaseReader, allowsStack: Bool = false, logger: Logger
    ) throws {
        self.configuration = configuration
        try configuration.checkHasOneFit(allowsStack: allowsStack)
        let (release, datasets) = try releases.read(configuration, logger: logger)
        releaseFiles = release.paths(of: datasets)
        let energies = try Self.namingOptions { try InjectedEnergies(configuration, in: datasets) }
        if releases.listsEnergyRanges { try energies.checkAsListed(datasets) }
        logger.info("preparing the analysis of \(configuration.sourceTitle)")
        analysis = try Self.namingOptions {
            try configuration.search == .stack
                ? PointSourceAnalysis(
                    datasets: datasets, stack: configuration.sources.map(\.source),
                    weights: configuration.sources.map(\.weight), settings: configuration.settings)
                : PointSourceAnalysis(
                    datasets: datasets, source: configuration.source, settings: configuration.settings)
        }
        data = datasets.map(\.events)
        seasons = datasets.map(\.seasons)
        campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets),
            fluxPerEvent: analysis.fluxPerEvent(),
            widenedRange: try energies.widenedRange)
        energies.report(to: logger)
    }

    /// Returns what `body` returns. A fault about a setting that turns out to be out of range only when the data are
    /// read names the setting's option, since its line in the file is no longer known.
    static func namingOptions<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault {
            guard case .field(let name)? = fault.place, let key = SettingKey(named: name) else { throw fault }
            throw Fault(fault.kind, at: .field(key.flag), fault.problem, remedy: fault.remedy)
        }
    }
}

extension Configuration {
    /// - Parameter allowsStack: whether the command can analyse the sum of a list of sources.
    /// - Throws: `Fault` (usage), about `--search`, for a command that analyses one source if the search has a list.
    func checkHasOneFit(allowsStack: Bool) throws(Fault) {
        if let sky {
            throw Fault(
                .usage, at: .field(SettingTable.standard.search.key.flag),
                "the search is that of the whole sky (nside \(sky.coarse.side)), and this command analyses one source",
                remedy: "give --search source with --ra and --dec, or use trialgen map")
        }
        guard search == .catalogue || (search == .stack && !allowsStack) else { return }
        throw Fault(
            .usage, at: .field(SettingTable.standard.search.key.flag),
            "the search is a \(search.rawValue) of \(sources.count) sources, and this command analyses one source",
            remedy: "give --search source, and --point with the number of a source of the list, from 0")
    }

    /// - Throws: `Fault` (usage), about an option, for a command that fits the data if there is another exposure.
    func checkExposureOfData() throws {
        do {
            try settings.checkExposureOfData()
        } catch {
            let table = SettingTable.standard
            let key = exposureYears == nil ? table.exposureScale.key : table.exposureYears.key
            throw Fault(error.kind, at: .field(key.flag), error.problem, remedy: error.remedy)
        }
    }

    /// Opens the release in the given folder, or else the one in the cache.
    ///
    /// - Throws: `Fault`: as ``releaseFolder()``, missing input if it holds no release.
    func openRelease(acceptsChanges: Bool) throws -> Release {
        try Release(path: try releaseFolder(), sample: sample, acceptsChanges: acceptsChanges)
    }

    /// The folder that was given, or else the release's folder in the cache.
    ///
    /// - Throws: `Fault` (usage) if no folder was given and the cache does not have the release.
    func releaseFolder() throws(Fault) -> String {
        guard let folder = data ?? ReleaseCache.release(of: sample) else {
            throw Fault(
                .usage, at: .field("--data"),
                "the release's folder is not given, and \(sample.name) is not in "
                    + (ReleaseCache.folder() ?? "~/.cache/trialgen"),
                remedy: sample.isBuiltIn
                    ? """
                    download it with trialgen fetch \(sample.name), name its folder (--data, the key data, or the \
                    variable \(ConfigurationLayer.dataVariable)), or make a toy release with trialgen toy
                    """ : "name its folder (--data, the key data, or the variable \(ConfigurationLayer.dataVariable))")
        }
        return folder
    }
}
