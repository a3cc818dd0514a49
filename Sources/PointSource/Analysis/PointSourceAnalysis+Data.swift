import Numerics

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

    /// Fills a workspace with all data events of the box, at their true right ascensions.
    func loadData(_ workspace: inout TrialWorkspace) {
        for (j, model) in models.enumerated() {
            workspace.events[j].removeAll(total: model.events.count)
            workspace.injected[j].removeAll()
            for i in 0..<model.events.count where box.contains(declination: model.events.declination[i]) {
                let difference = box.difference(rightAscension: model.events.rightAscension[i])
                guard box.contains(rightAscensionDifference: difference) else { continue }
                let declination = model.events.declination[i]
                let event = SignalEvent(
                    log10Energy: model.events.log10Energy[i], angularError: model.events.angularError[i],
                    declination: declination, sinDeclination: Portable.sin(declination),
                    rightAscensionDifference: difference)
                add(event, index: i, model: model, to: workspace.events[j])
            }
        }
    }
}
