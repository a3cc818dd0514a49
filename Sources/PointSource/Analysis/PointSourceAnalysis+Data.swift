extension PointSourceAnalysis {
    /// Fits the data as they are.
    public func fitData() -> FitResult {
        var workspace = makeWorkspace()
        loadData(&workspace)
        return fit.maximum(of: &workspace.likelihood, events: workspace.events, limit: .infinity)
    }

    /// ln Λ of the data at each of a list of points.
    ///
    /// - Parameter points: γ in the fit's range, n_s ≥ 0.
    public func dataLogLambda(at points: [Probe]) -> [Double] {
        var workspace = makeWorkspace()
        loadData(&workspace)
        workspace.likelihood.take(workspace.events, limit: .infinity)
        return points.map { logLambda(at: $0, workspace: &workspace) }
    }

    /// Fills a workspace with the data events that can matter, at their true right ascensions.
    func loadData(_ workspace: inout TrialWorkspace) {
        for (j, model) in models.enumerated() {
            workspace.events[j].removeAll(total: model.events.count)
            workspace.injected[j].removeAll()
            for group in model.background.groups {
                for index in group.first..<group.end {
                    let candidate = model.background.candidates[index]
                    let difference = box.difference(rightAscension: model.events.rightAscension[Int(candidate.event)])
                    guard box.contains(rightAscensionDifference: difference), abs(difference) < group.halfWidth
                    else { continue }
                    workspace.events[j].append(
                        weight: candidate.weight(rightAscensionDifference: difference), energy: candidate.energy,
                        origin: Int32(truncatingIfNeeded: index), rightAscensionDifference: difference)
                }
            }
        }
    }
}
