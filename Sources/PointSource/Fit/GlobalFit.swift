/// Finds the global maximum of ln Λ in the box of bounds of n_s and γ.
///
/// For fixed γ, ln Λ is concave in n_s, so a safeguarded Newton iteration finds the profile P(γ) = max over n_s. As a
/// function of γ it is smooth inside a cell of the interpolation and jumps between cells. Every cell is either
/// excluded, by a bound that no point in it can exceed the best one so far (``TangentBound``), or searched: P′ at both
/// of its ends shows where its maximum lies.
struct GlobalFit {
    let signalEvents: AnalysisSettings.FitParameter
    let parameter: AnalysisSettings.FitParameter
    /// By increasing θ.
    let cells: [ParameterCell]

    /// The maximum for the events of a trial.
    ///
    /// - Parameter limit: the largest expected n_s: events are classified for it, and a larger n_s needs another pass.
    ///   +∞ keeps every event exactly.
    func maximum(for events: [SelectedEvents], limit: Double, workspace: inout FitWorkspace) -> FitResult {
        var (limit, evaluations) = (limit, 0)
        while true {
            workspace.likelihood.load(events, limit: limit, forFit: true)
            var pass = FitPass(self, limit: limit)
            pass.run(&workspace)
            evaluations += pass.best.evaluations
            if !pass.reachedLimit {
                pass.best.evaluations = evaluations
                if !pass.best.logLambda.isFinite { pass.best.convergence = .notFinite }
                return pass.best
            }
            limit *= 4
        }
    }
}
