import Numerics

/// Ratios of signal to background energy density of many events at every point of the γ grid.
///
/// A row holds the ratios of one energy in one sin(dec) bin. Data have their energies rounded to 0.01 in lg E, so a few
/// hundred rows serve a million events.
struct EnergyRatios: Sendable {
    /// Numbers from one row to the next: the grid's size rounded up to whole lanes of eight.
    let stride: Int
    let gridCount: Int
    /// Row-major [row][grid point], padded with zeros.
    private(set) var values: [Double] = []

    init(gridCount: Int) {
        self.gridCount = gridCount
        stride = (gridCount + 7) / 8 * 8
    }

    var count: Int { values.count / stride }

    /// Appends the row of an energy and returns its number.
    mutating func append(
        log10Energy: Double, sinDeclinationBin: Int?, signal: SignalEnergyDensity, background: BackgroundEnergyDensity
    ) -> Int {
        appendRow(
            Self.row(
                log10Energy: log10Energy, sinDeclinationBin: sinDeclinationBin, gridCount: gridCount, signal: signal,
                background: background))
    }

    /// The ratios of an energy at each point of the grid.
    static func row(
        log10Energy: Double, sinDeclinationBin: Int?, gridCount: Int, signal: SignalEnergyDensity,
        background: BackgroundEnergyDensity
    ) -> some Sequence<Double> {
        let density = sinDeclinationBin.map { background.value(log10Energy: log10Energy, bin: $0) } ?? 0
        return (0..<gridCount).lazy.map { ratio(signal.value(log10Energy: log10Energy, gridIndex: $0), density) }
    }

    /// Appends a row of one ratio for each point of the grid and returns its number.
    @discardableResult
    mutating func appendRow(_ ratios: some Sequence<Double>) -> Int {
        let row = count
        values.append(contentsOf: ratios)
        while values.count % stride != 0 { values.append(0) }
        return row
    }

    /// Signal over background; where there is no background, signal over 1e−15, at most the largest Float.
    static func ratio(_ signal: Double, _ background: Double) -> Double {
        let ratio = signal / (background > 0 ? background : 1e-15)
        return ratio == .infinity ? Double(Float.greatestFiniteMagnitude) : ratio
    }

    /// The ratio at one point of the grid.
    @inline(__always)
    func value(row: Int, gridIndex: Int) -> Double { values[row &* stride &+ gridIndex] }

    /// The parabola a t² + b t + c in t = γ − γ_k through its values at a grid point and its neighbours (docs/model.md,
    /// §4).
    @inline(__always)
    static func parabola(_ left: Double, _ centre: Double, _ right: Double) -> (a: Double, b: Double, c: Double) {
        let delta = GammaGrid.step
        return (0.5 * (left - 2 * centre + right) / (delta * delta), 0.5 * (right - left) / delta, centre)
    }

    /// The parabola of a row in the cell of grid point k.
    @inline(__always)
    func parabola(row: Int, cell k: Int) -> (a: Double, b: Double, c: Double) {
        let base = row &* stride &+ k
        return Self.parabola(values[base &- 1], values[base], values[base &+ 1])
    }

    /// An upper bound on |ratio| over all cells of the grid.
    func largest(row: Int) -> Double {
        (1..<(gridCount - 1)).reduce(0) { max($0, Self.bound(parabola(row: row, cell: $1))) }
    }

    /// An upper bound of |a t² + b t + c| over a cell.
    static func bound(_ parabola: (a: Double, b: Double, c: Double)) -> Double {
        let half = 0.5 * GammaGrid.step
        return abs(parabola.c) + half * (abs(parabola.b) + half * abs(parabola.a))
    }
}
