/// The buffers of one thread: the events of the trial at hand and what its fit needs. Nothing in it outlives a trial.
public struct TrialWorkspace {
    var events: [SelectedEvents]
    var likelihood: Likelihood
    var injectedCounts: [Int]
    /// The injected events of each dataset.
    var injected: [[SignalEvent]]

    init(_ analysis: PointSourceAnalysis) {
        events = analysis.models.map { SelectedEvents(signal: $0.signalTable) }
        likelihood = Likelihood(weights: analysis.weights, grid: analysis.grid, cells: analysis.cells, events: events)
        injectedCounts = [Int](repeating: 0, count: analysis.models.count)
        injected = [[SignalEvent]](repeating: [], count: analysis.models.count)
    }
}

extension PointSourceAnalysis {
    /// A workspace for one thread.
    public func makeWorkspace() -> TrialWorkspace { TrialWorkspace(self) }
}
