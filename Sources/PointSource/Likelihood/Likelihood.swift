import Numerics

/// The buffers for the events of one dataset in a likelihood.
struct EventBuffers {
    let dataset: DatasetEvents
    let cell: CellEvents

    /// - Parameter events: any with as many rows of signal densities.
    init(_ events: SelectedEvents) {
        dataset = DatasetEvents(events)
        cell = CellEvents()
    }
}

/// ln Λ(n_s, θ) of one trial: the sum over datasets, cell by cell of the grid of θ (docs/model.md, section 5).
///
/// It owns the buffers for the evaluation. One per thread, reused.
final class Likelihood {
    typealias Value = CellEvents.Sums

    let weights: DatasetWeights
    let grid: ParameterGrid
    /// The trial's events, classified for n_s up to ``limit``.
    let datasets: [DatasetEvents]
    /// The largest n_s at which ln Λ may be evaluated.
    private(set) var limit = 0.0
    /// The datasets' events in the entered cell.
    let cellEvents: [CellEvents]
    /// An upper bound of f_j(θ) in the fit's range, one per dataset.
    private let shareBounds: [Double]
    /// The grid point of the entered cell.
    private(set) var cell = 0

    /// - Parameter cells: the cells that a fit visits.
    init(weights: DatasetWeights, grid: ParameterGrid, cells: [ParameterCell], buffers: [EventBuffers]) {
        shareBounds = buffers.indices.map { j in cells.reduce(0) { max($0, $1.shareBound(of: j)) } }
        self.weights = weights
        self.grid = grid
        datasets = buffers.map(\.dataset)
        cellEvents = buffers.map(\.cell)
    }

    /// Loads the events of a trial for evaluations at n_s ≤ limit; an infinite limit keeps every event exactly.
    ///
    /// - Parameter forFit: also computes the sums of R that the bounds of a fit need; evaluations do not.
    func load(_ events: [SelectedEvents], limit: Double, forFit: Bool = false) {
        self.limit = limit
        for j in datasets.indices {
            datasets[j].classify(events[j], largestSignal: limit * shareBounds[j])
            if forFit { datasets[j].sumRatios() }
        }
    }

    /// Enters the cell of a grid point: the following evaluations are inside it.
    func enter(cell: Int) {
        self.cell = cell
        for j in cellEvents.indices { cellEvents[j].load(datasets[j], cell: cell) }
    }

    /// θ at an offset in the entered cell.
    func parameter(at offset: Double) -> Double { grid.values[cell] + offset }

    /// ln Λ and its derivatives at n and an offset t = θ − θ_k in the entered cell.
    func evaluate(n: Double, offset t: Double) -> Value {
        evaluate(n: n, offset: t, shares: weights.weights(parameter: parameter(at: t)))
    }

    /// The same for known shares of the datasets at γ.
    func evaluate(n: Double, offset t: Double, shares: [DatasetWeights.Weight]) -> Value {
        var logarithms = LogProduct()
        var result = Value()
        for j in cellEvents.indices {
            result += cellEvents[j].sums(n: n, share: shares[j], at: t, logarithms: &logarithms)
        }
        result.value += logarithms.value
        return result
    }
}
