import IceTracks
import Numerics

/// Determines how far from the source data events are relevant, and tabulates their signal densities in energy.
struct CandidateSelection {
    private let source: Source
    private let sourceCosine: Double
    private let relevance: Relevance
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

    init(source: Source, relevance: Relevance, grid: ParameterGrid) {
        self.source = source
        self.relevance = relevance
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

    /// Adds a data event in the box's declinations, with a half-width of 0 if it is not relevant at any right
    /// ascension.
    mutating func consider(
        event: Int, events: EventTable, background densities: BackgroundDensities, energySignal: SignalEnergyDensity
    ) {
        guard let bin = densities.energy.sinDeclination.index(of: densities.sinDeclinations[event]) else { return }
        let energy = events.log10Energy[event]
        let (row, bound) = signalRow(energy, energySignal)
        let key = BackgroundKey(energy: energy.bitPattern, bin: bin)
        let background = backgrounds[key] ?? densities.energy.divisor(log10Energy: energy, bin: bin)
        backgrounds[key] = background
        let declination = events.declination[event]
        let sigma = events.angularError[event]
        let candidate = BackgroundGenerator.Candidate(
            halfSine: Portable.sin(0.5 * (declination - source.declination)),
            halfInverseVariance: 0.5 / (sigma * sigma),
            scale: densities.scale(ofEvent: event, sigma: sigma, divisor: background),
            energy: row, event: Int32(truncatingIfNeeded: event))
        let halfWidth = relevance.halfWidth(
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
}
