import Diagnostics

extension BSpline {
    /// The interpolating spline of FITPACK through the points (x_i, y_i).
    ///
    /// End knots are repeated `degree + 1` times; interior knots are at the abscissae from the ((degree + 3)/2)-th on
    /// for an odd degree (all interior ones for 1, x_3 … x_(m−2) for 3), half-way between them for an even one ((x_2 +
    /// x_3)/2 … (x_(m−2) + x_(m−1))/2 for 2). Agrees with scipy's `InterpolatedUnivariateSpline` within rounding.
    ///
    /// - Parameters:
    ///   - x: m ≥ degree + 1 finite, strictly increasing abscissae.
    ///   - y: m finite ordinates.
    ///   - degree: 1 to 5.
    /// - Throws: `Fault` of kind `usage` for the degree, `badData` for the points.
    public static func interpolating(x: [Double], y: [Double], degree: Int) throws -> BSpline {
        try Abscissae.check(degree: degree)
        try Abscissae.check(x, y, atLeast: degree + 1, for: "an interpolating spline of degree \(degree)")
        let knots = interpolationKnots(x: x, degree: degree)
        var system = BandedLeastSquares(unknowns: x.count, width: degree + 1)
        for (abscissa, ordinate) in zip(x, y) {
            let observation = Observation(at: abscissa, knots: knots, degree: degree)
            system.add(row: observation.basis, first: observation.first, value: ordinate)
        }
        let coefficients = system.solution()
        guard coefficients.allSatisfy(\.isFinite) else {
            throw Fault(
                .badData, "the interpolating spline of degree \(degree) through \(x.count) points overflows",
                remedy: "rescale the points")
        }
        return BSpline(uncheckedKnots: knots, coefficients: coefficients, degree: degree)
    }

    /// FITPACK's choice of knots for interpolation at `x` (at least degree + 1 of them).
    static func interpolationKnots(x: [Double], degree: Int) -> [Double] {
        let interiorCount = x.count - degree - 1
        let firstUsed = degree / 2 + 1
        let interior = (0..<max(0, interiorCount)).map { index in
            let place = firstUsed + index
            return degree.isMultiple(of: 2) ? (x[place] + x[place - 1]) * 0.5 : x[place]
        }
        return clampedKnots(interior: interior, first: x[0], last: x[x.count - 1], degree: degree)
    }

    /// Interior knots between end knots repeated degree + 1 times.
    static func clampedKnots(interior: [Double], first: Double, last: Double, degree: Int) -> [Double] {
        [Double](repeating: first, count: degree + 1) + interior + [Double](repeating: last, count: degree + 1)
    }

    /// One row of the collocation matrix: the basis functions that do not vanish at an abscissa.
    struct Observation {
        /// Index of the first contributing coefficient.
        let first: Int
        /// The degree + 1 basis functions from there on.
        let basis: [Double]

        init(at x: Double, knots: [Double], degree: Int) {
            let span = BSplineBasis.span(of: x, knots: knots, degree: degree)
            let lanes = BSplineBasis.values(at: x, span: span, knots: knots, degree: degree)
            first = span - degree
            basis = (0...degree).map { lanes[$0] }
        }

        /// The spline's value at this abscissa.
        func value(_ coefficients: [Double]) -> Double {
            var sum = 0.0
            for (offset, weight) in basis.enumerated() { sum += coefficients[first + offset] * weight }
            return sum
        }
    }
}
