/// A polynomial in the offset t = γ − γ_k of a cell of the γ grid, of degree `count` − 1.
struct OffsetPolynomial<let count: Int> {
    /// By rising powers of t.
    var coefficients = InlineArray<count, Double>(repeating: 0)

    /// The value with its first two derivatives.
    @inline(__always)
    func taken(at t: Double) -> Taken {
        var taken = Taken()
        var i = count - 1
        while i >= 0 {
            taken.curvature = taken.curvature * t + 2 * taken.slope
            taken.slope = taken.slope * t + taken.value
            taken.value = taken.value * t + coefficients[i]
            i -= 1
        }
        return taken
    }

    struct Taken {
        var value = 0.0
        var slope = 0.0
        var curvature = 0.0
    }
}
