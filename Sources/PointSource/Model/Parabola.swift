/// a t² + b t + c in the offset t = θ − θ_k, |t| ≤ half a step, of a cell of the grid of θ: the interpolation of energy
/// densities between grid points (docs/model.md, section 4).
struct Parabola: Sendable {
    var c = 0.0
    var b = 0.0
    var a = 0.0

    init(c: Double, b: Double, a: Double) {
        (self.c, self.b, self.a) = (c, b, a)
    }

    /// The parabola through the values at a grid point and its neighbours, a step away.
    @inline(__always)
    init(_ left: Double, _ centre: Double, _ right: Double, step delta: Double) {
        c = centre
        b = 0.5 * (right - left) / delta
        a = 0.5 * (left - 2 * centre + right) / (delta * delta)
    }

    @inline(__always)
    func value(at t: Double) -> Double { c + t * (b + t * a) }

    /// An upper bound of |a t² + b t + c| over a cell of a width of one step.
    func magnitudeBound(step: Double) -> Double {
        let half = 0.5 * step
        return abs(c) + half * (abs(b) + half * abs(a))
    }
}
