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
    /// The lower end of the 68.27 % interval, which holds the binomial errors of the signal trials and the threshold's.
    public let muLow: Double
    /// The upper end; nil where the trials do not bound mu from above.
    public let muHigh: Double?
    /// The TS to be exceeded, with its interval and how it was found.
    public let threshold: Threshold
    public let interpolation: DetectionProbability.Interpolation

    /// How the number was found, in words: `counted threshold, monotone interpolation`.
    public var method: String { "\(threshold.method.rawValue) threshold, \(interpolation.rawValue) interpolation" }

    /// Finds the signal that meets a criterion.
    ///
    /// A signal trial counts if its TS is larger than the threshold, so that trials in the spike at 0 do not count even
    /// where the background's median is 0. The background itself serves as the hypothesis mu = 0. The interval combines
    /// in quadrature that of the counts with the shift of mu when the threshold moves to either end of its interval.
    ///
    /// - Parameters:
    ///   - background: trials without signal.
    ///   - signal: trials at one or more mu, in any order.
    ///   - interpolation: between the mu; `.monotone` assumes least.
    ///   - cut: where a fitted threshold needs it, the TS above which the background's tail is fitted.
    /// - Throws: `Fault` of kind `badData` where background trials do not give the threshold or the signal trials do
    ///   not enclose the power, saying what is missing; of kind `usage` for a criterion out of range.
    public static func find(
        _ criterion: Criterion, background: TSDistribution, signal: [SignalTrials],
        interpolation: DetectionProbability.Interpolation = .monotone, cut: Double = TruncatedGamma.defaultCut
    ) throws -> DetectableSignal {
        let threshold = try background.threshold(tailProbability: criterion.tailProbability, cut: cut)
        guard signal.contains(where: { $0.mu > 0 }) else {
            throw Fault(.badData, "there are no trials with mu above 0", remedy: "run trials with several mu above 0")
        }
        func estimate(_ ts: Double) throws -> DetectionProbability.Estimate {
            let noSignal = DetectionProbability.Hypothesis(
                mu: 0, proportion: BinomialProportion(unchecked: background.count(above: ts), of: background.count))
            return try DetectionProbability([noSignal] + signal.map { $0.hypothesis(above: ts) })
                .mu(atPower: criterion.power, by: interpolation)
        }
        let centre = try estimate(threshold.value)
        // A threshold at the end of its interval may leave the range of mu that was simulated; then so does the
        // interval.
        let lower = threshold.low < threshold.value ? try? estimate(threshold.low).mu : centre.mu
        let upper = threshold.high > threshold.value ? try? estimate(threshold.high).mu : centre.mu
        let muLow = lower.map { shifted in
            max(0, centre.mu - Self.quadrature(centre.mu - centre.low, max(0, centre.mu - shifted)))
        }
        var muHigh: Double?
        if let upper, let high = centre.high {
            muHigh = centre.mu + Self.quadrature(high - centre.mu, max(0, upper - centre.mu))
        }
        return DetectableSignal(
            criterion: criterion, mu: centre.mu, muLow: muLow ?? 0, muHigh: muHigh, threshold: threshold,
            interpolation: interpolation)
    }

    private static func quadrature(_ one: Double, _ other: Double) -> Double {
        (one * one + other * other).squareRoot()
    }
}
