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
    /// The trial's events, sorted for n_s up to ``limit``.
    private(set) var datasets: [DatasetEvents]
    /// The largest n_s at which ln Λ may be evaluated.
    private(set) var limit = 0.0
    private var cells: [CellEvents]
    private var shares: [DatasetWeights.Weight]
    /// The largest f_j(γ), one a dataset.
    private let largestShares: [Double]
    private(set) var cell = 0
    private(set) var evaluations = 0

    /// - Parameter cells: those that a fit visits.
    init(weights: DatasetWeights, grid: GammaGrid, cells: [GammaCell], events: [SelectedEvents]) {
        largestShares = events.indices.map { j in cells.reduce(0) { max($0, $1.shares[j].upperBound) } }
        self.weights = weights
        self.grid = grid
        datasets = events.map { DatasetEvents($0) }
        self.cells = events.map { _ in CellEvents() }
        shares = [DatasetWeights.Weight](repeating: .init(), count: events.count)
    }

    mutating func resetEvaluations() { evaluations = 0 }

    /// Takes the events of a trial for evaluations at n_s ≤ limit; an infinite limit keeps every event as it is.
    mutating func take(_ events: [SelectedEvents], limit: Double) {
        self.limit = limit
        for j in datasets.indices { datasets[j].sort(events[j], largestSignal: limit * largestShares[j]) }
    }

    /// Goes to a cell of the grid; evaluations that follow are inside it.
    mutating func enter(cell: Int) {
        self.cell = cell
        for j in cells.indices { cells[j].load(datasets[j], cell: cell) }
    }

    /// ln Λ and its derivatives at n and an offset t = γ − γ_k in the cell.
    mutating func evaluate(n: Double, offset t: Double) -> Value {
        weights.evaluate(gamma: grid.values[cell] + t, into: &shares)
        return evaluate(n: n, offset: t, shares: shares)
    }

    /// The same where the datasets' shares at γ are known.
    mutating func evaluate(n: Double, offset t: Double, shares: [DatasetWeights.Weight]) -> Value {
        evaluations += 1
        var result = Value()
        for j in cells.indices {
            let f = shares[j]
            let s = cells[j].sums(n * f.value, t)
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

    /// An upper bound of ln Λ(n, γ) over γ in a cell at fixed n, and its first two derivatives in n.
    ///
    /// Every event takes its largest X in the cell and the share f_j that favours it. The bound is concave in n.
    mutating func bound(n: Double, over cell: GammaCell) -> (value: Double, slope: Double, curvature: Double)? {
        evaluations += 1
        var sum = (value: 0.0, slope: 0.0, curvature: 0.0)
        for j in cells.indices {
            guard let part = cells[j].bound(n: n, offsets: cell.offsets, share: cell.shares[j]) else { return nil }
            sum.value += part.value
            sum.slope += part.slope
            sum.curvature += part.curvature
        }
        return sum
    }
}
