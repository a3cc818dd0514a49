import Numerics

/// The events of one dataset whose density ratio can differ from 0 in a trial. One per dataset and thread, reused.
///
/// An event's ratio is R(γ) = w · S_E(γ): its weight w = S_sp / (B_sp B_E) does not depend on γ, and S_E depends only
/// on γ and its energy.
final class SelectedEvents {
    /// The origin of an event.
    enum Origin: Equatable {
        /// The number of a candidate of the dataset's background.
        case data(Int)
        /// The index of an injected event.
        case injected(Int)
    }

    private(set) var count = 0
    /// The number of first events written by the background generator: their energies are those of the data.
    private(set) var backgroundCount = 0
    /// The expected contribution to Σ R of background events that are not included, at the points of the γ grid.
    private(set) var negligibleRatios: FlatTable<SIMD8<Double>>?
    let weights = LaneArray()
    /// The row of each event's energy among ``signal``.
    let energies = IndexArray()
    /// Numbers of candidates; −1 − index for injected events.
    let origins = IndexArray()
    /// Right ascension minus the source's, in radians.
    let rightAscensionDifferences = LaneArray()
    /// Intermediate results of the weights.
    let scratch = (LaneArray(), LaneArray())
    /// S_E of the data's energies, then of this trial's injected events.
    private(set) var signal: SignalRows
    /// N_j: all events of the dataset, injected ones included.
    private(set) var total = 0

    /// - Parameter step: the distance of grid points.
    init(signal: SignalTable, step: Double) {
        self.signal = SignalRows(signal, step: step)
    }

    /// For events whose energies have rows elsewhere.
    convenience init(_ grid: ParameterGrid) {
        self.init(signal: SignalTable(gridCount: grid.values.count, rows: []), step: grid.step)
    }

    /// Starts another trial.
    func removeAll(total: Int) {
        (count, backgroundCount, negligibleRatios) = (0, 0, nil)
        signal.removeInjected()
        self.total = total
    }

    /// Adds events that are not among the drawn ones to N_j.
    func addToTotal(_ events: Int) { total += events }

    /// Reserves memory for a total number of events, rounded up to whole lanes.
    func reserve(_ count: Int) {
        weights.reserve(count + 16)
        rightAscensionDifferences.reserve(count + 16)
        energies.reserve(count + 16)
        origins.reserve(count + 16)
    }

    /// Declares the first `count` elements of the arrays to be the trial's background events.
    ///
    /// - Parameter negligibleRatios: the expected contribution of the other background events to Σ R, at the points of
    ///   the γ grid.
    func setBackground(count: Int, negligibleRatios: FlatTable<SIMD8<Double>>) {
        (self.count, backgroundCount, self.negligibleRatios) = (count, count, negligibleRatios)
    }

    func append(weight: Double, energy: Int32, origin: Int32, rightAscensionDifference: Double) {
        reserve(count + 1)
        weights[count] = weight
        rightAscensionDifferences[count] = rightAscensionDifference
        energies[count] = energy
        origins[count] = origin
        count += 1
    }

    /// Adds an injected event, by its index, with its own row of signal densities.
    func appendInjected(
        _ index: Int, weight: Double, log10Energy: Double, rightAscensionDifference: Double,
        signal density: SignalEnergyDensity
    ) {
        let row = signal.append(density, log10Energy: log10Energy)
        append(
            weight: weight, energy: Int32(truncatingIfNeeded: row), origin: Int32(truncatingIfNeeded: -1 - index),
            rightAscensionDifference: rightAscensionDifference)
    }

    /// Adds an event with its own row of ratios.
    ///
    /// - Parameter ratios: R at points 8·lane … 8·lane + 7 of the grid.
    func append(
        origin: Int32, rightAscensionDifference: Double, ratios: (_ lane: Int) -> SIMD8<Double>
    ) {
        let row = signal.append(ratios)
        append(
            weight: 1, energy: Int32(truncatingIfNeeded: row), origin: origin,
            rightAscensionDifference: rightAscensionDifference)
    }

    /// Adds an event whose ratio is a sum of weighted rows.
    func append(
        sumOf parts: [(weight: Double, row: Int32)], origin: Int32, rightAscensionDifference: Double
    ) {
        let row = signal.append(sumOf: parts)
        append(
            weight: 1, energy: Int32(truncatingIfNeeded: row), origin: origin,
            rightAscensionDifference: rightAscensionDifference)
    }

    func origin(_ index: Int) -> Origin {
        let value = Int(origins[index])
        return value >= 0 ? .data(value) : .injected(-1 - value)
    }

    /// R = S_sp S_E / (B_sp B_E) of an event at γ, given as a cell of the grid and the offset in it.
    func ratio(_ index: Int, cell: Int, offset t: Double) -> Double {
        weights[index] * signal.parabola(row: Int(energies[index]), cell: cell).value(at: t)
    }
}
