import Diagnostics

/// The probability of a TS at least as large as an observed one under background, with its interval.
public struct PValue: Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The lower end of the interval.
    public let low: Double
    /// The upper end of the interval.
    public let high: Double
    /// Counted from ordinary trials, from weighted trials, or by a fit to the tail of ordinary trials.
    public let method: Threshold.Method
    /// The tail that a p-value from weighted trials comes from; nil for others.
    public let weighted: WeightedTail?

    init(value: Double, low: Double, high: Double, method: Threshold.Method) {
        (self.value, self.low, self.high, self.method, weighted) = (value, low, high, method, nil)
    }

    /// The probability of a tail of weighted trials.
    package init(_ tail: WeightedTail) {
        (value, low, high, method, weighted) = (min(tail.value, 1), tail.low, tail.high, .weighted, tail)
    }

    /// The one-sided significance in sigma; +∞ if no trial has as large a TS.
    public var sigma: Double { Significance.sigma(tailProbability: value) }
    /// The significance of the interval's upper end, the conservative one.
    public var sigmaLow: Double { Significance.sigma(tailProbability: high) }
    /// The significance of the interval's lower end.
    public var sigmaHigh: Double { Significance.sigma(tailProbability: low) }
}

extension TSDistribution {
    /// The counted p-value of an observed TS: the fraction of trials with TS ≥ `ts`, with the interval of Clopper and
    /// Pearson. It is 1 if no trial lies below the observed TS.
    ///
    /// - Throws: `Fault` of kind `usage` for a TS that is not a number.
    public func pValue(of ts: Double, confidence: Double = Significance.oneSigmaContent) throws -> PValue {
        guard !ts.isNaN else { throw Fault(.usage, "the observed TS is not a number", remedy: "give a finite TS") }
        return PValue(counted: BinomialProportion(unchecked: count(atOrAbove: ts), of: count), confidence: confidence)
    }

    /// P(TS > `ts`), the survival probability, with the interval of Clopper and Pearson.
    public func survival(above ts: Double, confidence: Double = Significance.oneSigmaContent) -> PValue {
        PValue(counted: proportion(above: ts), confidence: confidence)
    }

    /// The trials with TS > `ts` among all.
    func proportion(above ts: Double) -> BinomialProportion {
        BinomialProportion(unchecked: count(above: ts), of: count)
    }
}

extension PValue {
    init(counted proportion: BinomialProportion, confidence: Double = Significance.oneSigmaContent) {
        let interval = proportion.clopperPearson(confidence: confidence)
        self.init(
            value: proportion.estimate, low: interval.lowerBound, high: interval.upperBound, method: .counted)
    }

    /// The number of trials needed to count this p-value with a relative standard error of `precision`: (1 − p)/(p ε²),
    /// from the binomial distribution. If the p-value is 0 the upper end of its interval is used, and the result is a
    /// lower limit.
    public func trialsNeeded(forPrecision precision: Double) -> Double {
        let p = value > 0 ? value : high
        return (1 - p) / (p * precision * precision)
    }
}
