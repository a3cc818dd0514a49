/// Finds the global maximum of ln Λ in the box of bounds of n_s and γ.
///
/// For fixed γ, ln Λ is concave in n_s, so the profile P(γ) = max over n_s is had by a safeguarded Newton iteration.
/// Along γ the function is smooth inside a cell of the interpolation and jumps between cells. Every cell is either
/// excluded, by a bound that no point of it can beat the best one seen (``TangentBound``), or searched: P′ at both of its
/// ends tells where its maximum lies.
struct GlobalFit {
    let signalEvents: AnalysisSettings.FitParameter
    let gamma: AnalysisSettings.FitParameter
    /// By rising γ.
    let cells: [GammaCell]

    /// The maximum over the events of a trial.
    ///
    /// - Parameter limit: the largest n_s that is expected: events are sorted for it, and more costs another round. +∞
    ///   keeps
    ///   every event as it is.
    func maximum(of likelihood: inout Likelihood, events: [SelectedEvents], limit: Double) -> FitResult {
        likelihood.resetEvaluations()
        var limit = limit
        while true {
            likelihood.take(events, limit: limit)
            var pass = FitPass(self, limit: limit)
            pass.run(&likelihood)
            if !pass.reachedLimit {
                pass.best.evaluations = likelihood.evaluations
                return pass.best
            }
            limit *= 4
        }
    }
}
