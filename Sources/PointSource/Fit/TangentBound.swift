import Numerics

/// An upper bound of ln Λ over all n_s and γ, from its value at one point.
///
/// ln Λ is a sum of logarithms of numbers u, and each logarithm lies below its tangents: ln u ≤ ln v + (u − v)/v. With
/// the v of a reference point (n₀, γ₀), γ enters only through sums of R/v over the events, which are linear in R:
///
///     ln Λ(n, γ) ≤ ln Λ(n₀, γ₀) + n G(γ) − n₀ G(γ₀),   G(γ) = Σ_j f_j(γ)/N_j · Σ_i (R_i(γ) − 1)/v_i.
///
/// At n₀ = 0 all v are 1 and G is the slope of ln Λ at n = 0; at a maximum over n, G(γ₀) = 0. If G is not positive in a
/// cell of γ, no n makes that cell better than the reference. (In the theory of mixtures G is the directional
/// derivative that certifies a maximum: B. G. Lindsay, Ann. Statist. 11, 86 (1983).)
struct TangentBound {
    /// ln Λ(n₀, γ₀) − n₀ G(γ₀).
    private(set) var constant = 0.0
    /// Σ_i (R_i − 1)/v_i / N_j at each grid point, one array per dataset.
    private let slopes: [LaneArray]
    private let scratch = LaneArray()
    /// The distance of grid points.
    private let step: Double

    init(datasets: [DatasetEvents]) {
        step = datasets[0].rows.step
        slopes = datasets.map { LaneArray(count: 8 * $0.rows.lanesPerRow) }
    }

    /// Sets the reference to n₀ = 0.
    mutating func setReferenceToZero(_ datasets: [DatasetEvents]) {
        constant = 0
        for j in datasets.indices {
            let (sums, target) = (datasets[j].ratioSums.view, slopes[j].view)
            for lane in 0..<datasets[j].rows.lanesPerRow {
                target[lane: lane] = sums[lane: lane] / datasets[j].total - 1
            }
        }
    }

    /// Sets the reference to a point of a cell.
    ///
    /// - Parameters:
    ///   - likelihood: has entered that cell.
    ///   - reference: n₀, up to the likelihood's limit, and γ₀.
    ///   - value: ln Λ there; nil if unknown.
    ///   - lanes: the lanes of eight grid points for which bounds will be requested; others keep their values.
    /// - Returns: false if half of a dataset is signal: then there is no bound.
    mutating func setReference(
        _ likelihood: Likelihood, _ reference: FitResult, in cell: ParameterCell, value known: Double?, lanes: [Bool]
    ) -> Bool {
        let (datasets, n, t) = (likelihood.datasets, reference.signalEvents, reference.gamma - cell.centre)
        let shares = likelihood.weights.weights(parameter: reference.gamma)
        var value = 0.0
        for j in datasets.indices {
            let z = n * shares[j].value / datasets[j].total
            guard z < 0.5 else { return false }
            value += setSlopes(
                datasets[j], likelihood.cellEvents[j], cell: cell.index, offset: t, z, lanes: lanes, slopes[j])
        }
        constant = (known ?? value) - n * self.value(cell, offset: t)
        return true
    }

    /// - Parameter z: n_j/N_j.
    /// - Returns: the dataset's part of ln Λ at the reference.
    private func setSlopes(
        _ events: DatasetEvents, _ near: CellEvents, cell k: Int, offset t: Double, _ z: Double, lanes: [Bool],
        _ target: LaneArray
    ) -> Double {
        let zeta = z / (1 - z)
        let weak = setWeak(events, cell: k, offset: t, zeta: zeta)
        let listed = addListed(events, near, offset: t, zeta: zeta)
        // Σ 1/v, times 1 − z as the coefficients are.
        let inverses = (events.total - Double(near.count)) + weak.inverses + listed.inverses
        let view = target.view
        let norm = 1 / (events.total * (1 - z))
        for lane in lanes.indices where lanes[lane] { view[lane: lane] = (events.sumRows(lane) - inverses) * norm }
        let negligible = zeta * events.negligibleRatio(cell: k).value(at: t)
        return events.total * Portable.log1p(-z) + negligible + weak.logarithms + listed.logarithms
    }

    /// Sets the energies' coefficients to Σ w/v over the weak events, times 1 − z.
    ///
    /// Weak events have 1/v = (1 − x + x² − x³)/(1 − z), x = ζ R: any positive number gives a bound, and this one is
    /// the derivative of the summed logarithm.
    ///
    /// - Returns: Σ ln(1 + x), and Σ 1/v, times 1 − z, minus the number of events.
    private func setWeak(_ events: DatasetEvents, cell k: Int, offset t: Double, zeta: Double)
        -> (logarithms: Double, inverses: Double)
    {
        typealias Lane = SIMD8<Double>
        let (w1, w2) = (events.powerSums.0.view, events.powerSums.1.view)
        let (w3, w4) = (events.powerSums.2.view, events.powerSums.3.view)
        let (rows, weights, coefficients) = (
            events.rows, NodeWeights(offset: t, step: events.rows.step), events.coefficients.view
        )
        var (logarithms, inverses) = (Lane.zero, Lane.zero)
        let used = events.usedLanes.view
        for i in 0..<events.usedLaneCount {
            let lane = Int(used[i])
            guard i < events.usedTableLanes else {
                coefficients[lane: lane] = .zero
                continue
            }
            let x: Lane = weights.densities(rows, cell: k, lane: lane) * -zeta
            let (a, b, c, d) = (w1[lane: lane], w2[lane: lane], w3[lane: lane], w4[lane: lane])
            let start = b.addingProduct(x, c)
            coefficients[lane: lane] = a.addingProduct(x, start.addingProduct(x * x, d))
            inverses.addProduct(x, a.addingProduct(x, start))
            let rest = (c * (1.0 / 3)).addingProduct(x, d * (1.0 / 4))
            logarithms.addProduct(-x, a.addingProduct(x, (b * (1.0 / 2)).addingProduct(x, rest)))
        }
        return (logarithms.total, inverses.total)
    }

    /// Adds w/v of the listed events, times 1 − z, to their energies' coefficients.
    ///
    /// - Returns: Σ ln(1 + ζ R), and Σ 1/v, times 1 − z.
    private func addListed(_ events: DatasetEvents, _ near: CellEvents, offset t: Double, zeta: Double)
        -> (logarithms: Double, inverses: Double)
    {
        typealias Lane = SIMD8<Double>
        let (r0, r1, r2) = (near.r0.view, near.r1.view, near.r2.view)
        let (weights, energies) = (events.listedWeights.view, events.listedEnergies.view)
        scratch.reserve(8 * near.lanes)
        let (coefficients, scaled) = (events.coefficients.view, scratch.view)
        var (logarithms, inverses) = (LogProduct(), Lane.zero)
        for lane in 0..<near.lanes {
            let ratio = r0[lane: lane].addingProduct(r1[lane: lane].addingProduct(r2[lane: lane], t), t)
            let argument = (1.0).addingProduct(ratio, zeta)
            let inverse = 1 / argument
            inverses += inverse
            logarithms.multiply(argument.lowHalf)
            logarithms.multiply(argument.highHalf)
            if lane & 3 == 3 { logarithms.normalise() }
            scaled[lane: lane] = weights[lane: lane] * inverse
        }
        for i in 0..<near.count { coefficients[Int(energies[i])] += scaled[i] }
        // The padding of the last lane has R = 0 and v = 1.
        return (logarithms.value, inverses.total - Double(8 * near.lanes - near.count))
    }

    /// G at an offset in a cell.
    func value(_ cell: ParameterCell, offset t: Double) -> Double {
        var sum = 0.0
        for j in slopes.indices { sum += cell.shares[j].value(at: t) * parabola(j, cell.index).value(at: t) }
        return sum
    }

    /// An upper bound of G over a cell.
    func upperBound(in cell: ParameterCell) -> Double {
        // A product of two parabolas per dataset, plus the shares' deviations from theirs.
        var (c, b, a, cubic, quartic, deviation) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for j in slopes.indices {
            let (f, g) = (cell.shares[j], parabola(j, cell.index))
            c += f.c * g.c
            b += f.c * g.b + f.b * g.c
            a += f.c * g.a + f.b * g.b + f.a * g.c
            cubic += f.b * g.a + f.a * g.b
            quartic += f.a * g.a
            deviation += cell.shareDeviations[j] * g.magnitudeBound(step: step)
        }
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        var largest = max(c + lower * (b + lower * a), c + upper * (b + upper * a))
        if a < 0 {
            let vertex = -b / (2 * a)
            if vertex > lower, vertex < upper { largest = c + vertex * (b + vertex * a) }
        }
        let reach = max(abs(lower), abs(upper))
        return largest + reach * reach * reach * (abs(cubic) + reach * abs(quartic)) + deviation
    }

    /// The offset of a cell, among nine equidistant ones, with the largest G.
    func steepestOffset(_ cell: ParameterCell) -> Double {
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        var best = (offset: lower, value: -Double.infinity)
        for step in 0...8 {
            let offset = lower + (upper - lower) * Double(step) / 8
            let value = value(cell, offset: offset)
            if value > best.value { best = (offset, value) }
        }
        return best.offset
    }

    private func parabola(_ j: Int, _ k: Int) -> Parabola {
        let view = slopes[j].view
        return Parabola(view[k - 1], view[k], view[k + 1], step: step)
    }
}
