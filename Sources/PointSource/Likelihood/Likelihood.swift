import Numerics

/// ln Λ(n_s, γ) of one trial: the sum over datasets, cell by cell of the γ grid (docs/model.md, section 5).
///
/// It owns the buffers that the evaluation needs, so one of these serves one thread for all its trials.
struct Likelihood {
    typealias Value = CellEvents.Sums

    let weights: DatasetWeights
    let grid: GammaGrid
    /// The trial's events, sorted for n_s up to ``limit``.
    let datasets: [DatasetEvents]
    /// The largest n_s at which ln Λ may be evaluated.
    private(set) var limit = 0.0
    let cells: [CellEvents]
    private var shares: [DatasetWeights.Weight]
    /// The largest f_j(γ), one a dataset.
    private let largestShares: [Double]
    private(set) var cell = 0
    private(set) var evaluations = 0
    /// Which cells a fit still has to search.
    var choice: CellChoice

    /// - Parameter cells: those that a fit visits.
    init(weights: DatasetWeights, grid: GammaGrid, cells: [GammaCell], events: [SelectedEvents]) {
        largestShares = events.indices.map { j in cells.reduce(0) { max($0, $1.largestShare(of: j)) } }
        self.weights = weights
        self.grid = grid
        let datasets = events.map { DatasetEvents($0) }
        self.datasets = datasets
        choice = CellChoice(cells: cells, datasets: datasets)
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

    /// See ``CellChoice/narrow(_:near:weights:reference:cell:exceeding:range:largest:)``.
    mutating func narrow(
        reference: FitResult, cell: Int, exceeding best: Double, range: ClosedRange<Double>, largest: Double
    ) {
        choice.narrow(
            datasets, near: cells, weights: weights, reference: reference, cell: cell, exceeding: best, range: range,
            largest: largest)
    }

    /// See ``CellChoice/excludesPending(_:near:weights:reference:cell:exceeding:)``.
    mutating func excludesPending(reference: FitResult, cell: Int, exceeding best: Double) -> Bool {
        choice.excludesPending(
            datasets, near: cells, weights: weights, reference: reference, cell: cell, exceeding: best)
    }

    /// ln Λ and its derivatives at n and an offset t = γ − γ_k in the cell.
    mutating func evaluate(n: Double, offset t: Double) -> Value {
        weights.evaluate(gamma: grid.values[cell] + t, into: &shares)
        return evaluate(n: n, offset: t, shares: shares)
    }

    /// The same where the datasets' shares at γ are known.
    mutating func evaluate(n: Double, offset t: Double, shares: [DatasetWeights.Weight]) -> Value {
        evaluations += 1
        var logarithms = LogProduct()
        var result = Value()
        for j in cells.indices { result += cells[j].sums(n: n, share: shares[j], at: t, logarithms: &logarithms) }
        result.value += logarithms.value
        return result
    }
}
