import Numerics

/// One thread's copy of a dataset's ``SignalTable``, with memory for the rows of the trial's injected events.
struct SignalRows {
    /// Lanes of eight from one row to the next.
    let lanesPerRow: Int
    let gridCount: Int
    /// The distance of grid points.
    let step: Double
    /// Lanes of eight rows filled by the table, the last one padded with rows of zeros; rows of injected events follow.
    let tableLanes: Int
    private let storage: LaneArray
    /// The same table, one grid point after the other.
    private let columns: LaneArray
    /// An upper bound of each of the table's rows over all γ.
    private let bounds: LaneArray
    /// S_E of each row at the grid's points ``overview(of:)``.
    private let overviews: LaneArray
    private let overviewPoints: [Int]
    private(set) var count: Int

    init(_ table: SignalTable, step: Double) {
        self.step = step
        lanesPerRow = table.stride / 8
        gridCount = table.gridCount
        tableLanes = (table.count + 7) / 8
        overviewPoints = Self.overview(of: table.gridCount)
        count = 8 * tableLanes
        storage = LaneArray(count: (count + 64) * table.stride)
        columns = LaneArray(count: gridCount * count)
        bounds = LaneArray(count: count)
        overviews = LaneArray(count: 8 * (count + 64))
        for i in 0..<table.values.count { storage[i] = table.values[i] }
        for row in 0..<table.count {
            for k in 0..<gridCount { columns[k * count + row] = storage[row * table.stride + k] }
            bounds[row] = SignalTable.rowBound(gridCount: gridCount, step: step) { parabola(row: row, cell: $0) }
            summarise(row)
        }
    }

    /// Eight points of a grid, spread over the interior ones; some are equal if there are fewer than eight.
    static func overview(of gridCount: Int) -> [Int] { (0..<8).map { 1 + $0 * (gridCount - 3) / 7 } }

    private func summarise(_ row: Int) {
        for (i, k) in overviewPoints.enumerated() { overviews[8 * row + i] = storage[row * lanesPerRow * 8 + k] }
    }

    /// Removes the rows of injected events.
    mutating func removeInjected() { count = 8 * tableLanes }

    /// Appends a row for an injected event of lg(E_reco/GeV) and returns its number.
    mutating func append(_ density: SignalEnergyDensity, log10Energy: Double) -> Int {
        reserveRow()
        let place = density.place(log10Energy: log10Energy)
        for lane in 0..<lanesPerRow {
            storage[lane: count * lanesPerRow + lane] = place.map { density.values(at: $0, lane: lane) } ?? .zero
        }
        return finishRow()
    }

    /// Appends a row, by its lanes, and returns its number.
    @inline(__always)
    mutating func append(_ values: (_ lane: Int) -> SIMD8<Double>) -> Int {
        reserveRow()
        for lane in 0..<lanesPerRow { storage[lane: count * lanesPerRow + lane] = values(lane) }
        return finishRow()
    }

    /// Appends the sum of weighted rows and returns its number.
    mutating func append(sumOf parts: [(weight: Double, row: Int32)]) -> Int {
        reserveRow()
        for lane in 0..<lanesPerRow {
            storage[lane: count * lanesPerRow + lane] = parts.reduce(SIMD8<Double>.zero) {
                $0 + $1.weight * storage[lane: Int($1.row) * lanesPerRow + lane]
            }
        }
        return finishRow()
    }

    private func reserveRow() {
        // Memory for whole lanes of eight rows.
        storage.reserve((count + 8) * lanesPerRow * 8)
        overviews.reserve(8 * (count + 8))
    }

    private mutating func finishRow() -> Int {
        summarise(count)
        count += 1
        return count - 1
    }

    /// A view of the rows for the innermost loops, valid until a row is appended.
    var view: View {
        View(
            stride: lanesPerRow * 8, step: step, lanesPerRow: lanesPerRow, tableLanes: tableLanes,
            storage: storage.view,
            columns: columns.view, bounds: bounds.view, overviews: overviews.view)
    }

    /// The parabola of a row in the cell of grid point k.
    func parabola(row: Int, cell k: Int) -> Parabola {
        let nodes = view.nodes(row: row, cell: k)
        return Parabola(nodes[0], nodes[1], nodes[2], step: step)
    }

    struct View {
        fileprivate let stride: Int
        /// The distance of grid points.
        let step: Double
        let lanesPerRow: Int
        let tableLanes: Int
        fileprivate let storage: LaneView
        fileprivate let columns: LaneView
        fileprivate let bounds: LaneView
        fileprivate let overviews: LaneView

        /// The position of densities 8·lane … 8·lane + 7 of a row; those of the next row are `lanesPerRow` positions
        /// later.
        @inline(__always)
        func place(_ lane: Int, row: Int) -> Int { row &* lanesPerRow &+ lane }

        /// The eight densities at a position.
        @inline(__always)
        subscript(place: Int) -> SIMD8<Double> { storage[lane: place] }

        /// A row's densities at γ_k−1, γ_k, γ_k+1, and one more number.
        @inline(__always)
        func nodes(row: Int, cell k: Int) -> SIMD4<Double> { storage.four(from: row &* stride &+ k &- 1) }

        /// The densities of the table's rows 8·lane … 8·lane + 7 at grid point k.
        @inline(__always)
        func column(_ k: Int, lane: Int) -> SIMD8<Double> { columns[lane: k &* tableLanes &+ lane] }

        /// The density of a row at grid point k.
        @inline(__always)
        func density(row: Int, point k: Int) -> Double { storage[row &* stride &+ k] }

        /// A row's densities at ``SignalRows/overview(of:)``.
        @inline(__always)
        func overview(row: Int) -> SIMD8<Double> { overviews[lane: row] }

        /// An upper bound of one of the table's rows over all γ.
        @inline(__always)
        func bound(ofRow row: Int) -> Double { bounds[row] }
    }
}

/// The weights of a row's densities at γ_k−1, γ_k and γ_k+1 for the density at an offset t from γ_k, by the parabola
/// through them.
struct NodeWeights {
    let left: Double
    let centre: Double
    let right: Double

    init(offset t: Double, step: Double) {
        let s = t / step
        (left, centre, right) = (0.5 * s * (s - 1), 1 - s * s, 0.5 * s * (s + 1))
    }

    /// The densities of eight of the table's rows.
    @inline(__always)
    func densities(_ rows: SignalRows.View, cell k: Int, lane: Int) -> SIMD8<Double> {
        (left * rows.column(k &- 1, lane: lane)).addingProduct(rows.column(k, lane: lane), centre)
            .addingProduct(rows.column(k &+ 1, lane: lane), right)
    }
}
