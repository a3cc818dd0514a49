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

    /// If 1 + n X is below this, the logarithm is replaced by its second-order expansion there (docs/model.md, section
    /// 5).
    private static let expansionPoint = 1e-3

    /// Σ ln(1 + n f X) over the dataset's events, with f its share, at offset t.
    ///
    /// - Parameter logarithms: receives the arguments of the listed events' logarithms; the caller adds its value to
    ///   the sum.
    func sums(n: Double, share f: DatasetWeights.Weight, at t: Double, logarithms: inout LogProduct) -> Sums {
        let z = n * f.value / total
        let rest = 1 - z
        // R ≥ 0, so that no argument of a logarithm is below 1 − z.
        guard rest > Self.expansionPoint else { return expandedSums(n: n, share: f, at: t) }
        let zeta = z / rest
        var ratios = listedSums(zeta: zeta, at: t, logarithms: &logarithms)
        ratios += weakSums(zeta: zeta, at: t)
        let zetaSlope = 1 / (rest * rest)
        let sums = Sums(
            f, n: n, total: total, slope: ratios.dz * zetaSlope - total / rest,
            curvature: (ratios.dzz * zetaSlope + 2 * ratios.dz / rest - total) * zetaSlope,
            mixed: ratios.dzt * zetaSlope)
        return Sums(
            value: total * Portable.log1p(-z) + ratios.value, dn: sums.dn, dnn: sums.dnn, dg: sums.dg + ratios.dt,
            dgg: sums.dgg + ratios.dtt, dng: sums.dng)
    }

    /// Σ ln(1 + ζ R) with its derivatives with respect to ζ and t.
    private struct RatioSums {
        var value = 0.0
        var dz = 0.0
        var dzz = 0.0
        var dt = 0.0
        var dtt = 0.0
        var dzt = 0.0

        static func += (a: inout Self, b: Self) {
            a.value += b.value
            a.dz += b.dz
            a.dzz += b.dzz
            a.dt += b.dt
            a.dtt += b.dtt
            a.dzt += b.dzt
        }
    }

    /// Sums over the weak events.
    private func weakSums(zeta: Double, at t: Double) -> RatioSums {
        let (value, slope, curvature) = moments.values(at: t)
        let square = zeta * zeta
        let series = SIMD4(zeta, -square * (1.0 / 2), zeta * square * (1.0 / 3), -square * square * (1.0 / 4))
        let derivative = SIMD4(1, -zeta, square, -zeta * square)
        return RatioSums(
            value: (series * value).total, dz: (derivative * value).total,
            dzz: (SIMD4(0, -1, 2 * zeta, -3 * square) * value).total, dt: (series * slope).total,
            dtt: (series * curvature).total, dzt: (derivative * slope).total)
    }

    /// Sums over the listed events, without the value.
    private func listedSums(zeta: Double, at t: Double, logarithms: inout LogProduct) -> RatioSums {
        // Four at a time, so that all sums stay in registers.
        typealias Lane = SIMD4<Double>
        let (r0, r1, r2) = (r0.view, r1.view, r2.view)
        let (zetas, t, twice) = (Lane(repeating: zeta), Lane(repeating: t), Lane(repeating: 2 * t))
        // Of R/u, R²/u², R′/u, R′²/u², R′/u² and R″/2u with u = 1 + ζ R.
        var (sum, squares) = (Lane.zero, Lane.zero)
        var (slopes, slopeSquares) = (Lane.zero, Lane.zero)
        var (mixed, curvatures) = (Lane.zero, Lane.zero)
        for four in 0..<(2 &* lanes) {
            let (b, a) = (r1.four(from: 4 &* four), r2.four(from: 4 &* four))
            let ratio = r0.four(from: 4 &* four).addingProduct(t, b.addingProduct(t, a))
            let u = Lane(repeating: 1).addingProduct(zetas, ratio)
            logarithms.multiply(u)
            if four & 7 == 7 { logarithms.normalise() }
            let inverse = 1 / u
            let (x, y) = (ratio * inverse, b.addingProduct(twice, a) * inverse)
            sum += x
            squares.addProduct(x, x)
            slopes += y
            slopeSquares.addProduct(y, y)
            mixed.addProduct(y, inverse)
            curvatures.addProduct(a, inverse)
        }
        logarithms.normalise()
        return RatioSums(
            dz: sum.total, dzz: -squares.total, dt: zeta * slopes.total,
            dtt: zeta * (2 * curvatures.total - zeta * slopeSquares.total), dzt: mixed.total)
    }

    /// The sums one event at a time, with the expansion of the logarithm if its argument is close to 0. So close to n =
    /// N all relevant events are listed. −∞ if there are others and n reaches N.
    private func expandedSums(n: Double, share f: DatasetWeights.Weight, at t: Double) -> Sums {
        let point = Self.expansionPoint
        var sums = Sums()
        let others = total - Double(count)
        if others > 0 {
            let z = n * f.value / total
            guard z < 1 else { return .impossible }
            let slope = -others / (1 - z)
            sums = Sums(f, n: n, total: total, slope: slope, curvature: slope / (1 - z), mixed: 0)
            sums.value = others * Portable.log1p(-z)
        }
        for i in 0..<count {
            let x = r0[i] + t * (r1[i] + t * r2[i]) - 1
            let dx = r1[i] + 2 * t * r2[i]
            let y = f.value * x / total
            let dy = (f.slope * x + f.value * dx) / total
            let ddy = (f.curvature * x + 2 * f.slope * dx + 2 * f.value * r2[i]) / total
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

extension CellEvents.Sums {
    /// The derivatives with respect to n and γ of a function of z = n f(γ)/N and t = γ − γ_k, without those with
    /// respect to t alone.
    ///
    /// - Parameters:
    ///   - slope: the derivative with respect to z.
    ///   - curvature: the second one.
    ///   - mixed: the derivative with respect to z and t.
    fileprivate init(
        _ f: DatasetWeights.Weight, n: Double, total: Double, slope: Double, curvature: Double, mixed: Double
    ) {
        let (zn, zg) = (f.value / total, n * f.slope / total)
        dn = slope * zn
        dnn = curvature * zn * zn
        dg = slope * zg
        dgg = (curvature * zg + 2 * mixed) * zg + slope * n * f.curvature / total
        dng = curvature * zn * zg + slope * f.slope / total + mixed * zn
    }

    static func += (a: inout Self, b: Self) {
        a.value += b.value
        a.dn += b.dn
        a.dnn += b.dnn
        a.dg += b.dg
        a.dgg += b.dgg
        a.dng += b.dng
    }
}
