import Numerics

/// The events of one dataset whose density ratio can differ from 0 in the trial at hand. One per dataset and thread,
/// reused.
struct SelectedEvents {
    /// Where an event comes from.
    enum Origin: Equatable {
        /// The index of a data event.
        case data(Int)
        /// The index of an injected event.
        case injected(Int)
    }

    private(set) var count = 0
    /// S_sp / B_sp of each event.
    let spatialRatios = LaneArray()
    /// The row of each event's energy ratios.
    private(set) var rows: [Int32] = []
    /// Indices of data events; −1 − index for injected ones.
    private var origins: [Int32] = []
    /// Right ascension minus the source's, in radians.
    let rightAscensionDifferences = LaneArray()
    /// The energy ratios of the data, then those of this trial's injected events.
    private(set) var ratioRows: RatioRows
    private let gridCount: Int
    /// N_j: all events of the dataset, injected ones included.
    private(set) var total = 0

    init(energyRatios: EnergyRatios) {
        ratioRows = RatioRows(energyRatios)
        gridCount = energyRatios.gridCount
    }

    /// Begins another trial.
    mutating func removeAll(total: Int) {
        count = 0
        rows.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        ratioRows.removeInjected()
        self.total = total
    }

    /// Makes room for more events.
    mutating func reserve(_ additional: Int) {
        spatialRatios.reserve(count + additional)
        rightAscensionDifferences.reserve(count + additional)
        rows.reserveCapacity(count + additional)
        origins.reserveCapacity(count + additional)
    }

    /// Adds a data event, by its index, whose energy ratios stand in the given row. Room must have been made.
    @inline(__always)
    mutating func append(spatialRatio: Double, row: Int32, origin: Int32, rightAscensionDifference: Double) {
        spatialRatios[count] = spatialRatio
        rightAscensionDifferences[count] = rightAscensionDifference
        rows.append(row)
        origins.append(origin)
        count += 1
    }

    /// Adds an injected event, by its index, with a row of energy ratios of its own.
    mutating func appendInjected(
        _ index: Int, spatialRatio: Double, log10Energy: Double, sinDeclinationBin: Int?,
        rightAscensionDifference: Double,
        signal: SignalEnergyDensity, background: BackgroundEnergyDensity
    ) {
        let row = ratioRows.append(
            EnergyRatios.row(
                log10Energy: log10Energy, sinDeclinationBin: sinDeclinationBin, gridCount: gridCount, signal: signal,
                background: background))
        reserve(1)
        append(
            spatialRatio: spatialRatio, row: Int32(truncatingIfNeeded: row),
            origin: Int32(truncatingIfNeeded: -1 - index),
            rightAscensionDifference: rightAscensionDifference)
    }

    func origin(_ index: Int) -> Origin {
        let value = Int(origins[index])
        return value >= 0 ? .data(value) : .injected(-1 - value)
    }

    /// R = S_sp S_E / (B_sp B_E) of an event at γ, given as a cell of the grid and the offset in it.
    func ratio(_ index: Int, cell: Int, offset t: Double) -> Double {
        let (a, b, c) = ratioRows.parabola(row: Int(rows[index]), cell: cell)
        return spatialRatios[index] * (a * t * t + b * t + c)
    }
}
