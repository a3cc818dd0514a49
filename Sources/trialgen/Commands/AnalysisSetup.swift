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
    /// - Parameter releases: caches the release for other points of the campaign.
    /// - Throws: `Fault`: as `Configuration.openRelease` and `Release.load`; usage, about an option, for a setting that
    ///   does not fit the data; bad data for a release that cannot be analysed.
    init(_ configuration: Configuration, _ releases: ReleaseReader, logger: Logger) throws {
        self.configuration = configuration
        try configuration.checkIsOneSource()
        let (release, datasets) = try releases.read(configuration, logger: logger)
        releaseFiles = release.paths(of: datasets)
        let range = configuration.settings.injectionRange
        let widened = try Self.namingOptions {
            try range.map { try Self.widened($0, in: datasets, at: configuration.source) } ?? []
        }
        if releases.listsEnergyRanges, let range, let (actual, names) = widened.first {
            throw Self.widenedInList(range, to: actual, names, datasets)
        }
        logger.info("preparing the analysis of \(configuration.sourceTitle)")
        analysis = try Self.namingOptions {
            try PointSourceAnalysis(
                datasets: datasets, source: configuration.source, settings: configuration.settings)
        }
        data = datasets.map(\.events)
        seasons = datasets.map(\.seasons)
        campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets),
            fluxPerEvent: analysis.fluxPerEvent(),
            widenedRange: try widened.isEmpty
                ? nil
                : AnalysisSettings.EnergyRange(
                    lower: widened.map(\.range.lower).reduce(.infinity, min),
                    upper: widened.map(\.range.upper).reduce(0, max)))
        for (actual, names) in widened {
            logger.notice(
                """
                \(names.joined(separator: ", ")): the energy range \(range.map(NumberFormat.energies) ?? "") is \
                widened to \(NumberFormat.energies(actual)), the next edges of the smearing matrix
                """)
        }
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

    /// The fault of a range in a list that does not end at edges of the smearing matrix.
    private static func widenedInList(
        _ range: AnalysisSettings.EnergyRange, to actual: AnalysisSettings.EnergyRange, _ names: [String],
        _ datasets: [Dataset]
    ) -> Fault {
        let edges = datasets.first { $0.name == names.first }?.smearing.log10TrueEnergyEdges ?? []
        let list = edges.map(NumberFormat.plain).joined(separator: ", ")
        return Fault(
            .usage, at: .field(SettingTable.standard.energyRanges.key.name),
            "\(NumberFormat.energies(range)) does not end at edges of the smearing matrix of "
                + "\(names.joined(separator: ", ")): the signal would come from \(NumberFormat.energies(actual))",
            remedy: "end the ranges at lg(E/GeV) = \(list), as with per_decade: 2")
    }

    /// The datasets whose signal comes from a wider energy range than requested, by the actual range.
    private static func widened(
        _ range: AnalysisSettings.EnergyRange, in datasets: [Dataset], at source: Source
    ) throws -> [(range: AnalysisSettings.EnergyRange, datasets: [String])] {
        var found: [(range: AnalysisSettings.EnergyRange, datasets: [String])] = []
        for dataset in datasets {
            guard let actual = try range.widened(in: dataset, at: source) else { continue }
            // Rounding of the ends is not reported as widening.
            guard actual.lower < range.lower * (1 - 1e-6) || actual.upper > range.upper * (1 + 1e-6) else { continue }
            if let index = found.firstIndex(where: { $0.range == actual }) {
                found[index].datasets.append(dataset.name)
            } else {
                found.append((actual, [dataset.name]))
            }
        }
        return found
    }
}

extension Configuration {
    /// - Throws: `Fault` (usage), about `--search`, for a command that analyses one source if the search has a list.
    func checkIsOneSource() throws(Fault) {
        guard search.hasList else { return }
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
