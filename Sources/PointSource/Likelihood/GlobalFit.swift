/// Finds the global maximum of ln Λ in the box of bounds of n_s and γ.
///
/// For fixed γ, ln Λ is concave in n_s, so the profile P(γ) = max over n_s is had by a safeguarded Newton iteration.
/// Along γ the function is smooth inside a cell of the interpolation and jumps between cells. Every cell is either
/// excluded, by a bound that no point of it can beat the best one seen, or searched: P′ at both of its ends tells where
/// its maximum lies.
struct GlobalFit {
    let signalEvents: AnalysisSettings.FitParameter
    let gamma: AnalysisSettings.FitParameter
    /// Cells in the order in which they are visited: spread out first, so that a good maximum is known early.
    let cells: [GammaCell]

    init(signalEvents: AnalysisSettings.FitParameter, gamma: AnalysisSettings.FitParameter, cells: [GammaCell]) {
        self.signalEvents = signalEvents
        self.gamma = gamma
        let coarse = 5
        let order = cells.indices.sorted { (a, b) in
            let (ka, kb) = (a % coarse == coarse / 2 ? 0 : 1, b % coarse == coarse / 2 ? 0 : 1)
            return (ka, a) < (kb, b)
        }
        self.cells = order.map { cells[$0] }
    }

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
