import Numerics

/// ln Λ(n_s, γ) of one trial: the sum over datasets, cell by cell of the γ grid (docs/model.md, section 5).
///
/// It owns the buffers that the evaluation needs, so one of these serves one thread for all its trials.
struct Likelihood {
    /// ln Λ with its gradient and second derivatives with respect to n = n_s and γ.
    struct Value {
        var value = 0.0
        var dn = 0.0
        var dnn = 0.0
        var dg = 0.0
        var dgg = 0.0
        var dng = 0.0
    }

    let weights: DatasetWeights
    let grid: GammaGrid
    private var cells: [CellEvents]
    private var shares: [DatasetWeights.Weight]
    private(set) var cell = 0
    private(set) var evaluations = 0

    init(weights: DatasetWeights, grid: GammaGrid) {
        self.weights = weights
        self.grid = grid
        let datasets = weights.yields.count
        cells = (0..<datasets).map { _ in CellEvents() }
        shares = [DatasetWeights.Weight](repeating: .init(), count: datasets)
    }

    mutating func resetEvaluations() { evaluations = 0 }

    /// Takes the events of a trial in one cell of the grid; evaluations that follow are inside that cell.
    mutating func load(_ events: [SelectedEvents], cell: Int) {
        self.cell = cell
        for j in cells.indices { cells[j].load(events[j], cell: cell) }
    }

    /// ln Λ and its derivatives at n and an offset t = γ − γ_k in the loaded cell.
    mutating func evaluate(n: Double, offset t: Double) -> Value {
        evaluations += 1
        weights.evaluate(gamma: grid.values[cell] + t, into: &shares)
        var result = Value()
        for (events, f) in zip(cells, shares) {
            let s = events.sums(n * f.value, t)
            // ℓ_j depends on γ through m = n f_j(γ) and through X(t).
            let mg = n * f.slope
            result.value += s.value
            result.dn += s.dm * f.value
            result.dnn += s.dmm * f.value * f.value
            result.dg += s.dm * mg + s.dt
            result.dgg += s.dmm * mg * mg + 2 * s.dmt * mg + s.dm * n * f.curvature + s.dtt
            result.dng += s.dmm * mg * f.value + s.dm * f.slope + s.dmt * f.value
        }
        return result
    }

    /// An upper bound of ln Λ(n, γ) over γ in the loaded cell at fixed n, and its first two derivatives in n.
    ///
    /// Every event takes its largest X in the cell and the share f_j that favours it. The bound is concave in n.
    mutating func bound(n: Double, shares: [ClosedRange<Double>], offsets: ClosedRange<Double>)
        -> (value: Double, slope: Double, curvature: Double)?
    {
        evaluations += 1
        var sum = (value: 0.0, slope: 0.0, curvature: 0.0)
        for (events, share) in zip(cells, shares) {
            guard
                let part = events.bound(
                    n: n, lower: offsets.lowerBound, upper: offsets.upperBound, fewest: share.lowerBound,
                    most: share.upperBound)
            else { return nil }
            sum.value += part.value
            sum.slope += part.slope
            sum.curvature += part.curvature
        }
        return sum
    }
}
