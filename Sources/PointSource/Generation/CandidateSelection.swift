import IceTracks
import Numerics

/// Finds out which data events can matter to a source, how far from it, and tabulates their energy ratios.
struct CandidateSelection {
    private let source: Source
    private let box: SelectionBox
    private let sourceCosine: Double
    private let negligibleRatio: Double
    private(set) var candidates: [BackgroundGenerator.Candidate] = []
    private(set) var energyRatios: EnergyRatios
    /// The row of each energy (bits of lg E) and sin(dec) bin met so far, with its largest ratio.
    private var rows: [RowKey: (row: Int32, largest: Double)] = [:]

    private struct RowKey: Hashable {
        let energy: UInt64
        let bin: Int
    }

    init(source: Source, box: SelectionBox, gridCount: Int, negligibleRatio: Double) {
        self.source = source
        self.box = box
        self.negligibleRatio = negligibleRatio
        sourceCosine = Portable.cos(source.declination)
        energyRatios = EnergyRatios(gridCount: gridCount)
    }

    /// Adds a data event of the box's declinations if there is a right ascension at which it matters.
    mutating func consider(
        event: Int, events: EventTable, sinDeclination: Double, spatialBackground: BackgroundSpatialDensity,
        energyBackground: BackgroundEnergyDensity, energySignal: SignalEnergyDensity
    ) {
        guard let bin = energyBackground.sinDeclination.index(of: sinDeclination) else { return }
        let energy = events.log10Energy[event]
        let key = RowKey(energy: energy.bitPattern, bin: bin)
        let (row, largest): (Int32, Double)
        if let known = rows[key] {
            (row, largest) = known
        } else {
            let index = energyRatios.append(
                log10Energy: energy, sinDeclinationBin: bin, signal: energySignal, background: energyBackground)
            (row, largest) = (Int32(truncatingIfNeeded: index), energyRatios.largest(row: index))
            rows[key] = (row, largest)
        }
        let declination = events.declination[event]
        let sigma = events.angularError[event]
        let half = Portable.sin(0.5 * (declination - source.declination))
        var candidate = BackgroundGenerator.Candidate(
            event: Int32(truncatingIfNeeded: event), row: row, declinationTerm: half * half,
            cosineProduct: Portable.cos(declination) * sourceCosine, halfInverseVariance: 0.5 / (sigma * sigma),
            scale: 1 / (2 * Double.pi * sigma * sigma * spatialBackground.value(sinDeclination: sinDeclination)),
            halfWidth: 0)
        candidate.halfWidth = halfWidth(candidate, largestEnergyRatio: largest)
        if candidate.halfWidth > 0 { candidates.append(candidate) }
    }

    /// The |Δra| from which on the density ratio stays below the negligible one for every γ; 0 if it does so
    /// everywhere.
    private func halfWidth(_ candidate: BackgroundGenerator.Candidate, largestEnergyRatio: Double) -> Double {
        let edge = min(Double.pi, box.rightAscensionHalfWidth)
        if largestEnergyRatio == 0 { return 0 }
        if negligibleRatio == 0 { return edge }
        // ψ/sin ψ < 2 up to ψ = 1.8, where the search for the angle ends.
        let excess = Portable.log(2 * candidate.scale * largestEnergyRatio / negligibleRatio)
        if excess <= 0 { return 0 }
        let psi = (excess / candidate.halfInverseVariance).squareRoot()
        if !(psi < 1.8) { return edge }
        let sine = Portable.sin(0.5 * psi)
        let reach = (sine * sine - candidate.declinationTerm) / candidate.cosineProduct
        if reach <= 0 { return 0 }
        if !(reach < 1) { return edge }
        return min(edge, 2 * Portable.asin(reach.squareRoot()))
    }
}
