import Diagnostics
import IceTracks
import Numerics

/// The inputs that the analyses of all sources share, computed once from one read of the data.
public struct SearchInputs: Sendable {
    let datasets: [Dataset]
    public let settings: AnalysisSettings
    let densities: [BackgroundDensities]
    let yields: [YieldSplines]
    /// The events of each dataset.
    let orders: [DeclinationOrder]

    /// - Parameter datasets: at least one, as loaded by ``IceTracks/Release``.
    /// - Throws: as ``PointSourceAnalysis/init(datasets:source:settings:)``.
    public init(datasets: [Dataset], settings: AnalysisSettings) throws {
        try settings.check()
        try PointSourceAnalysis.checkNotEmpty(datasets)
        self.datasets = datasets
        self.settings = settings
        // First, since a spectrum without signal would otherwise fail in the densities, with a message that does not
        // name it.
        yields = try FluxConversion.yields(datasets.map { DetectorResponse($0) }, settings)
        densities = try concurrently(datasets.count, lastFirst: true) { try BackgroundDensities(datasets[$0]) }
        orders = try concurrently(datasets.count, lastFirst: true) { DeclinationOrder(datasets[$0].events) }
    }

    /// One analysis for each source, for fits of the data: they have no candidates of background events, so they cannot
    /// make trials.
    ///
    /// - Throws: as ``PointSourceAnalysis/init(datasets:source:settings:)``, for the first source with a fault.
    public func analyses(of sources: [Source]) throws -> [PointSourceAnalysis] {
        let table = SignalTable(gridCount: settings.grid.values.count, rows: [])
        let responses = try responses(at: sources.map(\.declination))
        return try concurrently(sources.count) { s in
            try analysis(of: sources[s], datasets.indices.map { (responses[s, $0], table) })
        }
    }

    /// Fits the data from which the inputs were made, which are not checked again.
    ///
    /// - Parameter analysis: one of ``analyses(of:)``.
    /// - Throws: `Fault` (bad data) if ln Λ is not finite, `Fault` (usage) for another exposure than that of the data.
    public func fitData(_ analysis: PointSourceAnalysis) throws -> FitResult {
        try settings.checkExposureOfData()
        var workspace = analysis.makeWorkspace()
        analysis.place(datasets.map(\.events), orders, &workspace)
        return try analysis.maximumOfData(&workspace)
    }

    /// The analysis of a source without candidates.
    ///
    /// - Parameter parts: the response of each dataset, and the signal's energy densities for background events.
    func analysis(of source: Source, _ parts: [(SignalResponse, SignalTable)]) throws -> PointSourceAnalysis {
        let models = try datasets.indices.map { j in
            try DatasetModel(
                datasets[j], densities[j], parts[j].0, index: j, source: source, signal: parts[j].1, candidates: [],
                edge: Double.pi)
        }
        let conversion = try FluxConversion(yields, of: datasets.map(\.name), source: source, settings: settings)
        return try PointSourceAnalysis(
            source: source, settings: settings, models: models,
            conversion: try conversion.injecting(models.map(\.injectedFraction)))
    }

    /// The datasets' responses at declinations; equal ones are computed once.
    func responses(at declinations: [Double]) throws -> ResponseTable {
        try ResponseTable(datasets, declinations: declinations, settings: settings)
    }
}
