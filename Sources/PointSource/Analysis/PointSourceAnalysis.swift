import Diagnostics
import Dispatch
import IceTracks
import Numerics

/// The time-integrated search for one point source in a list of datasets.
///
/// It is an immutable value: threads share it, with a ``TrialWorkspace`` each.
public struct PointSourceAnalysis: Sendable {
    /// Changes whenever the same settings, data, seed and trial number give a different trial.
    public static let modelVersion = "4"

    public let source: Source
    public let settings: AnalysisSettings
    public let grid: ParameterGrid
    /// Signal yields, and the conversion between events and flux.
    let conversion: FluxConversion
    let box: SelectionBox
    let models: [DatasetModel]
    let cells: [ParameterCell]
    let fit: GlobalFit
    let sharing: SignalSharing

    /// - Parameters:
    ///   - datasets: at least one, as loaded by ``IceTracks/Release``.
    /// - Throws: `Fault` (usage) for invalid settings, `Fault` (bad data) for data that the analysis cannot use, such
    ///   as an empty sin(dec) bin.
    public init(datasets: [Dataset], source: Source, settings: AnalysisSettings) throws {
        try settings.check()
        guard !datasets.isEmpty else {
            throw Fault(
                .usage, at: .field("datasets"), "the list of datasets is empty",
                remedy: "give at least one, or omit the option")
        }
        let responses = datasets.map {
            DetectorResponse(name: $0.name, effectiveArea: $0.effectiveArea, livetimeSeconds: $0.livetimeSeconds)
        }
        // First, since a spectrum without signal would otherwise fail in the densities, with a message that does not
        // name it.
        let conversion = try FluxConversion(responses: responses, source: source, settings: settings)
        let grid = settings.grid
        let box = SelectionBox(source: source, halfWidth: settings.boxHalfWidth)
        let results = Slots<Result<DatasetModel, any Error>?>(datasets.map { _ in nil })
        DispatchQueue.concurrentPerform(iterations: datasets.count) { iteration in
            // The last dataset, that of the complete detector, takes longest.
            let index = datasets.count - 1 - iteration
            let model = Result {
                try DatasetModel(
                    datasets[index], index: index, source: source, settings: settings, grid: grid, box: box)
            }
            results.update(index) { $0 = model }
        }
        let models = try results.values.compactMap { $0 }.map { try $0.get() }
        self.init(
            source: source, settings: settings, models: models,
            conversion: try conversion.injecting(models.map(\.injectedFraction)))
    }

    /// The analysis from its parts, which must be consistent.
    init(source: Source, settings: AnalysisSettings, models: [DatasetModel], conversion: FluxConversion) {
        let grid = settings.grid
        let weights = conversion.weights
        cells = ParameterCell.all(grid: grid, weights: weights, bounds: settings.parameter)
        fit = GlobalFit(signalEvents: settings.signalEvents, parameter: settings.parameter, cells: cells)
        sharing = SignalSharing(shares: conversion.injected.shares(weights), poisson: settings.poissonInjection)
        self.source = source
        self.settings = settings
        self.grid = grid
        self.conversion = conversion
        self.models = models
        box = SelectionBox(source: source, halfWidth: settings.boxHalfWidth)
    }

    /// The datasets' shares of the signal.
    public var weights: DatasetWeights { conversion.weights }
    /// Events per unit of flux normalisation of the injected spectrum, and the datasets' shares of its events; without an
    /// injection range.
    public var injectedYields: [Double] { conversion.injected.values }
    public var injectedShares: [Double] { conversion.injected.shares(weights) }
    public var datasetNames: [String] { models.map(\.name) }
    /// Events of each dataset.
    public var eventCounts: [Int] { models.map(\.eventCount) }
    /// The number of those events that are relevant for the source.
    public var candidateCounts: [Int] { models.map(\.background.candidates.count) }
    public var livetimesDays: [Double] { models.map(\.livetimeDays) }
}
