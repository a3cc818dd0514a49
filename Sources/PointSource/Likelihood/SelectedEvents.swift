import Numerics

/// The events of one dataset whose density ratio can differ from 0 in the trial at hand. One per dataset and thread, reused.
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
    private(set) var rows: [Int32] = []
    private var origins: [Int32] = []
    /// Right ascension minus the source's, in radians.
    private(set) var rightAscensionDifferences: [Double] = []
    /// The energy ratios of the data, then those of this trial's injected events.
    private(set) var energyRatios: EnergyRatios
    private let dataRows: Int
    /// N_j: all events of the dataset, injected ones included.
    private(set) var total = 0

    init(energyRatios: EnergyRatios) {
        self.energyRatios = energyRatios
        dataRows = energyRatios.count
    }

    /// Begins another trial.
    mutating func removeAll(total: Int) {
        count = 0
        rows.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        rightAscensionDifferences.removeAll(keepingCapacity: true)
        energyRatios.truncate(to: dataRows)
        self.total = total
    }

    /// Adds an event whose energy ratios stand in the given row.
    mutating func append(spatialRatio: Double, row: Int32, origin: Origin, rightAscensionDifference: Double) {
        spatialRatios.reserve(count + 1)
        spatialRatios[count] = spatialRatio
        rows.append(row)
        switch origin {
        case .data(let index): origins.append(Int32(truncatingIfNeeded: index))
        case .injected(let index): origins.append(Int32(truncatingIfNeeded: -1 - index))
        }
        rightAscensionDifferences.append(rightAscensionDifference)
        count += 1
    }

    /// Adds a row of energy ratios that lasts until the next trial.
    mutating func appendRow(
        log10Energy: Double, sinDeclinationBin: Int?, signal: SignalEnergyDensity, background: BackgroundEnergyDensity
    ) -> Int32 {
        Int32(energyRatios.append(
            log10Energy: log10Energy, sinDeclinationBin: sinDeclinationBin, signal: signal, background: background))
    }

    func origin(_ index: Int) -> Origin {
        let value = Int(origins[index])
        return value >= 0 ? .data(value) : .injected(-1 - value)
    }

    /// R = S_sp S_E / (B_sp B_E) of an event at γ, given as a cell of the grid and the offset in it.
    func ratio(_ index: Int, cell: Int, offset t: Double) -> Double {
        let (a, b, c) = energyRatios.parabola(row: Int(rows[index]), cell: cell)
        return spatialRatios[index] * (a * t * t + b * t + c)
    }
}
