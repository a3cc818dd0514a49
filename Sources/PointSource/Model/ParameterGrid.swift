/// The values of the fitted family's parameter θ at which densities and yields are tabulated: the fit range in equal
/// steps, and one more step on either side (docs/model.md, sections 3 and 4).
public struct ParameterGrid: Sendable, Equatable {
    /// 0.1 for a spectral index, 0.04 for a peak energy.
    public let step: Double
    /// Ascending; the first and last lie outside the fit range.
    public let values: [Double]

    /// - Parameters:
    ///   - minimum: lower bound of the fit.
    ///   - maximum: upper bound of the fit, ≥ minimum.
    ///   - step: > 0.
    public init(minimum: Double, maximum: Double, step: Double) {
        self.step = step
        let steps = Int(((maximum - minimum) / step - 1e-6).rounded(.up))
        values = (-1...(steps + 1)).map { k in
            ((minimum + Double(k) * step) * 1e9).rounded() / 1e9
        }
    }

    /// Indices into ``values`` of the points that have a neighbour on both sides: the cells of the interpolation.
    public var interior: Range<Int> { 1..<(values.count - 1) }

    /// The interior grid point nearest to θ, the lower one of two equally near, and θ's distance from it.
    ///
    /// - Parameter parameter: a value in the fit range. For others the index is clamped to ``interior``, and the offset
    ///   exceeds half a step: the parabola of the outermost cell continues.
    public func nearest(to parameter: Double) -> (index: Int, offset: Double) {
        // Rounded to nine decimals, as in SkyLLH: 1.05 is half-way although its binary value is not.
        let position = (((parameter - values[0]) / step) * 1e9).rounded() / 1e9
        let lower = position.rounded(.down)
        let index = Int(lower) + (position - lower > 0.5 ? 1 : 0)
        let clamped = min(max(index, interior.lowerBound), interior.upperBound - 1)
        return (clamped, parameter - values[clamped])
    }
}
