import Numerics

/// One thread's copy of a dataset's energy ratios, in lanes, with room for the rows of the trial's injected events.
struct RatioRows {
    /// Lanes of eight from one row to the next.
    let lanesPerRow: Int
    private let storage = LaneArray()
    /// An upper bound of each row's |ratio| over all γ.
    private let bounds = LaneArray()
    private let gridCount: Int
    private let dataRows: Int
    private var rows: Int

    init(_ ratios: EnergyRatios) {
        lanesPerRow = ratios.stride / 8
        dataRows = ratios.count
        gridCount = ratios.gridCount
        rows = dataRows
        storage.reserve(ratios.values.count + 64 * ratios.stride + 8)
        for (i, value) in ratios.values.enumerated() { storage[i] = value }
        bounds.reserve(rows + 64)
        for row in 0..<rows { bounds[row] = largestParabola(row: row) }
    }

    /// Drops the rows of injected events.
    mutating func removeInjected() { rows = dataRows }

    /// Appends a row for an injected event and returns its number.
    mutating func append(_ ratios: some Sequence<Double>) -> Int {
        let base = rows * lanesPerRow * 8
        storage.reserve(base + lanesPerRow * 8 + 8)
        for lane in 0..<lanesPerRow { storage[lane: rows * lanesPerRow + lane] = .zero }
        for (k, value) in ratios.enumerated() { storage[base + k] = value }
        bounds.reserve(rows + 1)
        bounds[rows] = largestParabola(row: rows)
        rows += 1
        return rows - 1
    }

    /// Ratios 8·lane … 8·lane + 7 of a row.
    @inline(__always)
    func lane(_ lane: Int, row: Int) -> SIMD8<Double> { storage[lane: row &* lanesPerRow &+ lane] }

    /// Eight ratios of a row from 8·lane + `ahead` on; beyond the row's end they mean nothing.
    @inline(__always)
    func lane(_ lane: Int, ahead: Int, row: Int) -> SIMD8<Double> {
        storage.lane(from: (row &* lanesPerRow &+ lane) &* 8 &+ ahead)
    }

    /// The ratio of a row at a grid point.
    @inline(__always)
    func value(row: Int, gridIndex: Int) -> Double { storage[row &* lanesPerRow &* 8 &+ gridIndex] }

    /// An upper bound of a row's |ratio| over all γ.
    @inline(__always)
    func largest(row: Int) -> Double { bounds[row] }

    private func largestParabola(row: Int) -> Double {
        (1..<(gridCount - 1)).reduce(0) { max($0, EnergyRatios.bound(parabola(row: row, cell: $1))) }
    }

    /// The parabola of a row in the cell of grid point k.
    @inline(__always)
    func parabola(row: Int, cell k: Int) -> (a: Double, b: Double, c: Double) {
        let base = row &* lanesPerRow &* 8 &+ k
        return EnergyRatios.parabola(storage[base &- 1], storage[base], storage[base &+ 1])
    }
}
