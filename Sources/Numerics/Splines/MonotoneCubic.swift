import Diagnostics

/// A shape-preserving piecewise cubic (PCHIP): monotone wherever the data are, with a continuous first derivative.
///
/// Slopes inside are the weighted harmonic means of Fritsch and Butland, 0 at a local extremum; end slopes are the
/// three-point ones, limited to keep the shape. Agrees with scipy's `PchipInterpolator` within rounding.
///
/// References: F. N. Fritsch and R. E. Carlson, SIAM J. Numer. Anal. 17 (1980) 238; F. N. Fritsch and J. Butland,
/// SIAM J. Sci. Stat. Comput. 5 (1984) 300; C. Moler, *Numerical Computing with MATLAB*, 2004, sec. 3.4 and 3.6.
public struct MonotoneCubic: Sendable, Equatable {
    /// The abscissae, strictly increasing.
    public let x: [Double]
    /// The values there.
    public let y: [Double]
    /// The slopes there.
    public let slopes: [Double]

    /// The interpolation through the points (x_i, y_i).
    ///
    /// - Parameters:
    ///   - x: at least 2 finite, strictly increasing abscissae.
    ///   - y: as many finite ordinates.
    /// - Throws: `Fault` of kind `badData` for the points.
    public init(x: [Double], y: [Double]) throws {
        try Abscissae.check(x, y, atLeast: 2, for: "a monotone cubic interpolation")
        let slopes = Self.shapePreservingSlopes(x: x, y: y)
        guard slopes.allSatisfy(\.isFinite) else {
            throw Fault(
                .badData, "a slope of the monotone cubic through \(x.count) points overflows",
                remedy: "rescale the points")
        }
        self.x = x
        self.y = y
        self.slopes = slopes
    }

    /// The interpolated value, or nil outside the outermost abscissae (and for NaN).
    ///
    /// Complexity: O(log n), without allocation.
    @inlinable
    public func value(at argument: Double) -> Double? { piece(of: argument).map { value(at: argument, piece: $0) } }

    /// The interpolated value, 0 outside the outermost abscissae (and for NaN).
    ///
    /// Complexity: O(log n), without allocation.
    @inlinable
    public func valueOrZero(at argument: Double) -> Double { value(at: argument) ?? 0 }

    /// The index of the piece that contains an argument; nil outside the outermost abscissae (and for NaN).
    ///
    /// Complexity: O(log n), without allocation.
    @inlinable
    public func piece(of argument: Double) -> Int? {
        guard argument >= x[0], argument <= x[x.count - 1] else { return nil }
        return interval(of: argument)
    }

    /// The coefficients of the powers 0 to 3 of the distance from a piece's left end.
    public func coefficients(ofPiece piece: Int) -> SIMD4<Double> {
        let (cubic, quadratic) = curvature(piece)
        return SIMD4(y[piece], slopes[piece], quadratic, cubic)
    }

    /// ∫ of the interpolation, which is 0 outside the outermost abscissae; negative for `upper` < `lower`.
    ///
    /// Exact within rounding. Complexity: O(n).
    public func integral(from lower: Double, to upper: Double) -> Double {
        if upper < lower { return -integral(from: upper, to: lower) }
        let start = max(lower, x[0])
        let end = min(upper, x[x.count - 1])
        guard start < end else { return 0 }
        var sum = 0.0
        var piece = interval(of: start)
        while piece < x.count - 1, x[piece] < end {
            let from = max(start, x[piece]) - x[piece]
            let to = min(end, x[piece + 1]) - x[piece]
            sum += antiderivative(piece, to) - (from == 0 ? 0 : antiderivative(piece, from))
            piece += 1
        }
        return sum
    }

    /// The piece that contains an argument inside the range: the last one whose left end is not above it.
    @inlinable
    func interval(of argument: Double) -> Int {
        var low = 0
        var high = x.count - 1
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if x[middle] <= argument { low = middle } else { high = middle }
        }
        return low
    }

    @inlinable
    func value(at argument: Double, piece: Int) -> Double {
        let (cubic, quadratic) = curvature(piece)
        let distance = argument - x[piece]
        return y[piece] + distance * (slopes[piece] + distance * (quadratic + distance * cubic))
    }

    /// The coefficients of the third and second power of the distance from the piece's left end.
    @inlinable
    func curvature(_ piece: Int) -> (cubic: Double, quadratic: Double) {
        let width = x[piece + 1] - x[piece]
        let secant = (y[piece + 1] - y[piece]) / width
        let bend = (slopes[piece] + slopes[piece + 1] - 2 * secant) / width
        return (bend / width, (secant - slopes[piece]) / width - bend)
    }

    /// ∫ from the piece's left end over a distance.
    private func antiderivative(_ piece: Int, _ distance: Double) -> Double {
        let (cubic, quadratic) = curvature(piece)
        return distance
            * (y[piece] + distance * (slopes[piece] / 2 + distance * (quadratic / 3 + distance * (cubic / 4))))
    }
}

extension MonotoneCubic {
    private static func shapePreservingSlopes(x: [Double], y: [Double]) -> [Double] {
        let widths = (1..<x.count).map { x[$0] - x[$0 - 1] }
        let secants = widths.indices.map { (y[$0 + 1] - y[$0]) / widths[$0] }
        let last = widths.count - 1
        if last == 0 { return [secants[0], secants[0]] }
        var slopes = [endSlope(widths[0], widths[1], secants[0], secants[1])]
        for index in 1...last {
            let left = secants[index - 1]
            let right = secants[index]
            if left == 0 || right == 0 || (left < 0) != (right < 0) {
                slopes.append(0)
            } else {
                // The weighted harmonic mean (Moler, eq. 3.6).
                let leftWeight = 2 * widths[index] + widths[index - 1]
                let rightWeight = widths[index] + 2 * widths[index - 1]
                slopes.append(1 / ((leftWeight / left + rightWeight / right) / (leftWeight + rightWeight)))
            }
        }
        slopes.append(endSlope(widths[last], widths[last - 1], secants[last], secants[last - 1]))
        return slopes
    }

    /// The slope at an end, from the parabola through three points, limited so that the shape is kept (Moler, sec.
    /// 3.6).
    private static func endSlope(_ near: Double, _ far: Double, _ nearSecant: Double, _ farSecant: Double) -> Double {
        let slope = ((2 * near + far) * nearSecant - near * farSecant) / (near + far)
        if sign(slope) != sign(nearSecant) { return 0 }
        if sign(nearSecant) != sign(farSecant), abs(slope) > 3 * abs(nearSecant) { return 3 * nearSecant }
        return slope
    }

    /// −1, 0 or 1.
    private static func sign(_ value: Double) -> Int { value > 0 ? 1 : (value < 0 ? -1 : 0) }
}
