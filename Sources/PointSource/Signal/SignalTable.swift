import Numerics

/// The signal's energy density S_E at every point of the grid of θ, one row for each energy of the events.
///
/// The data's energies are rounded to 0.01 in lg E, and the density does not depend on an event's declination, so a few
/// hundred rows serve a million events.
struct SignalTable: Sendable {
    let gridCount: Int
    /// Row-major [row][grid point], each row padded with zeros to whole lanes of eight.
    let values: FlatTable<Double>

    /// The number of values per row, including padding.
    var stride: Int { Self.stride(gridCount: gridCount) }
    var count: Int { values.count / stride }

    static func stride(gridCount: Int) -> Int { (gridCount + 7) / 8 * 8 }

    init(gridCount: Int, values: FlatTable<Double>) {
        self.gridCount = gridCount
        self.values = values
    }

    /// - Parameter rows: rows of `gridCount` densities each.
    init(gridCount: Int, rows: [[Double]]) {
        let padding = [Double](repeating: 0, count: Self.stride(gridCount: gridCount) - gridCount)
        self.init(gridCount: gridCount, values: FlatTable(rows.flatMap { $0 + padding }))
    }

    /// An upper bound of the density of a row over all θ.
    ///
    /// - Parameter parabola: the row's parabola in the cell of a grid point.
    static func rowBound(gridCount: Int, step: Double, _ parabola: (Int) -> Parabola) -> Double {
        (1..<(gridCount - 1)).reduce(0) { max($0, parabola($1).magnitudeBound(step: step)) }
    }
}
