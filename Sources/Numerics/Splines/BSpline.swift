import Diagnostics

/// A polynomial spline s(x) = Σ c_i B_i,k(x) in the B-spline basis of degree k.
///
/// The same representation as FITPACK's `(t, c, k)`: with n knots there are n − k − 1 coefficients, the spline's domain
/// is from knot k to knot n − k − 1, and outside it the first and last polynomial pieces continue (the default of
/// FITPACK's `splev`).
///
/// Reference: P. Dierckx, *Curve and Surface Fitting with Splines*, Oxford 1993, ch. 1 and 2.
public struct BSpline: Sendable, Equatable {
    /// The largest degree that the allocation-free evaluation supports.
    public static let maximumDegree = 5

    /// The knots, non-decreasing; for a spline made here the end knots are repeated `degree + 1` times.
    public let knots: [Double]
    /// The coefficients; `knots.count - degree - 1` of them.
    public let coefficients: [Double]
    /// The degree of the pieces, 1 to 5.
    public let degree: Int

    /// A spline from its parts.
    ///
    /// - Throws: `Fault` of kind `usage` for a degree outside 1...5, of kind `badData` if the counts are inconsistent,
    ///   a number is not finite, the knots decrease, or a knot is repeated so often that the basis is undefined.
    public init(knots: [Double], coefficients: [Double], degree: Int) throws {
        try Abscissae.check(degree: degree)
        guard knots.count >= 2 * (degree + 1), coefficients.count == knots.count - degree - 1 else {
            throw Fault(
                .badData,
                "a spline of degree \(degree) was given \(knots.count) knots and \(coefficients.count) coefficients",
                remedy: "give at least \(2 * (degree + 1)) knots and \(degree + 1) fewer coefficients than knots")
        }
        guard (knots + coefficients).allSatisfy(\.isFinite) else {
            throw Fault(.badData, "a knot or coefficient of a spline is not finite", remedy: "give finite numbers")
        }
        for index in 1..<knots.count where knots[index] < knots[index - 1] {
            throw Fault(
                .badData, "knot \(index) of a spline, \(knots[index]), is below the one before, \(knots[index - 1])",
                remedy: "sort the knots")
        }
        // Inside the domain every piece must have a width, else the recursion divides by zero.
        for index in degree..<(knots.count - degree - 1) where !(knots[index] < knots[index + 1]) {
            throw Fault(
                .badData, "knot \(knots[index]) of a spline is repeated inside its domain",
                remedy: "give distinct interior knots")
        }
        self.init(uncheckedKnots: knots, coefficients: coefficients, degree: degree)
    }

    /// A spline from consistent parts.
    init(uncheckedKnots knots: [Double], coefficients: [Double], degree: Int) {
        self.knots = knots
        self.coefficients = coefficients
        self.degree = degree
    }

    /// The closed interval between the outermost abscissae, where the spline is not extrapolated.
    @inlinable
    public var domain: ClosedRange<Double> {
        let first = knots[degree]
        return first...max(first, knots[knots.count - degree - 1])
    }
}
