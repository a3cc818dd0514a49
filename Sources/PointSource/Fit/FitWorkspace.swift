/// The workspace of a fit: the function and the state of the search for its maximum. One per thread, reused.
struct FitWorkspace {
    let likelihood: Likelihood
    var choice: CellChoice

    init(weights: DatasetWeights, grid: ParameterGrid, cells: [ParameterCell], events: [SelectedEvents]) {
        likelihood = Likelihood(weights: weights, grid: grid, cells: cells, events: events)
        choice = CellChoice(cells: cells, datasets: likelihood.datasets)
    }
}
