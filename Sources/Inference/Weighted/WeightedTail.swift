import CGSL

/// A tail probability from weighted trials, and its reliability.
public struct WeightedTail: Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The lower end of the interval: from the normal distribution if the effective size is at least
    /// ``smallestNormalSize``, else that of Fay and Feuer.
    public let low: Double
    public let high: Double
    /// The standard error relative to the estimate.
    public let relativeError: Double
    /// (Σ W)²/Σ W² over the trials of the tail: the equivalent number of trials with equal weights.
    public let effectiveSize: Double
    /// The largest weight relative to their sum.
    public let largestShare: Double
    /// The number of ordinary trials with the same relative error.
    public let equivalentTrials: Double
    /// Whether the estimate and its interval may be quoted.
    public let isTrusted: Bool

    public static let smallestNormalSize = 80.0
    public static let smallestTrustedSize = 20.0
    public static let largestTrustedShare = 0.1

    /// No trial lies in the tail: its probability is unknown.
    static let empty = WeightedTail(
        value: 0, low: 0, high: 1, relativeError: .infinity, effectiveSize: 0, largestShare: 1, equivalentTrials: 0,
        isTrusted: false)

    /// An observed TS of 0: p = 1.
    static let certain = WeightedTail(
        value: 1, low: 1, high: 1, relativeError: 0, effectiveSize: .infinity, largestShare: 0,
        equivalentTrials: .infinity, isTrusted: true)

    /// The one-sided significance in sigma.
    public var sigma: Double { Significance.sigma(tailProbability: min(value, 1)) }

    private init(
        value: Double, low: Double, high: Double, relativeError: Double, effectiveSize: Double, largestShare: Double,
        equivalentTrials: Double, isTrusted: Bool
    ) {
        self.value = value
        self.low = low
        self.high = high
        self.relativeError = relativeError
        self.effectiveSize = effectiveSize
        self.largestShare = largestShare
        self.equivalentTrials = equivalentTrials
        self.isTrusted = isTrusted
    }

    /// - Parameters:
    ///   - sums: sums over the trials of the tail, with Σ W > 0.
    ///   - trials: all trials, in the tail or not.
    ///   - isSound: whether the mean weight and the held-out points are compatible with 1.
    init(_ sums: WeightedTSDistribution.Running, trials: Int, isSound: Bool, confidence: Double) {
        let n = Double(trials)
        value = sums.sum / n
        let error = max(0, sums.variance).squareRoot() / n
        relativeError = error / value
        effectiveSize = sums.sum * sums.sum / sums.squares
        largestShare = sums.largest / sums.sum
        // An ordinary trial has a variance of p (1 − p).
        equivalentTrials = (1 - min(value, 1)) / (value * relativeError * relativeError)
        isTrusted =
            isSound && effectiveSize >= Self.smallestTrustedSize && largestShare <= Self.largestTrustedShare
        if effectiveSize >= Self.smallestNormalSize {
            let deviations = Significance.deviations(confidence: confidence)
            low = max(0, value - deviations * error)
            high = min(1, value + deviations * error)
        } else {
            let interval = Self.fayFeuer(sums, confidence: confidence)
            low = interval.low / n
            high = min(1, interval.high / n)
        }
    }

    /// The interval of Fay and Feuer for the expectation of a sum of weights, with the variance within components
    /// instead of Σ W².
    ///
    /// Reference: M. P. Fay and E. J. Feuer, Stat. Med. 16 (1997) 791.
    private static func fayFeuer(_ sums: WeightedTSDistribution.Running, confidence: Double)
        -> (low: Double, high: Double)
    {
        let (sum, largest) = (sums.sum, sums.largest)
        let variance = sums.variance > 0 ? sums.variance : sums.squares
        let outside = 0.5 * (1 - confidence)
        let (upperSum, upperVariance) = (sum + largest, variance + largest * largest)
        return (
            variance / sum * gsl_cdf_gamma_Pinv(outside, sum * sum / variance, 1),
            upperVariance / upperSum * gsl_cdf_gamma_Qinv(outside, upperSum * upperSum / upperVariance, 1)
        )
    }
}
