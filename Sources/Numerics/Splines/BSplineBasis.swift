/// The B-spline basis on a knot vector, without allocation: the search for the knot span and Cox–de Boor's recursion.
///
/// Reference: C. de Boor, *A Practical Guide to Splines*, 1978, ch. X; P. Dierckx 1993, sec. 1.3 (FITPACK's `fpbspl`).
@usableFromInline
enum BSplineBasis {
    /// The index l of the span t[l] ≤ x < t[l + 1], degree ≤ l ≤ knots.count − degree − 2.
    ///
    /// An x outside the domain (or NaN) gets an end span, so that the end polynomials continue.
    /// Complexity: O(log knots.count).
    @inlinable
    static func span(of x: Double, knots: [Double], degree: Int) -> Int {
        var low = degree
        var high = knots.count - degree - 1
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if knots[middle] <= x { low = middle } else { high = middle }
        }
        return low
    }

    /// The `degree + 1` basis functions that do not vanish on span l, at x: lane j holds B_(l − degree + j)(x).
    @inlinable
    static func values(at x: Double, span l: Int, knots: [Double], degree: Int) -> SIMD8<Double> {
        var basis = SIMD8<Double>(repeating: 0)
        basis[0] = 1
        var order = 1
        while order <= degree {
            var carried = 0.0
            var lane = 0
            while lane < order {
                let right = knots[l + lane + 1]
                let left = knots[l + lane + 1 - order]
                let share = basis[lane] / (right - left)
                basis[lane] = carried + share * (right - x)
                carried = share * (x - left)
                lane += 1
            }
            basis[order] = carried
            order += 1
        }
        return basis
    }
}
