import Console
import Diagnostics
import IceTracks
import Logging
import PointSource
import ReleaseDownload
import Results
import Settings

/// A configuration with the analysis of the release that it names, and the data.
struct AnalysisSession {
    let configuration: Configuration
    let analysis: PointSourceAnalysis
    let campaign: Campaign
    /// The events of each dataset.
    let data: [EventTable]

    /// Reads the release and prepares the analysis.
    ///
    /// - Parameter releases: keeps the release for further points of the campaign.
    /// - Throws: `Fault`: as `Configuration.openRelease` and `Release.load`; usage, about an option, for a setting that
    ///   does not fit the data; bad data for a release that cannot be analysed.
    init(_ configuration: Configuration, _ releases: ReleaseReader = ReleaseReader(), logger: Logger) throws {
        self.configuration = configuration
        let (release, datasets) = try releases.read(configuration, logger: logger)
        logger.info("preparing the analysis of \(configuration.sourceTitle)")
        do {
            analysis = try PointSourceAnalysis(
                datasets: datasets, source: configuration.source, settings: configuration.settings)
        } catch let fault as Fault {
            // What only the data could show to be out of range: by now nobody knows the line that it came from.
            guard case .field(let name)? = fault.place, let key = ConfigurationKey(rawValue: name) else { throw fault }
            throw Fault(fault.kind, at: .field(key.flag), fault.problem, remedy: fault.remedy)
        }
        campaign = Campaign(
            configuration: configuration, fileDigests: release.fileDigests(for: datasets),
            fluxPerEvent: analysis.fluxPerEvent())
        data = datasets.map(\.events)
        if let range = configuration.settings.injectionRange {
            for (widened, names) in try Self.widened(range, in: datasets, at: configuration.source) {
                logger.notice(
                    """
                    \(names.joined(separator: ", ")): the energy range \(NumberFormat.energies(range.lower, range.upper)) \
                    is widened to \(widened), the next edges of the smearing matrix
                    """)
            }
        }
    }

    /// The datasets in which signal comes from more energies than were asked for, by what it comes from.
    private static func widened(
        _ range: AnalysisSettings.EnergyRange, in datasets: [Dataset], at source: Source
    ) throws -> [(range: String, datasets: [String])] {
        var found: [(range: String, datasets: [String])] = []
        for dataset in datasets {
            guard let actual = try range.widened(in: dataset, at: source) else { continue }
            // Rounding of ends is no widening.
            guard actual.lower < range.lower * (1 - 1e-6) || actual.upper > range.upper * (1 + 1e-6) else { continue }
            let text = NumberFormat.energies(actual.lower, actual.upper)
            if let index = found.firstIndex(where: { $0.range == text }) {
                found[index].datasets.append(dataset.name)
            } else {
                found.append((text, [dataset.name]))
            }
        }
        return found
    }
}

extension Configuration {
    /// The release in the folder that was named, or else in the cache.
    ///
    /// - Throws: `Fault`: as ``releaseFolder()``, missing input if it holds no release.
    func openRelease() throws -> Release { try Release(path: try releaseFolder(), sample: sample) }

    /// The folder that was named, or else the release's in the cache.
    ///
    /// - Throws: `Fault` (usage) if no folder was named and the cache has none.
    func releaseFolder() throws(Fault) -> String {
        guard let folder = data ?? ReleaseCache.release(of: sample) else {
            throw Fault(
                .usage, at: .field("--data"),
                "the release's folder is not given, and \(sample.name) is not in "
                    + (ReleaseCache.folder() ?? "~/.cache/trialgen"),
                remedy: """
                    download it with trialgen fetch \(sample.name), name its folder (--data, the key data, or the variable \
                    \(ConfigurationLayer.dataVariable)), or make a toy release with trialgen toy
                    """)
        }
        return folder
    }
}
