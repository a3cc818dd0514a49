import Numerics

/// The events of one dataset of a trial, sorted: those that are listed, and sums over the others by their energies.
///
/// All events of one energy share S_E(γ), so that Σ R^p over them is S_E(γ)^p Σ w^p at any γ: with sums of the powers of w
/// for each energy nothing needs to be known of weak events one by one. One per dataset and thread, reused.
final class DatasetEvents {
    /// N_j.
    private(set) var total = 0.0
    private(set) var rows: SignalRows.View
    /// Events that are listed; their last lane is filled up with weights of 0.
    private(set) var listedCount = 0
    let listedWeights = LaneArray()
    let listedEnergies = IndexArray()
    /// Σ w, Σ w², Σ w³ and Σ w⁴ over the events that are not listed, for each of the table's energies.
    let powerSums: (LaneArray, LaneArray, LaneArray, LaneArray)
    /// Lanes of eight energies that the trial's events have: first those of the table, then those of injected events.
    private(set) var usedLanes: [Int] = []
    private(set) var usedTableLanes = 0
    /// One number for each energy, for ``sumRows(_:)``.
    let coefficients = LaneArray()
    /// Σ R over all events at each point of the grid, and the part of it that negligible events are expected to have.
    let ratioSums: LaneArray
    let negligibleRatios: LaneArray
    let gridCount: Int
    /// The powers of ``powerSums`` of each energy side by side: what an event is added to. All 0 between trials.
    private let powers: LaneArray

    /// ζ R of an event that is not listed is below this, ζ = z/(1 − z) with z = n_j/N_j: the fifth-order term of its
    /// logarithm is then below 7e−10.
    private static let weakLimit = 0.02

    init(_ events: SelectedEvents) {
        rows = events.signal.view
        gridCount = events.signal.gridCount
        let count = 8 * rows.tableLanes
        powerSums = (
            LaneArray(count: count), LaneArray(count: count), LaneArray(count: count), LaneArray(count: count)
        )
        powers = LaneArray(count: 4 * count)
        ratioSums = LaneArray(count: 8 * rows.lanesPerRow)
        negligibleRatios = LaneArray(count: 8 * rows.lanesPerRow)
    }

    /// Sorts a trial's events.
    ///
    /// - Parameter largestSignal: the largest n_j at which the sums will be used; +∞ lists every event.
    func sort(_ events: SelectedEvents, largestSignal: Double) {
        total = Double(events.total)
        rows = events.signal.view
        listedWeights.reserve(events.count + 8)
        listedEnergies.reserve(events.count + 8)
        let lanes = (events.signal.count + 7) / 8
        coefficients.reserve(8 * lanes)
        coefficients.view.clear(lanes: lanes)
        let fraction = largestSignal / total
        let leastListed = fraction < 0.5 ? Self.weakLimit * (1 - fraction) / fraction : 0

        let (weights, energies) = (events.weights.view, events.energies.view)
        let (listed, listedRows) = (listedWeights.view, listedEnergies.view)
        let (coefficients, powers, rows) = (coefficients.view, powers.view, rows)
        var count = 0
        @inline(__always)
        func list(_ weight: Double, _ energy: Int32) {
            listed[count] = weight
            listedRows[count] = energy
            count &+= 1
            coefficients[Int(energy)] += weight
        }
        for i in 0..<events.backgroundCount {
            let (weight, energy) = (weights[i], energies[i])
            if weight * rows.largest(row: Int(energy)) < leastListed {
                let square = weight * weight
                powers.add(
                    SIMD4(weight, square, weight, square) * SIMD4(1, 1, square, square), at: 4 &* Int(energy))
            } else {
                list(weight, energy)
            }
        }
        // Injected events are few, and most of them lie near the source.
        for i in events.backgroundCount..<events.count { list(weights[i], energies[i]) }
        listedCount = count
        while count % 8 != 0 {
            listed[count] = 0
            listedRows[count] = 0
            count += 1
        }
        collectPowers()
        usedLanes += rows.tableLanes..<lanes
        for lane in 0..<rows.lanesPerRow {
            negligibleRatios[lane: lane] = events.negligibleRatios?[lane] ?? .zero
            ratioSums[lane: lane] = sumRows(lane)
        }
    }

    /// Brings the powers' sums into lanes, adds those of w to the coefficients, and notes which lanes are used.
    private func collectPowers() {
        usedLanes.removeAll(keepingCapacity: true)
        let (coefficients, powers) = (coefficients.view, powers.view)
        let (first, second) = (powerSums.0.view, powerSums.1.view)
        let (third, fourth) = (powerSums.2.view, powerSums.3.view)
        for lane in 0..<rows.tableLanes {
            let sums = SIMD8.columns { powers.four(from: 32 &* lane &+ 4 &* $0) }
            let all = coefficients[lane: lane] + sums.0
            if all.total == 0 { continue }
            usedLanes.append(lane)
            coefficients[lane: lane] = all
            first[lane: lane] = sums.0
            second[lane: lane] = sums.1
            third[lane: lane] = sums.2
            fourth[lane: lane] = sums.3
            for i in 0..<4 { powers[lane: 4 &* lane &+ i] = .zero }
        }
        usedTableLanes = usedLanes.count
    }

    /// Σ over energies of a coefficient times S_E, and over negligible events, at eight points of the grid.
    func sumRows(_ lane: Int) -> SIMD8<Double> {
        let rows = rows
        return negligibleRatios[lane: lane] + sumRows { rows.lane(lane, row: $0) }
    }

    /// What negligible events are expected to add to Σ R in a cell.
    func negligibleRatio(cell k: Int) -> Parabola {
        Parabola(negligibleRatios[k - 1], negligibleRatios[k], negligibleRatios[k + 1])
    }

    /// Σ R² over the events that are not listed, at eight points of the grid (``SignalRows/overview(of:)``).
    func sumWeakSquares() -> SIMD8<Double> {
        let (squares, rows) = (powerSums.1.view, rows)
        var sum = SIMD8<Double>.zero
        for lane in usedLanes.prefix(usedTableLanes) {
            for row in (8 &* lane)..<(8 &* lane &+ 8) {
                let density = rows.overview(row: row)
                sum.addProduct(squares[row], density * density)
            }
        }
        return sum
    }

    /// Σ over energies of a coefficient times a row of eight numbers.
    @inline(__always)
    private func sumRows(_ row: (Int) -> SIMD8<Double>) -> SIMD8<Double> {
        let coefficients = coefficients.view
        // Four sums, so that an addition need not wait for the one before.
        var (a, b) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        var (c, d) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for lane in usedLanes {
            let first = 8 &* lane
            a.addProduct(coefficients[first], row(first))
            b.addProduct(coefficients[first &+ 1], row(first &+ 1))
            c.addProduct(coefficients[first &+ 2], row(first &+ 2))
            d.addProduct(coefficients[first &+ 3], row(first &+ 3))
            a.addProduct(coefficients[first &+ 4], row(first &+ 4))
            b.addProduct(coefficients[first &+ 5], row(first &+ 5))
            c.addProduct(coefficients[first &+ 6], row(first &+ 6))
            d.addProduct(coefficients[first &+ 7], row(first &+ 7))
        }
        return (a + b) + (c + d)
    }
}
