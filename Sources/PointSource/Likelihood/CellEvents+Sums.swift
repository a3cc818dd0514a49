import Numerics

extension CellEvents {
    /// A value with its first and second derivatives with respect to n = n_s and γ.
    struct Sums {
        var value = 0.0
        var dn = 0.0
        var dnn = 0.0
        var dg = 0.0
        var dgg = 0.0
        var dng = 0.0

        static let impossible = Sums(value: -.infinity, dn: -.infinity, dnn: -.infinity)
    }

    /// Below 1 + n X = this, the logarithm is replaced by its second-order expansion there (docs/model.md, section 5).
    static let expansionPoint = 1e-3

    /// Σ ln(1 + n f X) over the events that are not near, f the dataset's share, at offset t; −∞ for n f ≥ N.
    func farSums(n: Double, share f: DatasetWeights.Weight, at t: Double) -> Sums {
        guard others > 0 else { return Sums() }
        let z = n * f.value / total
        guard z < 1 else { return .impossible }
        let rest = 1 - z
        let zeta = z / rest
        let (first, second) = (moments.first.taken(at: t), moments.second.taken(at: t))
        let (third, fourth) = (moments.third.taken(at: t), moments.fourth.taken(at: t))
        /// Σ ln(1 + ζ R) for given moments.
        @inline(__always)
        func series(_ m1: Double, _ m2: Double, _ m3: Double, _ m4: Double) -> Double {
            zeta * (m1 - zeta * (m2 * (1.0 / 2) - zeta * (m3 * (1.0 / 3) - zeta * (m4 * (1.0 / 4)))))
        }
        /// Its derivative with respect to ζ.
        @inline(__always)
        func derivative(_ m1: Double, _ m2: Double, _ m3: Double, _ m4: Double) -> Double {
            m1 - zeta * (m2 - zeta * (m3 - zeta * m4))
        }
        let zetaSlope = 1 / (rest * rest)
        let seriesSlope = derivative(first.value, second.value, third.value, fourth.value)
        let seriesCurvature = -second.value + zeta * (2 * third.value - zeta * 3 * fourth.value)
        // With respect to z and t, then n and γ through z = n f(γ)/N.
        let dz = seriesSlope * zetaSlope - others / rest
        let dzz =
            (seriesCurvature * zetaSlope + 2 * seriesSlope / rest) * zetaSlope - others / (rest * rest)
        let dzt = derivative(first.slope, second.slope, third.slope, fourth.slope) * zetaSlope
        let (zn, zg) = (f.value / total, n * f.slope / total)
        return Sums(
            value: others * Portable.log1p(-z) + series(first.value, second.value, third.value, fourth.value),
            dn: dz * zn, dnn: dzz * zn * zn,
            dg: dz * zg + series(first.slope, second.slope, third.slope, fourth.slope),
            dgg: dzz * zg * zg + 2 * dzt * zg + dz * n * f.curvature / total
                + series(first.curvature, second.curvature, third.curvature, fourth.curvature),
            dng: dzz * zn * zg + dz * f.slope / total + dzt * zn)
    }
}

/// What near events of all datasets add to ln Λ, lane by lane: Σ ln(1 + n y) with y = f (R − 1)/N.
struct NearSums {
    private typealias Lane = SIMD8<Double>

    private var product = LogProduct()
    private var factors = 0
    private var smallest = Lane(repeating: 1)
    private var (dn, dnn, dg) = (Lane.zero, Lane.zero, Lane.zero)
    private var (dgg, dng) = (Lane.zero, Lane.zero)

    /// Adds a dataset's near events at n and offset t.
    mutating func add(_ events: CellEvents, n: Double, share f: DatasetWeights.Weight, at t: Double) {
        let (r0, r1, r2) = (events.near0.view, events.near1.view, events.near2.view)
        let (value, slope, curvature) = (f.value / events.total, f.slope / events.total, f.curvature / events.total)
        for lane in 0..<events.lanes {
            let (b, a) = (r1[lane: lane], r2[lane: lane])
            let x = r0[lane: lane] + t * (b + t * a) - 1
            let dx = b + (2 * t) * a
            let y = value * x
            let dy = slope * x + value * dx
            let ddy = curvature * x + (2 * slope) * dx + (2 * value) * a
            let u = 1 + n * y
            smallest.replace(with: u, where: u .< smallest)
            let inverse = 1 / u
            let (yu, dyu) = (y * inverse, dy * inverse)
            product.multiply(u)
            factors &+= 1
            if factors & 7 == 0 { product.normalise() }
            dn += yu
            dnn -= yu * yu
            dg += n * dyu
            dgg += n * (ddy * inverse) - (n * dyu) * (n * dyu)
            dng += dyu * inverse
        }
    }

    /// The sums; nil where a logarithm's expansion is needed.
    var sums: CellEvents.Sums? {
        guard smallest.min() > CellEvents.expansionPoint else { return nil }
        return CellEvents.Sums(
            value: product.value, dn: dn.total, dnn: dnn.total, dg: dg.total, dgg: dgg.total, dng: dng.total)
    }

    /// The same sums one event at a time, with the expansion of the logarithm where its argument comes close to 0.
    static func expanded(_ events: CellEvents, n: Double, share f: DatasetWeights.Weight, at t: Double)
        -> CellEvents.Sums
    {
        let point = CellEvents.expansionPoint
        var sums = CellEvents.Sums()
        for i in 0..<(8 * events.lanes) {
            let x = events.near0[i] + t * (events.near1[i] + t * events.near2[i]) - 1
            let dx = events.near1[i] + 2 * t * events.near2[i]
            let y = f.value * x / events.total
            let dy = (f.slope * x + f.value * dx) / events.total
            let ddy = (f.curvature * x + 2 * f.slope * dx + 2 * f.value * events.near2[i]) / events.total
            let u = 1 + n * y
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
            sums.dn += first * y
            sums.dnn += second * y * y
            sums.dg += first * n * dy
            sums.dgg += second * n * dy * n * dy + first * n * ddy
            sums.dng += second * n * dy * y + first * dy
        }
        return sums
    }
}
