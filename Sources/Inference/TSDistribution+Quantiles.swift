import Diagnostics

extension TSDistribution {
    /// A quantile with its distribution-free confidence interval.
    public struct Quantile: Sendable, Equatable {
        /// The probability below the quantile, in [0, 1].
        public let probability: Double
        /// The estimate: linear between order statistics, as numpy's `percentile`.
        public let value: Double
        /// The lower end: an order statistic, or 0 where too few trials lie below.
        public let low: Double
        /// The upper end: an order statistic; nil where too few trials lie above for any bound.
        public let high: Double?
    }

    /// The quantile below which `probability` of the trials lie.
    ///
    /// The interval runs between the order statistics X_(l), X_(u) whose ranks a binomial count with `probability`
    /// leaves out with at most (1 − confidence)/2 on either side, so it covers whatever the distribution is.
    ///
    /// Reference: H. A. David and H. N. Nagaraja, *Order Statistics*, 3rd ed. 2003, sec. 7.1.
    /// - Throws: `Fault` of kind `usage` for a probability outside [0, 1] or a confidence outside (0, 1).
    public func quantile(
        _ probability: Double, confidence: Double = Significance.oneSigmaContent
    ) throws -> Quantile {
        guard (0...1).contains(probability) else {
            throw Fault(.usage, "quantile \(probability) is outside [0, 1]", remedy: "give a probability")
        }
        guard confidence > 0, confidence < 1 else {
            throw Fault(.usage, "confidence \(confidence) is outside (0, 1)", remedy: "give for example 0.68")
        }
        return uncheckedQuantile(upperTail: 1 - probability, probability: probability, confidence: confidence)
    }

    /// The quantile above which `upperTail` of the trials lie, with no digit of a small tail lost.
    func uncheckedQuantile(upperTail: Double, probability: Double, confidence: Double) -> Quantile {
        // Ranks are counted from the top, where the tail is exact: (n − 1) (1 − tail) from the bottom.
        let fromTop = min(max(Double(count - 1) * upperTail, 0), Double(count - 1))
        let whole = fromTop.rounded(.down)
        let fraction = fromTop - whole
        let upper = orderStatistic(count - 1 - Int(whole))
        let lower = orderStatistic(max(0, count - 2 - Int(whole)))
        let value = fraction == 0 ? upper : upper - fraction * (upper - lower)

        let tail = (1 - confidence) / 2
        // Let K be the number of trials above the true quantile: K is binomial(n, upperTail). The k-th largest trial
        // lies below the quantile unless K ≥ k, and above it only if K ≥ k.
        let fewest = smallestCount { BinomialProportion.probability(atMost: $0, of: count, p: upperTail) > tail }
        let most = smallestCount { BinomialProportion.probability(atLeast: $0 + 1, of: count, p: upperTail) <= tail }
        // P(K < fewest) ≤ tail: the fewest-th largest is at or above the quantile but for that; P(K > most) ≤ tail: the
        // (most + 1)-th largest is below it but for that.
        let high = fewest >= 1 ? orderStatistic(count - fewest) : nil
        let low = most + 1 <= count ? orderStatistic(count - most - 1) : 0
        return Quantile(probability: probability, value: value, low: min(low, value), high: high.map { max($0, value) })
    }

    /// The smallest k in 0...count for which a condition that holds from some k on holds.
    private func smallestCount(_ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = low + (high - low) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
