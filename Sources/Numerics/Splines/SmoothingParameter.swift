/// The second part of FITPACK's `fpcurf`: on fixed knots, the smoothing parameter p with F(p) = smoothing.
///
/// The spline s_p minimises Σ (y_i − s(x_i))² + Σ (jump of s's k-th derivative at each interior knot)² / p. Its
/// residual sum F(p) is decreasing and convex, from the least-squares polynomial's at p = 0 to the least-squares
/// spline's at p = ∞, so that the rational function (u p + v) / (p + w) through three points of it converges fast.
///
/// Reference: P. Dierckx 1993, sec. 5.2.4, eq. 5.28 ff.
struct SmoothingParameter {
    /// The required relative deviation of F(p) from the given sum.
    static let relativeTolerance = 0.001
    private static let maximumIterations = 20

    let fit: LeastSquaresSpline
    let ordinates: [Double]
    let smoothing: Double
    /// The residual sum of the least-squares polynomial, F(0).
    let polynomialSum: Double

    /// A value of the smoothing parameter with F(p) − smoothing there.
    private struct Point {
        var p: Double
        var excess: Double
    }

    /// The smoothing spline; the last approximation if the iteration stalls or ends without success.
    func solve() -> BSpline {
        let tolerance = Self.relativeTolerance * smoothing
        let knots = fit.spline.knots
        let degree = fit.spline.degree
        let jumps = Self.derivativeJumps(knots: knots, degree: degree)
        let extended = BandedLeastSquares(widening: fit.system, to: degree + 2)

        var low = Point(p: 0, excess: polynomialSum - smoothing)
        var high = Point(p: .infinity, excess: fit.residualSum - smoothing)
        var lowIsSound = false
        var highIsSound = false
        var diagonalSum = 0.0
        for row in 0..<fit.system.unknowns { diagonalSum += fit.system.diagonal(row) }
        var p = Double(fit.system.unknowns) / diagonalSum
        var spline = fit.spline

        for _ in 0..<Self.maximumIterations {
            spline = Self.spline(at: p, system: extended, jumps: jumps, knots: knots, degree: degree)
            let middle = Point(p: p, excess: residualSum(of: spline) - smoothing)
            if abs(middle.excess) < tolerance { break }
            if !highIsSound {
                if !(middle.excess - high.excess > tolerance) {
                    // p is so large that F(p) cannot be distinguished from F(∞).
                    high = middle
                    p *= 0.04
                    if p <= low.p { p = low.p * 0.9 + middle.p * 0.1 }
                    continue
                }
                if middle.excess < 0 { highIsSound = true }
            }
            if !lowIsSound {
                if !(low.excess - middle.excess > tolerance) {
                    // p is so small that F(p) cannot be distinguished from F(0).
                    low = middle
                    p /= 0.04
                    if p >= high.p { p = middle.p * 0.1 + high.p * 0.9 }
                    continue
                }
                if middle.excess > 0 { lowIsSound = true }
            }
            // F must decrease from low to middle to high; if it does not, rounding dominates.
            guard middle.excess < low.excess, middle.excess > high.excess else { break }
            p = Self.rationalRoot(low, middle, high)
            if middle.excess < 0 { high = middle } else { low = middle }
        }
        return spline
    }

    private func residualSum(of spline: BSpline) -> Double {
        var sum = 0.0
        for (observation, ordinate) in zip(fit.observations, ordinates) {
            let difference = observation.value(spline.coefficients) - ordinate
            sum += difference * difference
        }
        return sum
    }

    /// s_p: the least-squares system with the jumps, divided by p, as further observations of 0.
    private static func spline(
        at p: Double, system: BandedLeastSquares, jumps: [[Double]], knots: [Double], degree: Int
    ) -> BSpline {
        var system = system
        let weight = 1 / p
        for (first, jump) in jumps.enumerated() {
            system.add(row: jump.map { $0 * weight }, first: first, value: 0)
        }
        return BSpline(uncheckedKnots: knots, coefficients: system.solution(), degree: degree)
    }

    /// The root of the rational function through three points; `high` may be at infinity (FITPACK's `fprati`).
    private static func rationalRoot(_ low: Point, _ middle: Point, _ high: Point) -> Double {
        if high.p.isInfinite {
            let fromLow = low.p * (low.excess - high.excess) * middle.excess
            let fromMiddle = middle.p * (middle.excess - high.excess) * low.excess
            return (fromLow - fromMiddle) / ((low.excess - middle.excess) * high.excess)
        }
        let first = low.excess * (middle.excess - high.excess)
        let second = middle.excess * (high.excess - low.excess)
        let third = high.excess * (low.excess - middle.excess)
        let numerator = low.p * middle.p * third + middle.p * high.p * first + high.p * low.p * second
        return -numerator / (low.p * first + middle.p * second + high.p * third)
    }

    /// The jump of each B-spline's k-th derivative at each interior knot, up to a common factor that makes it
    /// independent of the scale of x (Dierckx 1993, eq. 3.43; FITPACK's `fpdisc`). Row q belongs to interior knot q and
    /// contains the jumps of the k + 2 B-splines from q on, the only nonzero ones.
    static func derivativeJumps(knots: [Double], degree: Int) -> [[Double]] {
        let interior = knots.count - 2 * (degree + 1)
        let first = knots[degree]
        let last = knots[knots.count - degree - 1]
        let scale = Double(interior + 1) / (last - first)
        return (0..<max(0, interior)).map { row in
            let here = knots[row + degree + 1]
            // Distances to the degree + 1 knots on either side.
            let distances =
                (0...degree).map { here - knots[row + $0] } + (0...degree).map { here - knots[row + degree + 2 + $0] }
            return (0..<(degree + 2)).map { offset in
                var product = distances[offset]
                for factor in distances[(offset + 1)..<(offset + 1 + degree)] { product *= factor * scale }
                return (knots[row + offset + degree + 1] - knots[row + offset]) / product
            }
        }
    }
}
