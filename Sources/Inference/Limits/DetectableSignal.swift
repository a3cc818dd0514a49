import Diagnostics

/// The strength of a signal that an analysis can detect: the mean number of signal events at which a given fraction of
/// trials exceeds a threshold set by the background. Sensitivity and discovery potential are two choices of threshold
/// and fraction.
///
/// A flux is linear in mu: multiply mu, muLow and muHigh by the flux per detected event.
public struct DetectableSignal: Sendable, Equatable {
    /// The threshold, and how often it must be exceeded.
    public struct Criterion: Sendable, Equatable {
        /// The fraction of background trials above the threshold.
        public let tailProbability: Double
        /// The fraction of signal trials that must exceed it.
        public let power: Double

        /// A fraction `power` of signal trials must exceed the TS above which `tailProbability` of the background lies.
        public init(tailProbability: Double, power: Double) {
            self.tailProbability = tailProbability
            self.power = power
        }

        /// A fraction `power` of signal trials must exceed a one-sided significance.
        public init(sigma: Double, power: Double) {
            self.init(tailProbability: Significance.tailProbability(sigma: sigma), power: power)
        }

        /// 90 % of signal trials above the background median.
        public static let sensitivity = Criterion(tailProbability: 0.5, power: 0.9)

        /// 50 % of signal trials above a one-sided significance, by default 5 sigma.
        public static func discovery(sigma: Double = 5) -> Criterion { Criterion(sigma: sigma, power: 0.5) }
    }

    public let criterion: Criterion
    /// The mean number of signal events.
    public let mu: Double
    /// The lower end of the interval, which includes the binomial errors of the signal trials and the threshold's
    /// error.
    public let muLow: Double
    /// The upper end; nil if the trials do not bound mu from above.
    public let muHigh: Double?
    /// The probability content of the intervals of mu and of the threshold.
    public let confidence: Double
    /// The TS that must be exceeded, with its interval and method.
    public let threshold: Threshold
    public let interpolation: DetectionPower.Interpolation

    /// How mu was found, in words: `counted threshold, monotone interpolation`.
    public var method: String { "\(threshold.method.rawValue) threshold, \(interpolation.rawValue) interpolation" }

    /// Half the width of the interval divided by mu; +∞ if mu is not bounded.
    public var relativeError: Double { muHigh.map { 0.5 * ($0 - muLow) / mu } ?? .infinity }

    /// Finds the signal that meets a criterion.
    ///
    /// A signal trial counts if its TS is larger than the threshold, so trials in the spike at 0 never count, even if
    /// the background's median is 0. The background is the point mu = 0. The interval adds in quadrature that of the
    /// counts and the shift of mu when the threshold moves to either end of its interval.
    ///
    /// - Parameters:
    ///   - interpolation: between the mu; `.monotone` assumes least; `.poisson` is the most precise, and needs
    ///     ``SearchTrials/injected``.
    ///   - cut: the TS above which the background's tail is fitted, if the threshold needs a fit.
    ///   - confidence: the probability content of the intervals, in (0, 1).
    /// - Throws: `Fault` of kind `badData` if background trials do not determine the threshold or the signal trials do
    ///   not enclose the power, naming what is missing; of kind `usage` for a criterion out of range, and for
    ///   `.poisson` without numbers of injected events.
    public static func find(
        _ criterion: Criterion, in trials: SearchTrials,
        interpolation: DetectionPower.Interpolation = .monotone, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> DetectableSignal {
        let threshold = try trials.threshold(
            tailProbability: criterion.tailProbability, cut: cut, confidence: confidence)
        return try find(criterion, above: threshold, in: trials, interpolation: interpolation, confidence: confidence)
    }

    /// The same with a known threshold of the criterion's tail probability.
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
