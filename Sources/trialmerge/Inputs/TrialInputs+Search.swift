import Inference

extension TrialInputs {
    /// All trials, without and with signal; those with signal also by their number of injected events if it follows a
    /// Poisson distribution.
    ///
    /// - Parameter background: the TS of other trials without signal; nil for those of these files.
    /// - Throws: `Fault` of kind `badData` if there are no background trials.
    func searchTrials(background: TSDistribution? = nil) throws -> SearchTrials {
        let background = try background ?? self.background()
        let isPoisson = try campaign().configuration.settings.poissonInjection
        return SearchTrials(background: background, signal: try signal(), injected: isPoisson ? injected : [])
    }
}
