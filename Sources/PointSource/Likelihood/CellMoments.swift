import Numerics

/// Σ R^p, p = 1 to 4, as polynomials in the offset t in a cell, over the events of a dataset that are not near the
/// source.
///
/// With ζ = z/(1 − z), z = n_j/N_j, Σ ln(1 + z (R − 1)) over all N_j events is
/// N_j ln(1 − z) + Σ ln(1 + ζ R), and for small ζ R the sum of logarithms is ζ Σ R − ζ²/2 Σ R² + ζ³/3 Σ R³ − ζ⁴/4 Σ R⁴.
struct CellMoments {
    var first = OffsetPolynomial<3>()
    var second = OffsetPolynomial<5>()
    /// Without its terms t⁵ and t⁶.
    var third = OffsetPolynomial<5>()
    /// Without its terms from t³ on.
    var fourth = OffsetPolynomial<3>()

    /// Adds Σ w² S_E² over energies, given Σ w² for each.
    mutating func addSquares(_ events: DatasetEvents, cell k: Int) {
        let squares = events.squareSums.view
        let rows = events.rows
        // Sums of the products of the densities at the three grid points: (ll, cc, rr) and (lc, cr, –), and lr.
        var (same, next) = (SIMD4<Double>.zero, SIMD4<Double>.zero)
        var ends = 0.0
        for row in 0..<events.rowCount {
            let square = squares[row]
            let nodes = rows.nodes(row: row, cell: k)
            let weighted = square * nodes
            same += weighted * nodes
            next += weighted * SIMD4(nodes[1], nodes[2], nodes[3], nodes[0])
            ends += weighted[0] * nodes[2]
        }
        let d = GammaGrid.step
        let (ll, cc, rr) = (same[0], same[1], same[2])
        let (lc, cr, lr) = (next[0], next[1], ends)
        // S = c + b t + a t² with b = (r − l)/2δ and a = (l − 2 c + r)/2δ²; squared and summed.
        let cb = (cr - lc) / (2 * d)
        let bb = (rr - 2 * lr + ll) / (4 * d * d)
        let ca = (lc - 2 * cc + cr) / (2 * d * d)
        let ab = (rr - ll - 2 * cr + 2 * lc) / (4 * d * d * d)
        let aa = (ll + 4 * cc + rr - 4 * lc + 2 * lr - 4 * cr) / (4 * d * d * d * d)
        second.coefficients[0] += cc
        second.coefficients[1] += 2 * cb
        second.coefficients[2] += bb + 2 * ca
        second.coefficients[3] += 2 * ab
        second.coefficients[4] += aa
    }

    /// Adds R², R³ and R⁴ of events whose R = r0 + r1 t + r2 t², eight at a time.
    mutating func addPowers(_ r0: LaneView, _ r1: LaneView, _ r2: LaneView, lanes: Int) {
        typealias Lane = SIMD8<Double>
        var (s0, s1, s2, s3, s4) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero, Lane.zero)
        var (t0, t1, t2, t3, t4) = (Lane.zero, Lane.zero, Lane.zero, Lane.zero, Lane.zero)
        var (f0, f1, f2) = (Lane.zero, Lane.zero, Lane.zero)
        for lane in 0..<lanes {
            let (c, b, a) = (r0[lane: lane], r1[lane: lane], r2[lane: lane])
            let q0 = c * c
            let q1 = 2 * c * b
            let q2 = b * b + 2 * c * a
            let q3 = 2 * b * a
            let q4 = a * a
            s0 += q0
            s1 += q1
            s2 += q2
            s3 += q3
            s4 += q4
            t0 += q0 * c
            t1 += q0 * b + q1 * c
            t2 += q0 * a + q1 * b + q2 * c
            t3 += q1 * a + q2 * b + q3 * c
            t4 += q2 * a + q3 * b + q4 * c
            f0 += q0 * q0
            f1 += 2 * q0 * q1
            f2 += 2 * q0 * q2 + q1 * q1
        }
        for (i, sum) in [s0, s1, s2, s3, s4].enumerated() { second.coefficients[i] += sum.total }
        for (i, sum) in [t0, t1, t2, t3, t4].enumerated() { third.coefficients[i] += sum.total }
        for (i, sum) in [f0, f1, f2].enumerated() { fourth.coefficients[i] += sum.total }
    }
}
