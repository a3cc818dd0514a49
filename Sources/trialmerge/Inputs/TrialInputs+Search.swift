import Inference

extension TrialInputs {
    /// All trials, without and with signal; those with signal also by their number of injected events if it follows a
    /// Poisson distribution.
    ///
    /// - Parameter background: trials without signal from elsewhere; nil for those of these files.
    /// - Throws: `Fault` of kind `badData` if there are no ordinary background trials.
    func searchTrials(background: BackgroundTrials? = nil) throws -> SearchTrials {
        let background = background ?? backgroundTrials
        let isPoisson = try campaign().configuration.settings.poissonInjection
        return SearchTrials(
            background: try background.ordinary ?? self.background(), weighted: background.weighted,
            signal: try signal(), injected: isPoisson ? injected : [])
    }
}
