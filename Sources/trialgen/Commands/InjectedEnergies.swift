import Console
import Diagnostics
import IceTracks
import Logging
import PointSource
import Settings

/// The true energies from which signal is injected: the requested range, widened to edges of the smearing matrices.
struct InjectedEnergies {
    private let requested: AnalysisSettings.EnergyRange?
    /// The ranges that are wider than requested, with the datasets.
    private var widened: [(range: AnalysisSettings.EnergyRange, datasets: [String])] = []

    /// - Parameter range: nil for all energies.
    /// - Throws: `Fault`: usage for a range that exceeds a matrix, bad data for a source outside it.
    init(_ range: AnalysisSettings.EnergyRange?, in datasets: [Dataset], at sources: [Source]) throws {
        requested = range
        guard let range else { return }
        for dataset in datasets {
            for source in sources {
                guard let actual = try range.widened(in: dataset, at: source) else { continue }
                // Rounding of the ends is not reported as widening.
                guard actual.lower < range.lower * (1 - 1e-6) || actual.upper > range.upper * (1 + 1e-6) else {
                    continue
                }
                if let index = widened.firstIndex(where: { $0.range == actual }) {
                    if !widened[index].datasets.contains(dataset.name) { widened[index].datasets.append(dataset.name) }
                } else {
                    widened.append((actual, [dataset.name]))
                }
            }
        }
    }

    /// For the source of a configuration, or all sources of its list.
    ///
    /// - Throws: as ``init(_:in:at:)``.
    init(_ configuration: Configuration, in datasets: [Dataset]) throws {
        try self.init(
            configuration.settings.injectionRange, in: datasets,
            at: configuration.sources.isEmpty ? [configuration.source] : configuration.sources.map(\.source))
    }

    /// The union of the widened ranges; nil if nothing is widened.
    var widenedRange: AnalysisSettings.EnergyRange? {
        get throws {
            try widened.isEmpty
                ? nil
                : AnalysisSettings.EnergyRange(
                    lower: widened.map(\.range.lower).reduce(.infinity, min),
                    upper: widened.map(\.range.upper).reduce(0, max))
        }
    }

    /// Tells which datasets have a wider range.
    func report(to logger: Logger) {
        for (actual, names) in widened {
            logger.notice(
                """
                \(names.joined(separator: ", ")): the energy range \(requested.map(NumberFormat.energies) ?? "") is \
                widened to \(NumberFormat.energies(actual)), the next edges of the smearing matrix
                """)
        }
    }

    /// - Throws: `Fault` (usage) for a range in a list that does not end at edges of the smearing matrix: adjoining
    ///   ranges would contain the same signal.
    func checkAsListed(_ datasets: [Dataset]) throws(Fault) {
        guard let requested, let (actual, names) = widened.first else { return }
        let edges = datasets.first { $0.name == names.first }?.smearing.log10TrueEnergyEdges ?? []
        let list = edges.map(NumberFormat.plain).joined(separator: ", ")
        throw Fault(
            .usage, at: .field(SettingTable.standard.energyRanges.key.name),
            "\(NumberFormat.energies(requested)) does not end at edges of the smearing matrix of "
                + "\(names.joined(separator: ", ")): the signal would come from \(NumberFormat.energies(actual))",
            remedy: "end the ranges at lg(E/GeV) = \(list), as with per_decade: 2")
    }
}
