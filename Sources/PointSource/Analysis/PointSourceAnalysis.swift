import Diagnostics
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
    /// The fit of γ at the null hypothesis' n_s; nil for a null hypothesis without signal.
    let nullFit: GlobalFit?
    let sharing: SignalSharing
    /// The sources of a stack; nil for one source.
    let stack: StackModel?
    /// The multiple of the livetime of the data for which trials are made.
    public let exposureScale: Double
    /// The copies of each dataset's background; nil for the exposure of the data.
    let copies: [BackgroundCopies]?

    /// - Parameters:
    ///   - datasets: at least one, as loaded by ``IceTracks/Release``.
    /// - Throws: `Fault` (usage) for invalid settings, `Fault` (bad data) for data that the analysis cannot use, such
    ///   as an empty sin(dec) bin.
    public init(datasets: [Dataset], source: Source, settings: AnalysisSettings) throws {
        try settings.check()
        try Self.checkNotEmpty(datasets)
        let responses = datasets.map { DetectorResponse($0) }
        // First, since a spectrum without signal would otherwise fail in the densities, with a message that does not
        // name it.
        let conversion = try FluxConversion(responses: responses, source: source, settings: settings)
        let box = SelectionBox(source: source, halfWidth: settings.boxHalfWidth)
        // The last dataset, that of the complete detector, takes longest.
        let models = try concurrently(datasets.count, lastFirst: true) { index in
            try DatasetModel(datasets[index], index: index, source: source, settings: settings, box: box)
        }
        try self.init(
            source: source, settings: settings, models: models,
            conversion: try conversion.injecting(models.map(\.injectedFraction)))
    }

    static func checkNotEmpty(_ datasets: [Dataset]) throws(Fault) {
        guard datasets.isEmpty else { return }
        throw Fault(
            .usage, at: .field("datasets"), "the list of datasets is empty",
            remedy: "give at least one, or omit the option")
    }

    /// Fewer events of a dataset in a trial leave nothing to fit.
    private static let leastEvents = 10.0

    /// The analysis from its parts, which must be consistent.
    ///
    /// - Throws: `Fault` (usage) for an exposure that is too long or too short.
    init(
        source: Source, settings: AnalysisSettings, models: [DatasetModel], conversion: FluxConversion,
        stack: StackModel? = nil
    ) throws {
        let scale = try settings.exposureScale(livetimeDays: models.reduce(0) { $0 + $1.livetimeDays })
        if scale != 1, let model = models.first(where: { scale * Double($0.eventCount) < Self.leastEvents }) {
            throw Fault(
                .usage, at: .field("exposure"),
                "\(shortest(scale)) times the livetime of the data leaves \(shortest(scale * Double(model.eventCount))) "
                    + "events in \(model.name)",
                remedy: "give a longer exposure, or exclude the dataset")
        }
        exposureScale = scale
        copies = scale == 1 ? nil : models.map { BackgroundCopies(scale: scale, of: $0.background) }
        let grid = settings.grid
        let weights = conversion.weights
        cells = ParameterCell.all(grid: grid, weights: weights, bounds: settings.parameter)
        fit = GlobalFit(signalEvents: settings.signalEvents, parameter: settings.parameter, cells: cells)
        let null = settings.nullSignal
        let fixed = AnalysisSettings.FitParameter(name: "fit.mean_n_sig_0", start: null, minimum: null, maximum: null)
        nullFit = null > 0 ? GlobalFit(signalEvents: fixed, parameter: settings.parameter, cells: cells) : nil
        sharing = SignalSharing(shares: conversion.injected.shares(weights), poisson: settings.poissonInjection)
        self.stack = stack
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
