import Diagnostics

/// The strength of a signal that an analysis can see: the mean number of signal events at which a given share of
/// trials exceeds a threshold set by the background. Sensitivity and discovery potential are two choices of threshold
/// and share.
///
/// A flux is linear in mu: multiply mu, muLow and muHigh by the flux per detected event.
public struct DetectableSignal: Sendable, Equatable {
    /// What has to be exceeded, and how often.
    public struct Criterion: Sendable, Equatable {
        /// The fraction of background trials above the threshold.
        public let tailProbability: Double
        /// The share of signal trials that must exceed it.
        public let power: Double

        /// The share `power` of signal trials must exceed the TS above which `tailProbability` of the background lies.
        public init(tailProbability: Double, power: Double) {
            self.tailProbability = tailProbability
            self.power = power
        }

        /// The share `power` of signal trials must exceed a one-sided significance.
        public init(sigma: Double, power: Double) {
            self.init(tailProbability: Significance.tailProbability(sigma: sigma), power: power)
        }

        /// 90 % above the median of the background.
        public static let sensitivity = Criterion(tailProbability: 0.5, power: 0.9)

        /// 50 % above a one-sided significance, by default 5 sigma.
        public static func discovery(sigma: Double = 5) -> Criterion { Criterion(sigma: sigma, power: 0.5) }
    }

    public let criterion: Criterion
    /// The mean number of signal events.
    public let mu: Double
    /// The lower end of the interval, which holds the binomial errors of the signal trials and the threshold's.
    public let muLow: Double
    /// The upper end; nil where the trials do not bound mu from above.
    public let muHigh: Double?
    /// The probability content of the intervals of mu and of the threshold.
    public let confidence: Double
    /// The TS to be exceeded, with its interval and how it was found.
    public let threshold: Threshold
    public let interpolation: DetectionPower.Interpolation

    /// How the number was found, in words: `counted threshold, monotone interpolation`.
    public var method: String { "\(threshold.method.rawValue) threshold, \(interpolation.rawValue) interpolation" }

    /// Half the width of the interval in units of mu; +∞ where mu is not bounded.
    public var relativeError: Double { muHigh.map { 0.5 * ($0 - muLow) / mu } ?? .infinity }

    /// Finds the signal that meets a criterion.
    ///
    /// A signal trial counts if its TS is larger than the threshold, so that trials in the spike at 0 do not count even
    /// where the background's median is 0. The background itself serves as the point mu = 0. The interval combines in
    /// quadrature that of the counts with the shift of mu when the threshold moves to either end of its interval.
    ///
    /// - Parameters:
    ///   - interpolation: between the mu; `.monotone` assumes least; `.poisson` is the most precise, and needs
    ///     ``SearchTrials/injected``.
    ///   - cut: where a fitted threshold needs it, the TS above which the background's tail is fitted.
    ///   - confidence: the probability content of the intervals, in (0, 1).
    /// - Throws: `Fault` of kind `badData` where background trials do not give the threshold or the signal trials do
    ///   not enclose the power, saying what is missing; of kind `usage` for a criterion out of range, and for `.poisson`
    ///   without numbers of injected events.
    public static func find(
        _ criterion: Criterion, in trials: SearchTrials,
        interpolation: DetectionPower.Interpolation = .monotone, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> DetectableSignal {
        let threshold = try trials.threshold(
            tailProbability: criterion.tailProbability, cut: cut, confidence: confidence)
        return try find(criterion, above: threshold, in: trials, interpolation: interpolation, confidence: confidence)
    }

    /// The same where the threshold of the criterion's tail probability is known already.
    package static func find(
        _ criterion: Criterion, above threshold: Threshold, in trials: SearchTrials,
        interpolation: DetectionPower.Interpolation, confidence: Double
    ) throws -> DetectableSignal {
        let estimate = try trials.mu(
            atPower: criterion.power, above: threshold.value, between: threshold.low, and: threshold.high,
            by: interpolation, confidence: confidence)
        return DetectableSignal(
            criterion: criterion, mu: estimate.mu, muLow: estimate.low, muHigh: estimate.high, confidence: confidence,
            threshold: threshold, interpolation: interpolation)
    }
}
