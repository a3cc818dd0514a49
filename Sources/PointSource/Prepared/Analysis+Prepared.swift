import Diagnostics
import Numerics

extension DatasetModel {
    func write(to writer: inout PreparedWriter) {
        writer.write(name)
        writer.write(eventCount)
        writer.write(livetimeDays)
        writer.write(injectedFraction)
        writer.write(spatialBackground)
        writer.write(energyBackground)
        writer.write(energySignal)
        writer.write(signalTable)
        background.write(to: &writer)
        writer.write(signal.trueEnergies)
        writer.write(signal.smearing)
        writer.write(signal.cut)
    }

    init(from reader: inout PreparedReader, index: Int, source: Source, grid: ParameterGrid) throws {
        name = try reader.readText()
        eventCount = try reader.readInt()
        livetimeDays = try reader.readFinite()
        injectedFraction = try reader.readFinite()
        spatialBackground = try reader.read()
        energyBackground = try reader.read()
        energySignal = try reader.read()
        signalTable = try reader.read()
        guard (1...Int(Int32.max)).contains(eventCount) else {
            throw reader.fault("the number of events of \(name) is \(eventCount)")
        }
        guard signalTable.gridCount == grid.values.count, energySignal.gridCount == grid.values.count else {
            throw reader.fault("\(name) is not tabulated for the fit's range")
        }
        background = try BackgroundGenerator(
            from: &reader, dataset: index, placement: SourcePlacement(declination: source.declination),
            signal: signalTable, eventCount: eventCount)
        signal = SignalGenerator(
            dataset: index, name: name, source: source, trueEnergies: try reader.read(), smearing: try reader.read(),
            cut: try reader.read())
    }
}

extension PointSourceAnalysis {
    /// Writes everything that trials need besides the source and the settings.
    public func write(to writer: inout PreparedWriter) {
        writer.write(models.count)
        for model in models { model.write(to: &writer) }
        writer.write(weights.yields)
        // Those of a member of the fitted family follow from the yields.
        if conversion.injected.parameter == nil { writer.write(conversion.injected.values) }
    }

    /// Reads an analysis; its trials are identical to those of the written one.
    ///
    /// - Parameters:
    ///   - source: the written analysis' source.
    ///   - settings: its settings.
    /// - Throws: `Fault` (bad data) for bytes that were not written by an analysis of that source and those settings,
    ///   `Fault` (usage) for invalid settings.
    public init(from reader: inout PreparedReader, source: Source, settings: AnalysisSettings) throws {
        try settings.check()
        let grid = settings.grid
        let count = try reader.readInt()
        guard (1...1000).contains(count) else { throw reader.fault("the number of datasets is \(count)") }
        var models: [DatasetModel] = []
        for index in 0..<count {
            models.append(try DatasetModel(from: &reader, index: index, source: source, grid: grid))
        }
        let yields = try reader.readList(SignalYield.self)
        guard yields.count == models.count else {
            throw reader.fault("\(models.count) datasets have \(yields.count) signal yields")
        }
        let weights = DatasetWeights(yields: yields)
        let parameter = settings.injectedParameter
        for parameter in grid.values + [parameter].compactMap({ $0 }) {
            guard weights.values(parameter: parameter).allSatisfy({ (0...1).contains($0) }) else {
                throw reader.fault(
                    "the datasets' shares of the signal are invalid at \(settings.parameter.label) \(parameter)")
            }
        }
        let injected: InjectedYields
        if let parameter {
            injected = InjectedYields(parameter: parameter, weights: weights)
        } else {
            let values = try reader.readNumbers()
            guard values.count == models.count, values.allSatisfy({ $0 > 0 }), values.reduce(0, +).isFinite else {
                throw reader.fault("the yields of the injected spectrum are invalid")
            }
            injected = InjectedYields(values: values)
        }
        let conversion = FluxConversion(
            weights: weights, injectedFractions: models.map(\.injectedFraction), injected: injected)
        try self.init(source: source, settings: settings, models: models, conversion: conversion)
    }
}
