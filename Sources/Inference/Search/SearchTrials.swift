import Diagnostics

/// The trials of one search, without and with signal: what sensitivities and upper limits are found from.
public struct SearchTrials: Sendable {
    public let background: TSDistribution
    /// By increasing mu, all above 0; trials of one mu may stand apart.
    public let signal: [SignalTrials]
    /// The trials with signal once more, by number of injected events; empty where these do not follow Poisson's law.
    public let injected: [InjectedTrials]

    /// - Parameters:
    ///   - background: trials without signal.
    ///   - signal: trials at one or more mu, in any order; those with mu = 0 are left out.
    ///   - injected: the same trials by their number of events, if that was drawn from Poisson's law.
    public init(background: TSDistribution, signal: [SignalTrials], injected: [InjectedTrials] = []) {
        self.background = background
        self.signal = signal.filter { $0.mu > 0 }.sorted { $0.mu < $1.mu }
        self.injected = injected
    }

    /// How likely a signal is to exceed a TS, from counts at each mu. The background is the hypothesis mu = 0, and among
    /// the trials without an injected event.
    ///
    /// - Throws: `Fault` of kind `badData` where there are no trials with signal.
    public func detection(above ts: Double) throws -> DetectionProbability {
        guard !signal.isEmpty else {
            throw Fault(.badData, "there are no trials with mu above 0", remedy: "run trials with several mu above 0")
        }
        let none = BinomialProportion(unchecked: background.count(above: ts), of: background.count)
        var byEvents = [0: none]
        for trials in injected {
            let proportion = trials.proportion(above: ts)
            byEvents[trials.events] = byEvents[trials.events].map { $0 + proportion } ?? proportion
        }
        return try DetectionProbability(
            [DetectionProbability.Hypothesis(mu: 0, proportion: none)] + signal.map { $0.hypothesis(above: ts) },
            injected: injected.isEmpty
                ? [] : byEvents.map { DetectionProbability.Injected(events: $0.key, proportion: $0.value) })
    }
}
