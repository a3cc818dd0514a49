import Diagnostics
import IceTracks
import Numerics

/// The search for neutrinos from each of a list of sources, in trials of one sky: every data event has one right
/// ascension in a trial, which all sources see (docs/model.md, section 12).
///
/// It is an immutable value: threads share it, with a ``SkyWorkspace`` each.
public struct CatalogueAnalysis: Sendable {
    /// One analysis for each source, in the order of the list. They fit data; their trials have no background.
    public let sources: [PointSourceAnalysis]
    let skies: [SkyEvents]
    /// The events that are relevant for a source, by source and dataset.
    let reaches: [[SourceReach]]
    /// The sources from south to north: neighbours use the same events and tables, which are then in the cache.
    let order: [Int]
    /// The signal's energy densities of all datasets and responses, and the number of a source's table in each dataset.
    let tables: [SignalTable]
    let tableIndices: [[Int]]
    let signal: SkySignal
    /// The flux normalisation at E0 of a source of weight 1, in GeV⁻¹ cm⁻² s⁻¹, for which one signal event of all
    /// sources together is expected.
    public let fluxPerEvent: Double

    /// - Parameters:
    ///   - datasets: at least one, as loaded by ``IceTracks/Release``.
    ///   - sources: at least one.
    ///   - weights: the relative injected fluxes of the sources, ≥ 0 and not all 0; nil for equal ones.
    /// - Throws: `Fault` as ``PointSourceAnalysis/init(datasets:source:settings:)``; `Fault` (usage) for an empty list,
    ///   for weights that are not one for each source, and for settings that sky trials do not support: another
    ///   exposure, signal under the null hypothesis, no negligible ratio.
    public init(
        datasets: [Dataset], sources: [Source], weights: [Double]? = nil, settings: AnalysisSettings
    ) throws {
        try Self.check(sources: sources, weights: weights, settings)
        try self.init(
            SearchInputs(datasets: datasets, settings: settings), sources: sources,
            weights: weights ?? sources.map { _ in 1 })
    }

    /// - Parameter weights: the relative injected fluxes of the sources, checked.
    init(_ inputs: SearchInputs, sources: [Source], weights: [Double]) throws {
        skies = try SkyPreparation.skies(of: inputs)
        let preparation = try SkyPreparation(inputs, skies, declinations: sources.map(\.declination))
        let parts = try concurrently(sources.count) { try preparation.parts($0, sources[$0]) }
        self.sources = parts.map(\.analysis)
        reaches = parts.map(\.reaches)
        order = sources.indices.sorted { (sources[$0].declination, $0) < (sources[$1].declination, $1) }
        tables = preparation.tables
        tableIndices = preparation.tableIndices
        fluxPerEvent = Self.fluxPerEvent(of: self.sources, weights: weights)
        signal = SkySignal(self.sources, weights: weights)
    }

    /// The flux normalisation of a source of weight 1 for which one signal event of all sources together is expected.
    ///
    /// - Parameter weights: the relative injected fluxes of the analyses' sources.
    public static func fluxPerEvent(of analyses: [PointSourceAnalysis], weights: [Double]) -> Double {
        1 / SkySignal.eventsPerFlux(analyses, weights).reduce(0, +)
    }

    static func check(
        sources: [Source], weights: [Double]?, _ settings: AnalysisSettings
    ) throws(Fault) {
        guard !sources.isEmpty else {
            throw Fault(
                .usage, at: .field("sources"), "the list of sources is empty", remedy: "give at least one source")
        }
        if let weights,
            weights.count != sources.count || !weights.allSatisfy({ $0 >= 0 && $0.isFinite })
                || weights.allSatisfy({ $0 == 0 })
        {
            throw Fault(
                .usage, at: .field("sources"), "the weights of \(sources.count) sources are \(weights)",
                remedy: "give each source a finite weight of at least 0, and one above 0")
        }
        try check(settings)
    }

    /// - Throws: `Fault` (usage) for settings that sky trials do not support.
    static func check(_ settings: AnalysisSettings) throws(Fault) {
        let problem: (field: String, text: String)? =
            if settings.exposure != nil {
                ("exposure", "another exposure than that of the data")
            } else if settings.nullSignal > 0 {
                ("fit.mean_n_sig_0", "signal under the null hypothesis")
            } else if settings.negligibleRatio == 0 {
                ("box.negligible_ratio", "a negligible ratio of 0")
            } else {
                nil
            }
        if let problem {
            throw Fault(
                .usage, at: .field(problem.field), "trials of many sources do not support \(problem.text)",
                remedy: "leave it out, or search for one source")
        }
    }
}

extension SignalTable {
    /// An upper bound of each row over all θ.
    func rowBounds(step: Double) -> [Double] {
        (0..<count).map { row in
            Self.rowBound(gridCount: gridCount, step: step) { k in
                let first = row * stride + k - 1
                return Parabola(values[first], values[first + 1], values[first + 2], step: step)
            }
        }
    }
}
