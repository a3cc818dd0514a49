import Numerics

/// One dataset's events within one cell of the γ grid: X(t) = x0 + x1 t + x2 t² with t = γ − γ_k, X = (R − 1)/N.
///
/// Sums over events run in lanes of eight, the last lane filled up with X = 0, which adds ln 1 = 0.
struct CellEvents {
    /// ℓ(m, t) = Σ ln(1 + m X) + (N − n) ln(1 − m/N) with all first and second derivatives, m = n_s f_j.
    struct Sums {
        var value = 0.0
        var dm = 0.0
        var dmm = 0.0
        var dt = 0.0
        var dtt = 0.0
        var dmt = 0.0
    }

    /// Below 1 + m X = this, the logarithm is replaced by its second-order expansion there (docs/model.md, section 5).
    static let expansionPoint = 1e-3

    private let x0 = LaneArray()
    private let x1 = LaneArray()
    private let x2 = LaneArray()
    private var lanes = 0
    private var total = 0.0
    /// Events of the dataset that are not listed: each contributes ln(1 − m/N).
    private var others = 0.0

    /// Takes the events' ratios in cell `cell` of the grid.
    mutating func load(_ events: borrowing SelectedEvents, cell: Int) {
        let count = events.count
        lanes = (count + 7) / 8
        total = Double(events.total)
        others = total - Double(count)
        for array in [x0, x1, x2] {
            array.reserve(lanes * 8)
            if lanes > 0 { array[lane: lanes - 1] = .zero }
        }
        let inverse = 1 / total
        for i in 0..<count {
            let (a, b, c) = events.energyRatios.parabola(row: Int(events.rows[i]), cell: cell)
            let spatial = events.spatialRatios[i]
            x0[i] = (spatial * c - 1) * inverse
            x1[i] = spatial * b * inverse
            x2[i] = spatial * a * inverse
        }
    }

    /// ℓ and its derivatives at m = n_s f_j and offset t; ℓ = −∞ for m ≥ N where unlisted events remain.
    func sums(_ m: Double, _ t: Double) -> Sums {
        var product = LogProduct()
        var smallest = SIMD8<Double>(repeating: 1)
        var (dm, dmm, dt) = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
        var (dtt, dmt) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for lane in 0..<lanes {
            let (b, a) = (x1[lane: lane], x2[lane: lane])
            let x = x0[lane: lane] + t * (b + t * a)
            let slope = b + (2 * t) * a
            let u = 1 + m * x
            smallest = pointwiseMin(smallest, u)
            let inverse = 1 / u
            let xu = x * inverse
            let su = slope * inverse
            product.multiply(u)
            if lane & 7 == 7 { product.normalise() }
            dm += xu
            dmm -= xu * xu
            dt += su
            dtt += (2 * a) * inverse - m * (su * su)
            dmt += su * inverse
        }
        if smallest.min() <= Self.expansionPoint { return expandedSums(m, t) }
        let rest = rest(m)
        return Sums(
            value: product.value + rest.value, dm: dm.total + rest.slope, dmm: dmm.total + rest.curvature,
            dt: m * dt.total, dtt: m * dtt.total, dmt: dmt.total)
    }

    /// The part of the events that are not listed, with its derivatives with respect to m.
    private func rest(_ m: Double) -> (value: Double, slope: Double, curvature: Double) {
        guard others > 0 else { return (0, 0, 0) }
        guard m < total else { return (-.infinity, -.infinity, -.infinity) }
        let remaining = total - m
        return (others * Portable.log1p(-m / total), -others / remaining, -others / (remaining * remaining))
    }

    /// The same sums one event at a time, with the expansion of the logarithm where its argument comes close to 0.
    private func expandedSums(_ m: Double, _ t: Double) -> Sums {
        let point = Self.expansionPoint
        let rest = rest(m)
        var sums = Sums(value: rest.value, dm: rest.slope, dmm: rest.curvature)
        for i in 0..<(lanes * 8) {
            let x = x0[i] + t * (x1[i] + t * x2[i])
            let slope = x1[i] + 2 * t * x2[i]
            let u = 1 + m * x
            // L(u) = ln u, or its expansion; first and second derivative with respect to u.
            var (value, first, second) = (0.0, 0.0, 0.0)
            if u > point {
                (value, first, second) = (Portable.log(u), 1 / u, -1 / (u * u))
            } else {
                let distance = (u - point) / point
                value = Portable.log(point) + distance - 0.5 * distance * distance
                (first, second) = ((1 - distance) / point, -1 / (point * point))
            }
            sums.value += value
            sums.dm += first * x
            sums.dmm += second * x * x
            sums.dt += first * m * slope
            sums.dtt += second * m * m * slope * slope + first * m * 2 * x2[i]
            sums.dmt += second * m * slope * x + first * slope
        }
        return sums
    }

    /// An upper bound of Σ ln(1 + n f X) over all offsets in [lower, upper] and weights in [fewest, most], with its first two
    /// derivatives with respect to n; nil where the logarithm's expansion would be needed.
    func bound(n: Double, lower: Double, upper: Double, fewest: Double, most: Double)
        -> (value: Double, slope: Double, curvature: Double)?
    {
        var product = LogProduct()
        var smallest = SIMD8<Double>(repeating: 1)
        var (slope, curvature) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for lane in 0..<lanes {
            let (c, b, a) = (x0[lane: lane], x1[lane: lane], x2[lane: lane])
            var x = pointwiseMax(c + lower * (b + lower * a), c + upper * (b + upper * a))
            // A parabola that rises at the lower and falls at the upper end peaks between them.
            let peaks = (b + (2 * lower) * a .> 0) .& (b + (2 * upper) * a .< 0)
            x.replace(with: c - (b * b) / (4 * a), where: peaks)
            let weight = SIMD8<Double>(repeating: fewest).replacing(with: most, where: x .> 0)
            let y = weight * x
            let u = 1 + n * y
            smallest = pointwiseMin(smallest, u)
            let yu = y / u
            product.multiply(u)
            if lane & 7 == 7 { product.normalise() }
            slope += yu
            curvature -= yu * yu
        }
        guard smallest.min() > Self.expansionPoint, n * most < total else { return nil }
        let rest = rest(n * fewest)
        return (
            product.value + rest.value, slope.total + fewest * rest.slope, curvature.total + fewest * fewest * rest.curvature
        )
    }
}
