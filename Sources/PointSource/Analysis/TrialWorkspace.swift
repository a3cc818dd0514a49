/// The buffers of one thread: the events of a trial and the state of its fit. The next trial, or a call with the
/// workspace as `inout` argument, overwrites them.
public struct TrialWorkspace {
    var events: [SelectedEvents]
    var fit: FitWorkspace
    var injectedCounts: [Int]
    /// The injected events of each dataset.
    var injected: [[SignalEvent]]
    var weighted: WeightedBuffers
    /// For the skies of a stack.
    var stack: StackWorkspace?

    init(_ analysis: PointSourceAnalysis) {
        self.init(
            analysis,
            events: analysis.models.map { SelectedEvents(signal: $0.signalTable, step: analysis.grid.step) },
            buffers: nil)
    }

    /// - Parameters:
    ///   - events: the events of each dataset, with the analysis' signal tables.
    ///   - buffers: those of another workspace of the thread with as many rows in its tables; nil makes some.
    init(_ analysis: PointSourceAnalysis, events: [SelectedEvents], buffers: [EventBuffers]?) {
        self.events = events
        fit = FitWorkspace(
            weights: analysis.weights, grid: analysis.grid, cells: analysis.cells,
            buffers: buffers ?? events.map { EventBuffers($0) })
        weighted = WeightedBuffers(datasets: analysis.models.count)
        stack = analysis.stack.map { StackWorkspace($0, analysis.grid) }
        injectedCounts = [Int](repeating: 0, count: analysis.models.count)
        injected = [[SignalEvent]](repeating: [], count: analysis.models.count)
    }
}

extension PointSourceAnalysis {
    /// A workspace for one thread.
    public func makeWorkspace() -> TrialWorkspace { TrialWorkspace(self) }
}
