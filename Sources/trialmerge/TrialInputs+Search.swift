import Inference
import Trials

extension TrialInputs {
    /// All trials, without and with signal; those with signal also by their number of injected events where that
    /// follows Poisson's law.
    ///
    /// - Parameter background: trials without signal from elsewhere; nil for those of these files.
    /// - Throws: `Fault` of kind `badData` where there is no background.
    func searchTrials(background: TSDistribution? = nil) throws -> SearchTrials {
        let background = try background ?? self.background()
        let isPoisson = try campaign().configuration.settings.poissonInjection
        return SearchTrials(background: background, signal: try signal(), injected: isPoisson ? try injected() : [])
    }

    /// The TS of the trials with mu above 0, by number of injected events.
    private func injected() throws -> [InjectedTrials] {
        var trials: [(events: Int, ts: Double)] = []
        for set in sets {
            for hypothesis in set.hypotheses where hypothesis.meanSignal > 0 {
                let events = try set.values(.injected, of: hypothesis)
                let ts = try set.values(.testStatistic, of: hypothesis)
                // A negative number is no trial of ours; the clamp keeps any number from trapping.
                trials += zip(events, ts).map { (Int(min(max($0, -1), 1e9)), $1) }
            }
        }
        return try locatingFaults { try InjectedTrials.sorted(trials) }
    }
}
