import Numerics

/// Σ R, Σ R², Σ R³ and Σ R⁴ over the weak events of a dataset as polynomials in the offset t in a cell, four numbers
/// side by side.
///
/// With ζ = z/(1 − z), z = n_j/N_j, Σ ln(1 + z (R − 1)) over all N_j events is N_j ln(1 − z) + Σ ln(1 + ζ R), and for
/// small ζ R the sum of logarithms is ζ Σ R − ζ²/2 Σ R² + ζ³/3 Σ R³ − ζ⁴/4 Σ R⁴.
struct CellMoments {
    /// By increasing powers of t.
    private var coefficients = InlineArray<5, SIMD4<Double>>(repeating: .zero)

    init() {}

    /// The sums in cell k of the grid.
    init(_ events: DatasetEvents, cell k: Int) {
        let negligible = events.negligibleRatio(cell: k)
        if events.usedTableLanes > 0 { setPowers(events, cell: k) }
        coefficients[0][0] += negligible.c
        coefficients[1][0] += negligible.b
        coefficients[2][0] += negligible.a
    }

    /// Sets the polynomials of degree 4 through the sums at five equidistant offsets, including the cell's ends. Those
    /// of R and R² are exact, those of R³ and R⁴ up to their fifth and higher powers of t.
    private mutating func setPowers(_ events: DatasetEvents, cell k: Int) {
        let h = 0.25 * events.rows.step
        let (a, b) = (Self.sums(events, cell: k, offset: -2 * h), Self.sums(events, cell: k, offset: -h))
        let c = Self.sums(events, cell: k, offset: 0)
        let (d, e) = (Self.sums(events, cell: k, offset: h), Self.sums(events, cell: k, offset: 2 * h))
        coefficients[0] = c
        coefficients[1] = ((a - e) + 8 * (d - b)) / (12 * h)
        coefficients[2] = (16 * (b + d) - 30 * c - (a + e)) / (24 * h * h)
        coefficients[3] = ((e - a) + 2 * (b - d)) / (12 * h * h * h)
        coefficients[4] = ((a + e) - 4 * (b + d) + 6 * c) / (24 * h * h * h * h)
    }

    private static func sums(_ events: DatasetEvents, cell k: Int, offset: Double) -> SIMD4<Double> {
        let (rows, weights) = (events.rows, NodeWeights(offset: offset, step: events.rows.step))
        return powerSums(events) { weights.densities(rows, cell: k, lane: $0) }
    }

    /// Σ R, Σ R², Σ R³ and Σ R⁴ over the weak events of a dataset.
    ///
    /// - Parameter density: S_E of eight rows of the signal's table.
    @inline(__always)
    static func powerSums(_ events: DatasetEvents, _ density: (_ lane: Int) -> SIMD8<Double>) -> SIMD4<Double> {
        let (w1, w2) = (events.powerSums.0.view, events.powerSums.1.view)
        let (w3, w4) = (events.powerSums.2.view, events.powerSums.3.view)
        let used = events.usedLanes.view
        var (s1, s2) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        var (s3, s4) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for i in 0..<events.usedTableLanes {
            let lane = Int(used[i])
            let density = density(lane)
            let square = density * density
            s1.addProduct(density, w1[lane: lane])
            s2.addProduct(square, w2[lane: lane])
            s3.addProduct(square * density, w3[lane: lane])
            s4.addProduct(square * square, w4[lane: lane])
        }
        return SIMD4(s1.total, s2.total, s3.total, s4.total)
    }

    /// The sums of powers at an offset, with their first two derivatives.
    @inline(__always)
    func values(at t: Double) -> (value: SIMD4<Double>, slope: SIMD4<Double>, curvature: SIMD4<Double>) {
        let t = SIMD4(repeating: t)
        var (value, slope, curvature) = (coefficients[4], SIMD4<Double>.zero, SIMD4<Double>.zero)
        var i = 3
        while i >= 0 {
            curvature = (2 * slope).addingProduct(t, curvature)
            slope = value.addingProduct(t, slope)
            value = coefficients[i].addingProduct(t, value)
            i -= 1
        }
        return (value, slope, curvature)
    }
}
