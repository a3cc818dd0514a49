import CGSL
import Numerics

/// A tail probability from weighted trials, and its reliability.
public struct WeightedTail: Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The lower end of the interval: from the normal distribution if the effective size is at least
    /// ``smallestNormalSize``, else the mid-p gamma interval of Fay and Kim.
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
            let interval = Self.gammaInterval(sums, confidence: confidence)
            low = interval.low / n
            high = min(1, interval.high / n)
        }
    }

    /// The mid-p gamma interval for the expectation of a sum of weights, with the variance within components instead of Σ W².
    ///
    /// Fay and Feuer take the lower end from the gamma distribution with the mean and variance of the sum, and the upper end
    /// from one that has the largest weight once more, which covers too often for few trials. Each end here has half of the
    /// tail probability from either distribution.
    ///
    /// References: M. P. Fay and E. J. Feuer, Stat. Med. 16 (1997) 791; M. P. Fay and S. Kim, Biom. J. 59 (2017) 377.
    static func gammaInterval(_ sums: WeightedTSDistribution.Running, confidence: Double)
        -> (low: Double, high: Double)
    {
        let variance = sums.variance > 0 ? sums.variance : sums.squares
        let distributions = [
            GammaOfSum(mean: sums.sum, variance: variance),
            GammaOfSum(mean: sums.sum + sums.largest, variance: variance + sums.largest * sums.largest),
        ]
        let outside = 0.5 * (1 - confidence)
        /// The value at which the mean of both probabilities is `outside`, between those of either distribution.
        func end(_ quantile: (GammaOfSum) -> Double, _ probability: (GammaOfSum, Double) -> Double) -> Double {
            let ends = distributions.map(quantile)
            func mean(_ value: Double) -> Double { 0.5 * distributions.reduce(0) { $0 + probability($1, value) } }
            let isRising = mean(ends[1]) > mean(ends[0])
            return bisect(from: ends[0], to: ends[1], width: { 1e-10 * abs($0) }) { (mean($0) < outside) == isRising }
        }
        return (
            end({ $0.scale * gsl_cdf_gamma_Pinv(outside, $0.shape, 1) }) {
                gsl_cdf_gamma_P($1 / $0.scale, $0.shape, 1)
            },
            end({ $0.scale * gsl_cdf_gamma_Qinv(outside, $0.shape, 1) }) { gsl_cdf_gamma_Q($1 / $0.scale, $0.shape, 1) }
        )
    }

    /// The gamma distribution with a mean and a variance.
    private struct GammaOfSum {
        let shape: Double
        let scale: Double

        init(mean: Double, variance: Double) {
            shape = mean * mean / variance
            scale = variance / mean
        }
    }
}
