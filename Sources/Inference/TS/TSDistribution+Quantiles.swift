import Diagnostics
import Numerics

extension TSDistribution {
    /// A quantile with its distribution-free confidence interval.
    public struct Quantile: Sendable, Equatable {
        /// The probability below the quantile, in [0, 1].
        public let probability: Double
        /// The estimate: linear between order statistics, like numpy's `percentile`.
        public let value: Double
        /// The lower end, linear between order statistics; if too few trials lie below, 0 or the smallest TS if that is
        /// negative.
        public let low: Double
        /// The upper end, linear between order statistics; nil if too few trials lie above to give a bound.
        public let high: Double?

        package init(probability: Double, value: Double, low: Double, high: Double?) {
            (self.probability, self.value, self.low, self.high) = (probability, value, low, high)
        }
    }

    /// The quantile below which `probability` of the trials lie.
    ///
    /// The interval lies between order statistics of fractional ranks, which exclude (1 − confidence)/2 on either side
    /// for any distribution: between whole ranks it would cover more than `confidence`, by up to a tenth if ten trials
    /// lie above.
    ///
    /// Reference: A. D. Hutson, *Calculating nonparametric confidence intervals for quantiles using fractional order
    /// statistics*, J. Appl. Stat. 26 (1999) 343.
    /// - Throws: `Fault` of kind `usage` for a probability outside [0, 1] or a confidence outside (0, 1).
    public func quantile(
        _ probability: Double, confidence: Double = Significance.oneSigmaContent
    ) throws -> Quantile {
        guard (0...1).contains(probability) else {
            throw Fault(.usage, "quantile \(probability) is outside [0, 1]", remedy: "give a probability")
        }
        try Significance.check(confidence: confidence)
        return uncheckedQuantile(upperTail: 1 - probability, probability: probability, confidence: confidence)
    }

    /// The quantile above which `upperTail` of the trials lie, without loss of digits for a small tail.
    func uncheckedQuantile(upperTail: Double, probability: Double, confidence: Double) -> Quantile {
        // Ranks are counted from the top, where the tail is exact: (n − 1) (1 − tail) from the bottom.
        let fromTop = min(max(Double(count - 1) * upperTail, 0), Double(count - 1))
        let whole = fromTop.rounded(.down)
        let fraction = fromTop - whole
        let upper = orderStatistic(count - 1 - Int(whole))
        let lower = orderStatistic(max(0, count - 2 - Int(whole)))
        let value = fraction == 0 ? upper : upper - fraction * (upper - lower)

        // There is no upper end if even the largest trial lies above the quantile too rarely; if the smallest one does
        // so too often, the lower end is the smallest possible TS.
        let tail = (1 - confidence) / 2
        let high =
            chance(ofRank: 1, above: upperTail) < 1 - tail
            ? nil : valueFromTop(rankFromTop(upperTail, probability: 1 - tail))
        let low =
            chance(ofRank: Double(count), above: upperTail) > tail
            ? min(0, orderStatistic(0)) : valueFromTop(rankFromTop(upperTail, probability: tail))
        return Quantile(probability: probability, value: value, low: min(low, value), high: high.map { max($0, value) })
    }

    /// The probability that the k-th largest trial, k a real number from 1 to n, lies above the quantile: 1 − F there
    /// has the distribution Beta(k, n + 1 − k), and must be smaller than the tail.
    private func chance(ofRank k: Double, above upperTail: Double) -> Double {
        SpecialFunctions.incompleteBeta(upperTail, k, Double(count) + 1 - k).lower
    }

    /// The rank at which ``chance(ofRank:above:)``, which decreases with it, has the wanted value; 1 or n if none does.
    private func rankFromTop(_ upperTail: Double, probability wanted: Double) -> Double {
        // Far finer than the accuracy of the interpolation between two trials.
        bisect(from: 1, to: Double(count), width: { 1e-6 * $0 }) { chance(ofRank: $0, above: upperTail) > wanted }
    }

    /// The TS of a rank from the top (1 for the largest), linear between trials.
    private func valueFromTop(_ rank: Double) -> Double {
        let whole = rank.rounded(.down)
        let upper = orderStatistic(count - Int(whole))
        guard rank > whole else { return upper }
        return upper - (rank - whole) * (upper - orderStatistic(max(0, count - 1 - Int(whole))))
    }
}
