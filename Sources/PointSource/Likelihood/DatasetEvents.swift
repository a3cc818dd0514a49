import Numerics

/// The events of one dataset of a trial, classified: a list of the strong ones, and sums over the weak ones by energy.
///
/// All events of one energy share S_E(γ), so that Σ R^p over them is S_E(γ)^p Σ w^p at any γ: the sums of the powers of
/// w for each energy replace the weak events. One per dataset and thread, reused.
final class DatasetEvents {
    /// N_j.
    private(set) var total = 0.0
    private(set) var rows: SignalRows.View
    /// The number of listed events; their last lane is padded with weights of 0.
    private(set) var listedCount = 0
    let listedWeights = LaneArray()
    let listedEnergies = IndexArray()
    /// Σ w, Σ w², Σ w³ and Σ w⁴ over the events that are not listed, for each of the table's energies.
    let powerSums: (LaneArray, LaneArray, LaneArray, LaneArray)
    /// Lanes of eight energies that occur in the trial: first those of the table, then those of injected events.
    let usedLanes = IndexArray()
    private(set) var usedLaneCount = 0
    private(set) var usedTableLanes = 0
    /// One number for each energy, for ``sumRows(_:)``.
    let coefficients = LaneArray()
    /// Σ R over all events at each grid point, set by ``sumRatios()``, and the expected part from negligible events.
    let ratioSums: LaneArray
    let negligibleRatios: LaneArray
    let gridCount: Int
    /// The powers of ``powerSums`` for each energy side by side, to which an event is added. All 0 between trials.
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

    /// Classifies a trial's events: lists the strong and the injected ones, sums the weak ones.
    ///
    /// - Parameter largestSignal: the largest n_j at which the sums will be used; +∞ lists every event.
    func classify(_ events: SelectedEvents, largestSignal: Double) {
        total = Double(events.total)
        rows = events.signal.view
        listedWeights.reserve(events.count + 8)
        listedEnergies.reserve(events.count + 8)
        let lanes = (events.signal.count + 7) / 8
        coefficients.reserve(8 * lanes)
        usedLanes.reserve(lanes)
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
            if weight * rows.bound(ofRow: Int(energy)) < leastListed {
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
        usedLaneCount = usedTableLanes + lanes - rows.tableLanes
        for i in usedTableLanes..<usedLaneCount {
            usedLanes[i] = Int32(truncatingIfNeeded: rows.tableLanes + i - usedTableLanes)
        }
        for lane in 0..<rows.lanesPerRow { negligibleRatios[lane: lane] = events.negligibleRatios?[lane] ?? .zero }
    }

    /// Sets ``ratioSums``.
    func sumRatios() {
        for lane in 0..<rows.lanesPerRow { ratioSums[lane: lane] = sumRows(lane) }
    }

    /// Moves the sums of powers into lanes, adds those of w to the coefficients, and records which lanes are used.
    private func collectPowers() {
        usedTableLanes = 0
        let (coefficients, powers, used) = (coefficients.view, powers.view, usedLanes.view)
        let (first, second) = (powerSums.0.view, powerSums.1.view)
        let (third, fourth) = (powerSums.2.view, powerSums.3.view)
        for lane in 0..<rows.tableLanes {
            let sums = SIMD8.columns { powers.four(from: 32 &* lane &+ 4 &* $0) }
            let all = coefficients[lane: lane] + sums.0
            if all.total == 0 { continue }
            used[usedTableLanes] = Int32(truncatingIfNeeded: lane)
            usedTableLanes += 1
            coefficients[lane: lane] = all
            first[lane: lane] = sums.0
            second[lane: lane] = sums.1
            third[lane: lane] = sums.2
            fourth[lane: lane] = sums.3
            for i in 0..<4 { powers[lane: 4 &* lane &+ i] = .zero }
        }
    }

    /// Σ over energies of a coefficient times S_E, and over negligible events, at eight points of the grid.
    func sumRows(_ lane: Int) -> SIMD8<Double> {
        let (coefficients, used, rows) = (coefficients.view, usedLanes.view, rows)
        // Four sums, so that an addition need not wait for the previous one.
        var (a, b) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        var (c, d) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for i in 0..<usedLaneCount {
            var first = 8 &* Int(used[i])
            var place = rows.place(lane, row: first)
            for _ in 0..<2 {
                a.addProduct(coefficients[first], rows[place])
                b.addProduct(coefficients[first &+ 1], rows[place &+ rows.lanesPerRow])
                place &+= 2 &* rows.lanesPerRow
                c.addProduct(coefficients[first &+ 2], rows[place])
                d.addProduct(coefficients[first &+ 3], rows[place &+ rows.lanesPerRow])
                place &+= 2 &* rows.lanesPerRow
                first &+= 4
            }
        }
        return negligibleRatios[lane: lane] + ((a + b) + (c + d))
    }

    /// The expected contribution of negligible events to Σ R in a cell.
    func negligibleRatio(cell k: Int) -> Parabola {
        Parabola(negligibleRatios[k - 1], negligibleRatios[k], negligibleRatios[k + 1], step: rows.step)
    }

    /// Σ R² over the events that are not listed, at eight points of the grid (``SignalRows/overview(of:)``).
    func sumWeakSquares() -> SIMD8<Double> {
        let (squares, used, rows) = (powerSums.1.view, usedLanes.view, rows)
        var sum = SIMD8<Double>.zero
        for i in 0..<usedTableLanes {
            let first = 8 &* Int(used[i])
            for row in first..<(first &+ 8) {
                let density = rows.overview(row: row)
                sum.addProduct(squares[row], density * density)
            }
        }
        return sum
    }
}
