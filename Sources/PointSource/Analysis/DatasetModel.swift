import Diagnostics
import IceTracks
import Numerics

/// Everything that trials for one source need from one dataset, made from its events and responses.
struct DatasetModel: Sendable {
    let name: String
    /// Events of the dataset.
    let eventCount: Int
    let livetimeDays: Double
    let spatialBackground: BackgroundSpatialDensity
    let energyBackground: BackgroundEnergyDensity
    let energySignal: SignalEnergyDensity
    /// The signal's energy densities at the energies of the relevant data events.
    let signalTable: SignalTable
    let background: BackgroundGenerator
    let signal: SignalGenerator
    /// The fraction of the signal inside the injection's energy range (c_j of docs/model.md, section 7).
    let injectedFraction: Double
}

extension DatasetModel {
    /// - Parameter index: number of the dataset in the analysis.
    /// - Throws: `Fault` (bad data) for data that the analysis cannot use, `Fault` (usage) for settings that do not fit
    ///   the data.
    init(
        _ dataset: Dataset, index: Int, source: Source, settings: AnalysisSettings, grid: ParameterGrid,
        box: SelectionBox
    ) throws {
        name = dataset.name
        let events = dataset.events
        try events.check(dataset: name)
        eventCount = events.count
        livetimeDays = dataset.livetimeDays
        let sines = events.declination.map { Portable.sin($0) }
        let histogram = EventHistogram(dataset: dataset, sinDeclinations: sines)
        spatialBackground = try BackgroundSpatialDensity(dataset: dataset.name, events: histogram)
        energyBackground = try BackgroundEnergyDensity(dataset: dataset.name, events: histogram)
        let cut = try EnergyCut(definition: dataset.definition, events: histogram)

        let area = try SourceEffectiveArea(dataset: dataset, declination: source.declination)
        let smearing = try SourceSmearing(dataset: dataset, declination: source.declination)
        energySignal = try SignalEnergyDensity(
            dataset: dataset, area: area, smearing: smearing, grid: grid, spectrum: settings.fittedSpectrum)

        let range = try InjectionRange(settings.injectionRange, smearing: smearing)
        let spectrum = settings.injectedSpectrum
        injectedFraction = range.fraction(area: area, spectrum: spectrum)
        signal = SignalGenerator(
            dataset: index, name: dataset.name, source: source,
            trueEnergies: try TrueEnergyDistribution(
                area: area, spectrum: spectrum, range: range.log10Energies),
            smearing: SmearingSampler(smearing: smearing), cut: cut)

        var candidates = CandidateSelection(
            source: source, box: box, grid: grid, negligibleRatio: settings.negligibleRatio)
        for i in 0..<events.count where box.contains(declination: events.declination[i]) {
            candidates.consider(
                event: i, events: events, sinDeclination: sines[i], spatialBackground: spatialBackground,
                energyBackground: energyBackground, energySignal: energySignal)
        }
        let edge = candidates.edge
        let found = candidates.result()
        signalTable = found.signal
        background = try BackgroundGenerator(
            dataset: index, placement: SourcePlacement(declination: source.declination),
            candidates: found.candidates, signal: signalTable, edge: edge)
    }
}
