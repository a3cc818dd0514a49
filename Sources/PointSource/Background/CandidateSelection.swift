import IceTracks
import Numerics

/// Determines how far from the source data events are relevant, and tabulates their signal densities in energy.
struct CandidateSelection {
    private let source: Source
    private let box: SelectionBox
    private let sourceCosine: Double
    private let negligibleRatio: Double
    private let grid: ParameterGrid
    private var candidates: [(candidate: BackgroundGenerator.Candidate, halfWidth: Double)] = []
    /// S_E at the points of the γ grid for each energy found so far.
    private var signalRows: [[Double]] = []
    /// The row of each energy (bits of lg E), with an upper bound of its densities.
    private var rows: [UInt64: (row: Int32, bound: Double)] = [:]
    /// B_E of each energy and sin(dec) bin.
    private var backgrounds: [BackgroundKey: Double] = [:]

    private struct BackgroundKey: Hashable {
        let energy: UInt64
        let bin: Int
    }

    init(source: Source, box: SelectionBox, grid: ParameterGrid, negligibleRatio: Double) {
        self.source = source
        self.box = box
        self.negligibleRatio = negligibleRatio
        self.grid = grid
        sourceCosine = Portable.cos(source.declination)
    }

    /// The candidates, and the signal densities at their energies: the most frequent ones first, so that they are
    /// neighbours in memory.
    consuming func result() -> (
        candidates: [(candidate: BackgroundGenerator.Candidate, halfWidth: Double)], signal: SignalTable
    ) {
        var occurrence = [Double](repeating: 0, count: signalRows.count)
        for (candidate, halfWidth) in candidates { occurrence[Int(candidate.energy)] += halfWidth }
        let order = signalRows.indices.sorted { (occurrence[$1], $0) < (occurrence[$0], $1) }
        var numbers = [Int32](repeating: 0, count: order.count)
        for (number, row) in order.enumerated() { numbers[row] = Int32(truncatingIfNeeded: number) }
        for i in candidates.indices { candidates[i].candidate.energy = numbers[Int(candidates[i].candidate.energy)] }
        return (candidates, SignalTable(gridCount: grid.values.count, rows: order.map { signalRows[$0] }))
    }

    /// |Δra| at the box's edge, at most π.
    var edge: Double { min(Double.pi, box.rightAscensionHalfWidth) }

    /// Adds a data event in the box's declinations, with a half-width of 0 if it is not relevant at any right
    /// ascension.
    mutating func consider(
        event: Int, events: EventTable, sinDeclination: Double, spatialBackground: BackgroundSpatialDensity,
        energyBackground: BackgroundEnergyDensity, energySignal: SignalEnergyDensity
    ) {
        guard let bin = energyBackground.sinDeclination.index(of: sinDeclination) else { return }
        let energy = events.log10Energy[event]
        let (row, bound) = signalRow(energy, energySignal)
        let key = BackgroundKey(energy: energy.bitPattern, bin: bin)
        let background = backgrounds[key] ?? energyBackground.divisor(log10Energy: energy, bin: bin)
        backgrounds[key] = background
        let declination = events.declination[event]
        let sigma = events.angularError[event]
        let candidate = BackgroundGenerator.Candidate(
            halfSine: Portable.sin(0.5 * (declination - source.declination)),
            halfInverseVariance: 0.5 / (sigma * sigma),
            scale: 1
                / (2 * Double.pi * sigma * sigma * spatialBackground.value(sinDeclination: sinDeclination) * background),
            energy: row, event: Int32(truncatingIfNeeded: event))
        let halfWidth = halfWidth(
            candidate, cosineProduct: Portable.cos(declination) * sourceCosine, signalBound: bound)
        candidates.append((candidate, halfWidth))
    }

    private mutating func signalRow(_ energy: Double, _ density: SignalEnergyDensity) -> (row: Int32, bound: Double) {
        if let known = rows[energy.bitPattern] { return known }
        let values = density.values(log10Energy: energy)
        let row = (
            Int32(truncatingIfNeeded: signalRows.count),
            SignalTable.rowBound(gridCount: grid.values.count, step: grid.step) {
                Parabola(values[$0 - 1], values[$0], values[$0 + 1], step: grid.step)
            }
        )
        signalRows.append(values)
        rows[energy.bitPattern] = row
        return row
    }

    /// The |Δra| beyond which the density ratio stays below the negligible one for every γ; 0 if it does so everywhere.
    private func halfWidth(
        _ candidate: BackgroundGenerator.Candidate, cosineProduct: Double, signalBound: Double
    ) -> Double {
        if signalBound == 0 { return 0 }
        if negligibleRatio == 0 { return edge }
        // ψ/sin ψ < 2 up to ψ = 1.8, where the search for the angle ends.
        let excess = Portable.log(2 * candidate.scale * signalBound / negligibleRatio)
        if excess <= 0 { return 0 }
        let psi = (excess / candidate.halfInverseVariance).squareRoot()
        if !(psi < 1.8) { return edge }
        let sine = Portable.sin(0.5 * psi)
        let reach = (sine * sine - candidate.halfSine * candidate.halfSine) / cosineProduct
        if reach <= 0 { return 0 }
        if !(reach < 1) { return edge }
        return min(edge, 2 * Portable.asin(reach.squareRoot()))
    }
}
