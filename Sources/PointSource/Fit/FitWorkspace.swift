/// The workspace of a fit: the function and the state of the search for its maximum. One per thread, reused.
struct FitWorkspace {
    let likelihood: Likelihood
    var choice: CellChoice

    /// - Parameter buffers: for the events of each dataset; other fits of the thread may use them in between.
    init(weights: DatasetWeights, grid: ParameterGrid, cells: [ParameterCell], buffers: [EventBuffers]) {
        likelihood = Likelihood(weights: weights, grid: grid, cells: cells, buffers: buffers)
        choice = CellChoice(cells: cells, datasets: likelihood.datasets)
    }
}
