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
    /// The weight of a weighted background trial; nil for an ordinary trial.
    public var weight: TrialWeight?
    /// The fits of all sources of a catalogue search or of both hemispheres, of which the numbers above are those of the hottest source (the
    /// largest TS, the first of equals); nil for other searches.
    public var sources: SourceFits?

    public init(
        trial: Int64, seed: Int64, meanSignal: Double, injected: Int64, meanSignal0: Double = 0,
        testStatistic: Double, signalEvents: Double, gamma: Double, flags: TrialFlags = [], probes: [Double] = [],
        weight: TrialWeight? = nil, sources: SourceFits? = nil
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
        self.weight = weight
        self.sources = sources
    }

    public var hypothesis: Hypothesis { TrialKey(self).hypothesis }
}

/// The fits of the sources of a catalogue search to one sky, in the order of the campaign's list, or of the hottest places of
/// the hemispheres in a search of the sky.
public struct SourceFits: Sendable, Equatable {
    /// TS of each source.
    public var testStatistics: [Double]
    /// Fitted signal events of each source; empty unless the campaign has `source_fits`.
    public var signalEvents: [Double]
    /// θ of each source: the fitted spectral index; empty unless the campaign has `source_fits`.
    public var gammas: [Double]
    /// The place of each fit in degrees; empty for a catalogue.
    public var rightAscensions: [Double]
    public var declinations: [Double]

    public init(
        testStatistics: [Double], signalEvents: [Double] = [], gammas: [Double] = [], rightAscensions: [Double] = [],
        declinations: [Double] = []
    ) {
        self.testStatistics = testStatistics
        self.signalEvents = signalEvents
        self.gammas = gammas
        self.rightAscensions = rightAscensions
        self.declinations = declinations
    }
}

/// The weight of a background trial that was drawn from a mixture of distributions (docs/model.md, section 10).
public struct TrialWeight: Sendable, Equatable {
    /// The significance in sigma up to which p-values are valid: the tail of the mixture.
    public var tail: Double
    /// ln W (`log_weight`): the p-value of a TS is the mean of W over the trials above it.
    public var logWeight: Double
    /// The component that the trial was drawn from (`proposal`): 0 for ordinary background, k for the mixture's k-th
    /// point.
    public var proposal: Int64
    /// The logarithms of the density ratios at the mixture's held-out points (`log_ratio_1` …), in their order.
    public var logRatios: [Double]

    public init(tail: Double, logWeight: Double, proposal: Int64, logRatios: [Double]) {
        self.tail = tail
        self.logWeight = logWeight
        self.proposal = proposal
        self.logRatios = logRatios
    }
}

/// Facts about a trial besides its numbers (`flags`), one bit each.
public struct TrialFlags: OptionSet, Sendable, Hashable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
}

extension Hypothesis: Comparable {
    /// Ordered by mean, as in a merged table; weighted trials follow the ordinary ones of the same mean.
    public static func < (one: Hypothesis, other: Hypothesis) -> Bool {
        (one.meanSignal, one.tail ?? 0, one.seed) < (other.meanSignal, other.tail ?? 0, other.seed)
    }
}

extension Hypothesis: CustomStringConvertible {
    public var description: String {
        "mu \(shortest(meanSignal))\(tail.map { ", tail \(shortest($0))" } ?? ""), seed \(seed)"
    }
}
