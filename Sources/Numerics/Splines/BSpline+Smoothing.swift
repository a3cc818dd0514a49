import Diagnostics

extension BSpline {
    /// Dierckx's smoothing spline: among the splines on an adaptively chosen set of knots with Σ (y_i − s(x_i))² =
    /// `smoothing` (to 0.1 %), the one with the smallest jumps of its highest derivative.
    ///
    /// Follows FITPACK's `curfit` with unit weights step by step, as called by scipy's `UnivariateSpline(x, y,
    /// k=degree, s=smoothing)`, because the result depends on the path: first with at most m/2 knots, and only if those
    /// are not enough with as many as interpolation needs. If the iteration for the smoothing parameter stalls (scipy
    /// warns), the last approximation is returned, as in scipy.
    ///
    /// Reference: P. Dierckx 1993, ch. 5; J. Comp. Appl. Math. 1 (1975) 165.
    ///
    /// - Parameters:
    ///   - x: m ≥ degree + 1 finite, strictly increasing abscissae.
    ///   - y: m finite ordinates.
    ///   - degree: 1 to 5.
    ///   - smoothing: bound on the sum of squared residuals; 0 interpolates.
    /// - Throws: `Fault` of kind `usage` for the degree or the smoothing, `badData` for the points.
    public static func smoothing(x: [Double], y: [Double], degree: Int, smoothing: Double) throws -> BSpline {
        guard smoothing >= 0, smoothing.isFinite else {
            throw Fault(
                .usage, "smoothing \(smoothing) of a spline is not a finite number ≥ 0", remedy: "give 0 or more")
        }
        try Abscissae.check(degree: degree)
        try Abscissae.check(x, y, atLeast: degree + 1, for: "a smoothing spline of degree \(degree)")
        if smoothing == 0 { return try interpolating(x: x, y: y, degree: degree) }
        switch chooseKnots(x: x, y: y, degree: degree, smoothing: smoothing) {
        case .interpolation:
            return try interpolating(x: x, y: y, degree: degree)
        case .leastSquares(let fit):
            return try finite(fit.spline)
        case .knots(let fit, let polynomialSum):
            return try finite(
                SmoothingParameter(fit: fit, ordinates: y, smoothing: smoothing, polynomialSum: polynomialSum).solve())
        }
    }

    /// Returns a spline unless its computation overflowed.
    private static func finite(_ spline: BSpline) throws -> BSpline {
        guard spline.coefficients.allSatisfy(\.isFinite) else {
            throw Fault(
                .badData, "the smoothing spline of degree \(spline.degree) overflows", remedy: "rescale the points")
        }
        return spline
    }

    /// The result of the choice of knots.
    private enum KnotChoice {
        /// Only interpolation is close enough: rounding prevents the requested closeness.
        case interpolation
        /// This least-squares spline is the result: the polynomial, or one whose residual sum is just right.
        case leastSquares(LeastSquaresSpline)
        /// The least-squares spline on these knots is too close; the polynomial, with this residual sum, is too far
        /// away.
        case knots(LeastSquaresSpline, polynomialSum: Double)
    }

    /// The first part of `fpcurf`: adds knots until the least-squares spline is closer than `smoothing`.
    private static func chooseKnots(x: [Double], y: [Double], degree: Int, smoothing: Double) -> KnotChoice {
        let tolerance = SmoothingParameter.relativeTolerance * smoothing
        let fewest = 2 * (degree + 1)
        let most = x.count + degree + 1
        var allowed = max(x.count / 2, fewest)
        var placement = KnotPlacement(abscissae: x, degree: degree)
        var polynomialSum = 0.0
        var previousSum = 0.0
        var added = 0
        var interpolates = x.count == degree + 1
        while true {
            let knots = interpolates ? interpolationKnots(x: x, degree: degree) : placement.knots
            let fit = LeastSquaresSpline(x: x, y: y, knots: knots, degree: degree)
            let isPolynomial = placement.knotCount == fewest
            if isPolynomial { polynomialSum = fit.residualSum }
            let excess = fit.residualSum - smoothing
            // A sum that is not a number, from an overflow, also ends here and is reported by the caller.
            guard excess >= 0, excess >= tolerance else {
                if isPolynomial { return .leastSquares(fit) }
                if abs(excess) < tolerance { return .leastSquares(fit) }
                return .knots(fit, polynomialSum: polynomialSum)
            }
            if interpolates { return .interpolation }
            let isExhausted = placement.knotCount == allowed
            if isExhausted { allowed = most }
            if isPolynomial || isExhausted {
                // scipy restarts with more knots, which resets the step to one knot.
                added = 1
            } else {
                // The number that the last step's gain suggests, but neither less than half nor more than twice the
                // last number.
                let gain = previousSum - fit.residualSum
                let promised = gain > tolerance ? Double(added) * excess / gain : Double(2 * added)
                added = min(2 * added, max(Int(min(promised, Double(2 * added))), added / 2, 1))
            }
            previousSum = fit.residualSum
            placement.shareOut(squaredResiduals: fit.squaredResiduals(y))
            for _ in 0..<added {
                interpolates = !placement.addKnot() || placement.knotCount >= most
                if interpolates || placement.knotCount == allowed { break }
            }
        }
    }
}

/// The least-squares spline on given knots, with the data for the search of the smoothing parameter.
struct LeastSquaresSpline {
    let spline: BSpline
    /// The rotated normal system, without its solution's smoothing.
    let system: BandedLeastSquares
    let observations: [BSpline.Observation]
    /// Σ (y_i − s(x_i))².
    var residualSum: Double { system.residualSum }

    init(x: [Double], y: [Double], knots: [Double], degree: Int) {
        observations = x.map { BSpline.Observation(at: $0, knots: knots, degree: degree) }
        var system = BandedLeastSquares(unknowns: knots.count - degree - 1, width: degree + 1)
        for (observation, ordinate) in zip(observations, y) {
            system.add(row: observation.basis, first: observation.first, value: ordinate)
        }
        self.system = system
        spline = BSpline(uncheckedKnots: knots, coefficients: system.solution(), degree: degree)
    }

    /// (y_i − s(x_i))² at each abscissa.
    func squaredResiduals(_ ordinates: [Double]) -> [Double] {
        zip(observations, ordinates).map { observation, ordinate in
            let difference = observation.value(spline.coefficients) - ordinate
            return difference * difference
        }
    }
}
