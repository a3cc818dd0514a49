/// The comparison of fitted with injected numbers, over the trials of one mean signal.
public struct FitBias: Sendable, Equatable {
    /// The mean number of injected signal events.
    public let mu: Double
    /// The number of trials.
    public let trials: Int
    /// How many of them are fitted with n_s = 0.
    public let trialsAtZero: Int
    /// The fitted n_s of all trials.
    public let signalEvents: Spread
    /// The fitted gamma of the trials with n_s > 0, since others have none; nil if there are none.
    public let gamma: Spread?
    /// The mean over trials of fitted n_s minus the number of events injected into that trial, so that the fluctuation
    /// of the injection does not contribute.
    public let meanExcess: Double
    /// The standard error of ``meanExcess``; 0 for a single trial.
    public let meanExcessError: Double

    /// The fraction of trials fitted with n_s = 0.
    public var fractionAtZero: Double { Double(trialsAtZero) / Double(trials) }

    /// Summarises trials.
    ///
    /// - Complexity: O(n log n).
    public init(_ fits: FittedTrials) {
        mu = fits.mu
        trials = fits.count
        let isAbove = fits.signalEvents.map { $0 > 0 }
        trialsAtZero = isAbove.count { !$0 }
        signalEvents = Spread(fits.signalEvents)
        let fitted = zip(fits.gamma, isAbove).filter(\.1).map(\.0)
        gamma = fitted.isEmpty ? nil : Spread(fitted)
        let excess = zip(fits.signalEvents, fits.injected).map { $0 - $1 }
        let number = Double(trials)
        let mean = excess.reduce(0, +) / number
        let squares = excess.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        meanExcess = mean
        meanExcessError = trials > 1 ? (squares / (number - 1) / number).squareRoot() : 0
    }
}
