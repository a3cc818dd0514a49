import Diagnostics
import PointSource

/// A trial's row in the table; see docs/model.md §8 and docs/file-format.md.
public struct TrialRecord: Sendable, Equatable {
    /// Number of the trial within its hypothesis, 0 ≤ trial < 2⁶³ − 1.
    public var trial: Int64
    public var seed: Int64
    /// Mean of the Poisson distribution of injected events, mu (`mean_n_sig`); finite, ≥ 0.
    public var meanSignal: Double
    /// Events injected (`n_sig`).
    public var injected: Int64
    /// SkyLLH's `mean_n_sig_0`: the signal strength of the null hypothesis, 0 for a search.
    public var meanSignal0: Double
    /// TS (`ts`).
    public var testStatistic: Double
    /// Fitted signal events (`ns`).
    public var signalEvents: Double
    /// Fitted spectral index.
    public var gamma: Double
    public var flags: TrialFlags
    /// ln Λ at each probe of the campaign, in its order.
    public var probes: [Double]

    public init(
        trial: Int64, seed: Int64, meanSignal: Double, injected: Int64, meanSignal0: Double = 0,
        testStatistic: Double, signalEvents: Double, gamma: Double, flags: TrialFlags = [], probes: [Double] = []
    ) {
        self.trial = trial
        self.seed = seed
        self.meanSignal = meanSignal
        self.injected = injected
        self.meanSignal0 = meanSignal0
        self.testStatistic = testStatistic
        self.signalEvents = signalEvents
        self.gamma = gamma
        self.flags = flags
        self.probes = probes
    }

    public var hypothesis: Hypothesis { Hypothesis(meanSignal: meanSignal, seed: seed) }
}

/// Facts about a trial besides its numbers (`flags`), one bit each.
public struct TrialFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

extension Hypothesis: Comparable {
    /// Ordered by mean, then seed, as in a merged table.
    public static func < (one: Hypothesis, other: Hypothesis) -> Bool {
        (one.meanSignal, one.seed) < (other.meanSignal, other.seed)
    }
}

extension Hypothesis: CustomStringConvertible {
    public var description: String { "mu \(shortest(meanSignal)), seed \(seed)" }
}
