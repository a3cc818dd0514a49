extension BSpline {
    /// s(x). Outside ``domain`` the end polynomials continue; NaN gives NaN.
    ///
    /// Complexity: O(log n + degree²), without allocation.
    @inlinable
    public func value(at x: Double) -> Double {
        let span = BSplineBasis.span(of: x, knots: knots, degree: degree)
        let basis = BSplineBasis.values(at: x, span: span, knots: knots, degree: degree)
        var sum = 0.0
        var lane = 0
        while lane <= degree {
            sum += coefficients[span - degree + lane] * basis[lane]
            lane += 1
        }
        return sum
    }

    /// ds/dx at x, of the piece to the right of a knot. Outside ``domain`` the end polynomials continue.
    ///
    /// Complexity: O(log n + degree²), without allocation.
    @inlinable
    public func derivative(at x: Double) -> Double {
        // s' = Σ k (c_i − c_(i−1)) / (t_(i+k) − t_i) B_i,k−1 (Dierckx 1993, eq. 1.39).
        let span = BSplineBasis.span(of: x, knots: knots, degree: degree)
        let basis = BSplineBasis.values(at: x, span: span, knots: knots, degree: degree - 1)
        var sum = 0.0
        var lane = 0
        while lane < degree {
            let index = span - degree + 1 + lane
            let step = coefficients[index] - coefficients[index - 1]
            sum += step / (knots[index + degree] - knots[index]) * basis[lane]
            lane += 1
        }
        return sum * Double(degree)
    }
}
