import Numerics

/// One dataset's events within one cell of the γ grid.
///
/// Strong events are listed: X(t) = x0 + x1 t + x2 t² with t = γ − γ_k and X = (R − 1)/N, in lanes of eight, the last
/// one filled up with X = 0, which adds ln 1 = 0. Weak ones are summed up (``WeakSums``). All others have R = 0.
struct CellEvents {
    /// ℓ(m, t) = Σ ln(1 + m X) over all events with all first and second derivatives, m = n_s f_j.
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
    private var weak = WeakSums.Cell()
    private var total = 0.0
    /// Events of the dataset that are neither listed nor summed up: each contributes ln(1 − m/N).
    private var others = 0.0

    /// Takes the events' ratios in cell `cell` of the grid.
    mutating func load(_ events: borrowing DatasetEvents, cell: Int) {
        let count = events.strongCount
        lanes = (count + 7) / 8
        total = events.total
        weak = events.weak.cell(cell)
        others = total - Double(count) - weak.count
        for array in [x0, x1, x2] {
            array.reserve(lanes * 8)
            if lanes > 0 { array[lane: lanes - 1] = .zero }
        }
        let inverse = 1 / total
        for i in 0..<count {
            let (a, b, c) = events.strongParabola(i, cell: cell)
            x0[i] = (c - 1) * inverse
            x1[i] = b * inverse
            x2[i] = a * inverse
        }
    }

    /// ℓ and its derivatives at m = n_s f_j and offset t; ℓ = −∞ for m ≥ N where events with R = 0 remain.
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
            smallest.replace(with: u, where: u .< smallest)
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
        var sums = summedUp(m, t)
        sums.value += product.value
        sums.dm += dm.total
        sums.dmm += dmm.total
        sums.dt += m * dt.total
        sums.dtt += m * dtt.total
        sums.dmt += dmt.total
        return sums
    }

    /// The part of the events that are not listed.
    private func summedUp(_ m: Double, _ t: Double) -> Sums {
        var sums = Sums()
        if others > 0 {
            guard m < total else { return Sums(value: -.infinity, dm: -.infinity, dmm: -.infinity) }
            let remaining = total - m
            sums.value = others * Portable.log1p(-m / total)
            sums.dm = -others / remaining
            sums.dmm = -others / (remaining * remaining)
        }
        if weak.count > 0 {
            // Σ ln(1 + z (R − 1)) = z Σ (R − 1) − z²/2 Σ (R − 1)², z = m/N.
            let (first, second) = (weak.first(t), weak.second(t))
            let z = m / total
            let deviation = first.value - weak.count
            let spread = second.value - 2 * first.value + weak.count
            let spreadSlope = second.slope - 2 * first.slope
            let spreadCurvature = second.curvature - 2 * first.curvature
            sums.value += z * (deviation - 0.5 * z * spread)
            sums.dm += (deviation - z * spread) / total
            sums.dmm -= spread / (total * total)
            sums.dt += z * (first.slope - 0.5 * z * spreadSlope)
            sums.dtt += z * (first.curvature - 0.5 * z * spreadCurvature)
            sums.dmt += (first.slope - z * spreadSlope) / total
        }
        return sums
    }

    /// The same sums one event at a time, with the expansion of the logarithm where its argument comes close to 0.
    private func expandedSums(_ m: Double, _ t: Double) -> Sums {
        let point = Self.expansionPoint
        var sums = summedUp(m, t)
        for i in 0..<(lanes * 8) {
            let x = x0[i] + t * (x1[i] + t * x2[i])
            let slope = x1[i] + 2 * t * x2[i]
            let u = 1 + m * x
            // L(u) = ln u, or its expansion; first and second derivative with respect to u.
            let (value, first, second): (Double, Double, Double)
            if u > point {
                (value, first, second) = (Portable.log(u), 1 / u, -1 / (u * u))
            } else {
                let distance = (u - point) / point
                (value, first, second) = (
                    Portable.log(point) + distance - 0.5 * distance * distance, (1 - distance) / point,
                    -1 / (point * point)
                )
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

    /// An upper bound of Σ ln(1 + n f X) over the offsets and the shares f in [fewest, most], with its first two
    /// derivatives with respect to n; nil where the logarithm's expansion would be needed. It is concave in n.
    func bound(n: Double, offsets: ClosedRange<Double>, share: ClosedRange<Double>)
        -> (value: Double, slope: Double, curvature: Double)?
    {
        let (lower, upper) = (offsets.lowerBound, offsets.upperBound)
        let (fewest, most) = (share.lowerBound, share.upperBound)
        var product = LogProduct()
        var smallest = SIMD8<Double>(repeating: 1)
        var (slope, curvature) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
        for lane in 0..<lanes {
            let (c, b, a) = (x0[lane: lane], x1[lane: lane], x2[lane: lane])
            var x = c + lower * (b + lower * a)
            let atUpper = c + upper * (b + upper * a)
            x.replace(with: atUpper, where: atUpper .> x)
            // A parabola that rises at the lower and falls at the upper end peaks between them.
            let peaks = (b + (2 * lower) * a .> 0) .& (b + (2 * upper) * a .< 0)
            x.replace(with: c - (b * b) / (4 * a), where: peaks)
            let weight = SIMD8<Double>(repeating: fewest).replacing(with: most, where: x .> 0)
            let y = weight * x
            let u = 1 + n * y
            smallest.replace(with: u, where: u .< smallest)
            let yu = y / u
            product.multiply(u)
            if lane & 7 == 7 { product.normalise() }
            slope += yu
            curvature -= yu * yu
        }
        guard smallest.min() > Self.expansionPoint, n * most < total else { return nil }
        let rest = summedUpBound(n, offsets, fewest, most)
        return (product.value + rest.value, slope.total + rest.slope, curvature.total + rest.curvature)
    }

    private func summedUpBound(_ n: Double, _ offsets: ClosedRange<Double>, _ fewest: Double, _ most: Double)
        -> (value: Double, slope: Double, curvature: Double)
    {
        let remaining = total - n * fewest
        var value = others * Portable.log1p(-n * fewest / total)
        var slope = -others * fewest / remaining
        var curvature = -others * fewest * fewest / (remaining * remaining)
        if weak.count > 0 {
            let deviation = weak.largestFirst(offsets) - weak.count
            let first = deviation * (deviation > 0 ? most : fewest) / total
            let second = weak.smallestSpread(offsets) * fewest * fewest / (total * total)
            value += n * (first - 0.5 * n * second)
            slope += first - n * second
            curvature -= second
        }
        return (value, slope, curvature)
    }
}
