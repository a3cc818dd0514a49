import Numerics

/// An upper bound of ln Λ over all n_s and γ, from one point of it.
///
/// ln Λ is a sum of logarithms of numbers u, and each logarithm lies below its tangents: ln u ≤ ln v + (u − v)/v. With the
/// v taken at a reference point (n₀, γ₀), what is left of γ are sums of R/v over the events, linear in R. So
///
///     ln Λ(n, γ) ≤ ln Λ(n₀, γ₀) + n G(γ) − n₀ G(γ₀),   G(γ) = Σ_j f_j(γ)/N_j · Σ_i (R_i(γ) − 1)/v_i.
///
/// At n₀ = 0 all v are 1 and G is the slope of ln Λ at n = 0; at a maximum over n, G(γ₀) = 0. Where G is not positive in
/// a cell of γ, no n makes that cell better than the reference. (In the theory of mixtures G is the directional
/// derivative that certifies a maximum: B. G. Lindsay, Ann. Statist. 11, 86 (1983).)
struct TangentBound {
    /// ln Λ(n₀, γ₀) − n₀ G(γ₀).
    private(set) var constant = 0.0
    /// Σ_i (R_i − 1)/v_i / N_j at each point of the grid, one array a dataset.
    private let slopes: [LaneArray]
    private let scratch = LaneArray()

    init(datasets: [DatasetEvents]) {
        slopes = datasets.map { LaneArray(count: 8 * $0.lanesPerRow) }
    }

    /// Takes n₀ = 0 as the reference.
    mutating func takeZero(_ datasets: [DatasetEvents]) {
        constant = 0
        for j in datasets.indices {
            let (sums, target) = (datasets[j].ratioSums.view, slopes[j].view)
            for lane in 0..<datasets[j].lanesPerRow { target[lane: lane] = sums[lane: lane] / datasets[j].total - 1 }
        }
    }

    /// Takes a point of a cell as the reference.
    ///
    /// - Parameters:
    ///   - value: ln Λ there; nil if it is not known.
    ///   - lanes: the lanes of eight grid points that will be asked for; others keep what they have.
    /// - Returns: whether the tangents could be taken; not where an argument of a logarithm comes close to 0.
    mutating func take(
        _ datasets: [DatasetEvents], cell: GammaCell, offset t: Double, shares: [DatasetWeights.Weight], n: Double,
        value known: Double? = nil, lanes: [Bool]
    ) -> Bool {
        var value = 0.0
        for j in datasets.indices {
            guard
                let part = takeDataset(
                    datasets[j], cell: cell.index, offset: t, n * shares[j].value, lanes: lanes, slopes[j])
            else { return false }
            value += part
        }
        constant = (known ?? value) - n * self.value(cell, offset: t)
        return true
    }

    /// - Returns: the dataset's part of ln Λ at the reference, weak events to second order.
    private func takeDataset(
        _ events: DatasetEvents, cell k: Int, offset t: Double, _ signal: Double, lanes: [Bool],
        _ target: LaneArray
    ) -> Double? {
        let z = signal / events.total
        guard z < 0.5 else { return nil }
        let zeta = z / (1 - z)
        // S_E at γ₀ is this combination of a row's three nodes.
        let s = t / GammaGrid.step
        let combination = SIMD4(0.5 * s * (s - 1), 1 - s * s, 0.5 * s * (s + 1), 0)
        scratch.reserve(2 * events.rowCount + 16)
        let coefficients = scratch.view
        let densities = (events.rowCount + 7) / 8 * 8
        let (sums, squares) = (events.weightSums.view, events.squareSums.view)
        let rows = events.rows
        // Weak events have 1/v = (1 − ζ R)/(1 − z): any positive number serves, and this one is the best to first order.
        var (weakRatios, weakSquares) = (0.0, 0.0)
        for row in 0..<events.rowCount {
            let products = rows.nodes(row: row, cell: k) * combination
            let density = products[0] + products[1] + products[2]
            coefficients[densities + row] = density
            let square = squares[row] * density
            coefficients[row] = sums[row] - zeta * square
            weakRatios += sums[row] * density
            weakSquares += square * density
        }
        let (weights, energies) = (events.listedWeights.view, events.listedEnergies.view)
        var change = 0.0
        var smallest = 1.0
        var logarithms = LogProduct()
        var product = 1.0
        for i in 0..<events.listedCount {
            let row = Int(energies[i])
            let ratio = weights[i] * coefficients[densities + row]
            let argument = 1 + zeta * ratio
            let difference = -zeta * ratio / argument
            coefficients[row] += difference * weights[i]
            change += difference
            weakRatios -= ratio
            smallest = min(smallest, argument)
            product *= argument
            if i & 7 == 7 {
                logarithms.multiply(SIMD8(product, 1, 1, 1, 1, 1, 1, 1))
                logarithms.normalise()
                product = 1
            }
        }
        logarithms.multiply(SIMD8(product, 1, 1, 1, 1, 1, 1, 1))
        guard smallest * (1 - z) > CellEvents.expansionPoint else { return nil }
        // Σ 1/v, times 1 − z as the sums are.
        let inverses = events.total - zeta * weakRatios + change
        let view = target.view
        let norm = 1 / (events.total * (1 - z))
        for lane in 0..<events.lanesPerRow where lanes[lane] {
            events.sumRows(scratch, lanes: lane..<(lane + 1), into: target)
            view[lane: lane] = (view[lane: lane] - inverses) * norm
        }
        return events.total * Portable.log1p(-z) + zeta * (weakRatios - 0.5 * zeta * weakSquares) + logarithms.value
    }

    /// G at an offset in a cell.
    func value(_ cell: GammaCell, offset t: Double) -> Double {
        var sum = 0.0
        for j in slopes.indices { sum += cell.shares[j].value(at: t) * parabola(j, cell.index).value(at: t) }
        return sum
    }

    /// An upper bound of G over a cell.
    func largest(_ cell: GammaCell) -> Double {
        // A product of two parabolas for each dataset; the shares' deviations from theirs on top.
        var (c, b, a, cubic, quartic, deviation) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for j in slopes.indices {
            let (f, g) = (cell.shares[j], parabola(j, cell.index))
            c += f.c * g.c
            b += f.c * g.b + f.b * g.c
            a += f.c * g.a + f.b * g.b + f.a * g.c
            cubic += f.b * g.a + f.a * g.b
            quartic += f.a * g.a
            deviation += cell.shareDeviations[j] * g.largest
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

    /// The offset of a cell, among nine equidistant ones, at which G is largest.
    func steepestOffset(_ cell: GammaCell) -> Double {
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
        return Parabola(view[k - 1], view[k], view[k + 1])
    }
}
