import Numerics

/// One dataset's events of a trial, sorted: those that are listed, and sums over the others by their energies.
///
/// All events of one energy share S_E(γ), so that Σ R over them is S_E(γ) Σ w at any γ, and Σ R² is S_E² Σ w². With
/// sums of w and w² for each energy nothing needs to be known of weak events one by one. One per dataset and thread,
/// reused.
final class DatasetEvents {
    /// N_j.
    private(set) var total = 0.0
    private(set) var rows: SignalRows.View
    private(set) var rowCount = 0
    private(set) var listedCount = 0
    let listedWeights = LaneArray()
    let listedEnergies = IndexArray()
    /// Σ w over all events of an energy, and Σ w² over those that are not listed.
    let weightSums: LaneArray
    let squareSums: LaneArray
    /// Σ R over all events at each point of the grid.
    let ratioSums: LaneArray
    let lanesPerRow: Int
    let gridCount: Int

    /// ζ R of an event that is not listed is below this, ζ = z/(1 − z) with z = n_j/N_j: the third-order term of its
    /// logarithm is then below 1.2e−9.
    private static let weakLimit = 1.5e-3

    init(_ events: SelectedEvents) {
        rows = events.signal.view
        lanesPerRow = events.signal.lanesPerRow
        gridCount = events.signal.gridCount
        weightSums = LaneArray(count: events.signal.count + 64)
        squareSums = LaneArray(count: events.signal.count + 64)
        ratioSums = LaneArray(count: 8 * lanesPerRow)
    }

    /// Sorts a trial's events.
    ///
    /// - Parameter largestSignal: the largest n_j at which the sums will be used; +∞ lists every event.
    func sort(_ events: SelectedEvents, largestSignal: Double) {
        total = Double(events.total)
        rows = events.signal.view
        rowCount = events.signal.count
        listedWeights.reserve(events.count + 8)
        listedEnergies.reserve(events.count + 8)
        weightSums.reserve(rowCount + 8)
        squareSums.reserve(rowCount + 8)
        let fraction = largestSignal / total
        let leastListed = fraction < 0.5 ? Self.weakLimit * (1 - fraction) / fraction : 0

        let (weights, energies) = (events.weights.view, events.energies.view)
        let (listed, listedRows) = (listedWeights.view, listedEnergies.view)
        let (sums, squares) = (weightSums.view, squareSums.view)
        sums.clear(lanes: (rowCount + 7) / 8)
        squares.clear(lanes: (rowCount + 7) / 8)
        var count = 0
        let rows = rows
        for i in 0..<events.count {
            let weight = weights[i]
            let energy = energies[i]
            let row = Int(energy)
            // Without a branch, which the processor could not foresee: the event is written, then counted or not.
            let isListed = weight * rows.largest(row: row) >= leastListed
            listed[count] = weight
            listedRows[count] = energy
            count &+= isListed ? 1 : 0
            sums[row] += weight
            squares[row] += isListed ? 0 : weight * weight
        }
        listedCount = count
        sumRows(weightSums, lanes: 0..<lanesPerRow, into: ratioSums)
    }

    /// Σ over energies of a coefficient times S_E, at the points of the grid that stand in the given lanes.
    func sumRows(_ coefficients: LaneArray, lanes: Range<Int>, into result: LaneArray) {
        let (coefficients, result, rows, count) = (coefficients.view, result.view, rows, rowCount)
        for lane in lanes {
            // Four sums, so that an addition need not wait for the one before.
            var (a, b) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
            var (c, d) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
            var row = 0
            while row < count &- 3 {
                a.addProduct(coefficients[row], rows.lane(lane, row: row))
                b.addProduct(coefficients[row &+ 1], rows.lane(lane, row: row &+ 1))
                c.addProduct(coefficients[row &+ 2], rows.lane(lane, row: row &+ 2))
                d.addProduct(coefficients[row &+ 3], rows.lane(lane, row: row &+ 3))
                row &+= 4
            }
            while row < count {
                a.addProduct(coefficients[row], rows.lane(lane, row: row))
                row &+= 1
            }
            result[lane: lane] = (a + b) + (c + d)
        }
    }

    /// Σ R² over all events, listed ones included, at eight points of the grid from the first to the last
    /// (``SignalRows/overview``); `scratch` holds the rows' coefficients.
    func sumSquares(scratch: LaneArray) -> SIMD8<Double> {
        scratch.reserve(rowCount + 8)
        let (sums, squares, rows, count) = (scratch.view, squareSums.view, rows, rowCount)
        for lane in 0..<((count + 7) / 8) { sums[lane: lane] = squares[lane: lane] }
        let (listed, listedRows) = (listedWeights.view, listedEnergies.view)
        for i in 0..<listedCount { sums[Int(listedRows[i])] += listed[i] * listed[i] }
        var (a, b) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        var row = 0
        while row < count &- 1 {
            a.addProduct(sums[row], rows.overview(row: row))
            b.addProduct(sums[row &+ 1], rows.overview(row: row &+ 1))
            row &+= 2
        }
        if row < count { a.addProduct(sums[row], rows.overview(row: row)) }
        return a + b
    }

    /// The parabola of Σ R over all events in a cell.
    func ratioSum(cell k: Int) -> Parabola { Parabola(ratioSums[k - 1], ratioSums[k], ratioSums[k + 1]) }
}
