import Diagnostics

/// The fits of trials of one mean signal, with one number per trial in every array.
public struct FittedTrials: Sendable {
    /// The mean number of injected signal events.
    public let mu: Double
    /// Fitted n_s.
    public let signalEvents: [Double]
    /// Fitted spectral index; undefined if n_s is 0.
    public let gamma: [Double]
    /// The number of injected events.
    public let injected: [Double]

    /// - Throws: `Fault` of kind `badData` for arrays of different lengths or none, a mu that is negative or not
    ///   finite, or a fitted number that is not finite.
    public init(mu: Double, signalEvents: [Double], gamma: [Double], injected: [Double]) throws {
        guard mu >= 0, mu.isFinite else {
            throw Fault(.badData, "trials have mu \(mu)", remedy: "give a finite mean number of events ≥ 0")
        }
        guard !signalEvents.isEmpty, gamma.count == signalEvents.count, injected.count == signalEvents.count else {
            throw Fault(
                .badData,
                "\(signalEvents.count) n_s, \(gamma.count) gamma and \(injected.count) injected events do not belong to the same trials",
                remedy: "give equally many of each, and at least one")
        }
        for values in [signalEvents, gamma, injected] {
            if let trial = values.firstIndex(where: { !$0.isFinite }) {
                throw Fault(
                    .badData, "the fit of trial \(trial) with mu \(mu) in the table has the number \(values[trial])",
                    remedy: "find out why it failed with `trialgen inspect`")
            }
        }
        self.mu = mu
        self.signalEvents = signalEvents
        self.gamma = gamma
        self.injected = injected
    }

    /// The number of trials.
    public var count: Int { signalEvents.count }
}
