import Numerics

/// One thread's copy of a dataset's ``SignalTable``, with room for the rows of the trial's injected events.
struct SignalRows {
    /// Lanes of eight from one row to the next.
    let lanesPerRow: Int
    let gridCount: Int
    private let storage: LaneArray
    /// An upper bound of each row over all γ.
    private let bounds: LaneArray
    /// S_E² of each row at the grid's points ``overview(of:)``.
    private let squares: LaneArray
    private let overviewPoints: [Int]
    private let tableRows: Int
    private(set) var count: Int

    init(_ table: SignalTable) {
        lanesPerRow = table.stride / 8
        gridCount = table.gridCount
        overviewPoints = Self.overview(of: table.gridCount)
        tableRows = table.count
        count = tableRows
        storage = LaneArray(count: table.values.count + 64 * table.stride)
        for i in 0..<table.values.count { storage[i] = table.values[i] }
        bounds = LaneArray(count: tableRows + 64)
        squares = LaneArray(count: 8 * (tableRows + 64))
        for row in 0..<tableRows { summarise(row) }
    }

    /// Eight points of a grid, spread from the first to the last.
    static func overview(of gridCount: Int) -> [Int] { (0..<8).map { $0 * (gridCount - 1) / 7 } }

    private func summarise(_ row: Int) {
        bounds[row] = SignalTable.largest(gridCount: gridCount) { parabola(row: row, cell: $0) }
        for (i, k) in overviewPoints.enumerated() {
            let density = storage[row * lanesPerRow * 8 + k]
            squares[8 * row + i] = density * density
        }
    }

    /// Drops the rows of injected events.
    mutating func removeInjected() { count = tableRows }

    /// Appends a row for an injected event and returns its number.
    mutating func append(_ densities: some Sequence<Double>) -> Int {
        let base = count * lanesPerRow * 8
        storage.reserve(base + lanesPerRow * 8)
        for lane in 0..<lanesPerRow { storage[lane: count * lanesPerRow + lane] = .zero }
        for (k, value) in densities.enumerated() { storage[base + k] = value }
        bounds.reserve(count + 1)
        squares.reserve(8 * (count + 1))
        summarise(count)
        count += 1
        return count - 1
    }

    /// The rows as the innermost loops see them, until one is appended.
    var view: View {
        View(
            stride: lanesPerRow * 8, lanesPerRow: lanesPerRow, storage: storage.view, bounds: bounds.view,
            squares: squares.view)
    }

    /// The parabola of a row in the cell of grid point k.
    func parabola(row: Int, cell k: Int) -> Parabola {
        let nodes = view.nodes(row: row, cell: k)
        return Parabola(nodes[0], nodes[1], nodes[2])
    }

    struct View {
        fileprivate let stride: Int
        fileprivate let lanesPerRow: Int
        fileprivate let storage: LaneView
        fileprivate let bounds: LaneView
        fileprivate let squares: LaneView

        /// Densities 8·lane … 8·lane + 7 of a row.
        @inline(__always)
        func lane(_ lane: Int, row: Int) -> SIMD8<Double> { storage[lane: row &* lanesPerRow &+ lane] }

        /// A row's densities at γ_k−1, γ_k, γ_k+1, and one number more.
        @inline(__always)
        func nodes(row: Int, cell k: Int) -> SIMD4<Double> { storage.four(from: row &* stride &+ k &- 1) }

        /// A row's squares at ``SignalRows/overview(of:)``.
        @inline(__always)
        func overview(row: Int) -> SIMD8<Double> { squares[lane: row] }

        /// An upper bound of a row over all γ.
        @inline(__always)
        func largest(row: Int) -> Double { bounds[row] }
    }
}
