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
    var signalTable: SignalTable
    let background: BackgroundGenerator
    let signal: SignalGenerator
    /// The fraction of the signal inside the injection's energy range (c_j of docs/model.md, section 7).
    let injectedFraction: Double
}

extension DatasetModel {
    /// w = S_sp / (B_sp B_E) of an event, by its difference in right ascension from a source.
    func weight(of event: SignalEvent, from source: Source) -> Double {
        Self.weight(of: event, from: source, spatialBackground, energyBackground)
    }

    /// The same from the two densities alone: a call on a model counts references to all its tables.
    @inline(__always)
    static func weight(
        of event: SignalEvent, from source: Source, _ spatialBackground: BackgroundSpatialDensity,
        _ energyBackground: BackgroundEnergyDensity
    ) -> Double {
        let h = SpatialSignalDensity.haversine(
            declinationDifference: event.declination - source.declination,
            cosineProduct: Portable.cos(event.declination) * Portable.cos(source.declination),
            rightAscensionDifference: event.rightAscensionDifference)
        let spatial =
            SpatialSignalDensity.value(haversine: h, sigma: event.angularError)
            / spatialBackground.value(sinDeclination: event.sinDeclination)
        return spatial
            / energyBackground.divisor(
                log10Energy: event.log10Energy,
                bin: energyBackground.sinDeclination.index(of: event.sinDeclination))
    }

    /// The same with another table of signal densities.
    func with(table: SignalTable) -> DatasetModel {
        var model = self
        model.signalTable = table
        return model
    }

    /// - Parameter index: number of the dataset in the analysis.
    /// - Throws: `Fault` (bad data) for data that the analysis cannot use, `Fault` (usage) for settings that do not fit
    ///   the data.
    init(
        _ dataset: Dataset, index: Int, source: Source, settings: AnalysisSettings, box: SelectionBox
    ) throws {
        let densities = try BackgroundDensities(dataset)
        let response = try SignalResponse(dataset, declination: source.declination, settings: settings)
        let relevance = Relevance(box: box, negligibleRatio: settings.negligibleRatio)
        let events = dataset.events
        var candidates = CandidateSelection(source: source, relevance: relevance, grid: settings.grid)
        for i in 0..<events.count where box.contains(declination: events.declination[i]) {
            candidates.consider(
                event: i, events: events, background: densities, energySignal: response.energyDensity)
        }
        let found = candidates.result()
        try self.init(
            dataset, densities, response, index: index, source: source, signal: found.signal,
            candidates: found.candidates, edge: relevance.edge)
    }

    /// The model from its parts.
    ///
    /// - Parameters:
    ///   - signal: the signal's energy densities at the energies of the candidates.
    ///   - candidates: data events with their half-widths; none if the background comes from elsewhere.
    ///   - edge: |Δra| at the box's edge, at most π.
    init(
        _ dataset: Dataset, _ densities: BackgroundDensities, _ response: SignalResponse, index: Int, source: Source,
        signal table: SignalTable, candidates: [(candidate: BackgroundGenerator.Candidate, halfWidth: Double)],
        edge: Double
    ) throws {
        name = dataset.name
        eventCount = dataset.events.count
        livetimeDays = dataset.livetimeDays
        spatialBackground = densities.spatial
        energyBackground = densities.energy
        energySignal = response.energyDensity
        injectedFraction = response.injectedFraction
        signal = SignalGenerator(
            dataset: index, name: dataset.name, source: source, trueEnergies: response.trueEnergies,
            smearing: response.sampler, cut: densities.cut)
        signalTable = table
        background = try BackgroundGenerator(
            dataset: index, placement: SourcePlacement(declination: source.declination), candidates: candidates,
            signal: table, edge: edge)
    }
}
