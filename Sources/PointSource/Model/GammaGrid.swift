/// The spectral indices at which densities and yields are tabulated: the fit range in steps of 0.1, and one more step
/// on either side (docs/model.md, sections 3 and 4).
public struct GammaGrid: Sendable, Equatable {
    public static let step = 0.1
    /// Ascending; the first and last lie outside the fit range.
    public let values: [Double]

    /// - Parameters:
    ///   - minimum: lower bound of the fit.
    ///   - maximum: upper bound of the fit, > minimum.
    public init(minimum: Double, maximum: Double) {
        let steps = Int(((maximum - minimum) / Self.step - 1e-6).rounded(.up))
        values = (-1...(steps + 1)).map { k in
            ((minimum + Double(k) * Self.step) * 1e9).rounded() / 1e9
        }
    }

    /// Indices into ``values`` of the points that have a neighbour on both sides: the cells of the interpolation.
    public var interior: Range<Int> { 1..<(values.count - 1) }

    /// The interior grid point nearest to γ, the lower one of two equally near, and γ's distance from it.
    ///
    /// - Parameter gamma: a value in the fit range. For others the index is clamped to ``interior``, and the offset
    ///   exceeds half a step: the parabola of the outermost cell continues.
    public func nearest(to gamma: Double) -> (index: Int, offset: Double) {
        // Rounded to nine decimals, as in SkyLLH: 1.05 is half-way although its binary value is not.
        let position = (((gamma - values[0]) / Self.step) * 1e9).rounded() / 1e9
        let lower = position.rounded(.down)
        let index = Int(lower) + (position - lower > 0.5 ? 1 : 0)
        let clamped = min(max(index, interior.lowerBound), interior.upperBound - 1)
        return (clamped, gamma - values[clamped])
    }
}
