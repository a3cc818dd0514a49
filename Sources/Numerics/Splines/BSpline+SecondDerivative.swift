extension BSpline {
    /// d²s/dx² at x, of the piece to the right of a knot; 0 for degree 1. Outside ``domain`` the end polynomials
    /// continue.
    ///
    /// Complexity: O(log n + degree²), without allocation.
    public func secondDerivative(at x: Double) -> Double {
        if degree < 2 { return 0 }
        // Differencing the coefficients twice lowers the degree by two (Dierckx 1993, eq. 1.39 applied to itself).
        let span = BSplineBasis.span(of: x, knots: knots, degree: degree)
        let basis = BSplineBasis.values(at: x, span: span, knots: knots, degree: degree - 2)
        var sum = 0.0
        for lane in 0...(degree - 2) {
            let index = span - degree + 2 + lane
            let change = difference(index) - difference(index - 1)
            sum += Double(degree - 1) * change / (knots[index + degree - 1] - knots[index]) * basis[lane]
        }
        return sum
    }

    /// The coefficient of B_i,k−1 in the first derivative.
    private func difference(_ index: Int) -> Double {
        Double(degree) * (coefficients[index] - coefficients[index - 1]) / (knots[index + degree] - knots[index])
    }
}
