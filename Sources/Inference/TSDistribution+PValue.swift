import Diagnostics

/// The probability of a TS at least as large as an observed one under background, with its interval.
public struct PValue: Sendable, Equatable {
    /// The estimate.
    public let value: Double
    /// The lower end of the interval.
    public let low: Double
    /// The upper end of the interval.
    public let high: Double
    /// Counted from trials, or by a fit to their tail.
    public let method: Threshold.Method

    /// The one-sided significance in sigma; +∞ where no trial was as large.
    public var sigma: Double { Significance.sigma(tailProbability: value) }
    /// The significance of the interval's upper end, the cautious one.
    public var sigmaLow: Double { Significance.sigma(tailProbability: high) }
    /// The significance of the interval's lower end.
    public var sigmaHigh: Double { Significance.sigma(tailProbability: low) }
}

extension TSDistribution {
    /// The counted p-value of an observed TS: the fraction of trials with TS ≥ `ts`, with the interval of Clopper and
    /// Pearson. An observed TS ≤ 0 has p = 1.
    ///
    /// - Throws: `Fault` of kind `usage` for a TS that is not a number.
    public func pValue(of ts: Double, confidence: Double = Significance.oneSigmaContent) throws -> PValue {
        guard !ts.isNaN else { throw Fault(.usage, "the observed TS is not a number", remedy: "give a finite TS") }
        let proportion = BinomialProportion(unchecked: count(atOrAbove: ts), of: count)
        let interval = proportion.clopperPearson(confidence: confidence)
        return PValue(
            value: proportion.estimate, low: interval.lowerBound, high: interval.upperBound, method: .counted)
    }

    /// P(TS > `ts`), the survival probability, with the interval of Clopper and Pearson.
    public func survival(above ts: Double, confidence: Double = Significance.oneSigmaContent) -> PValue {
        let proportion = BinomialProportion(unchecked: count(above: ts), of: count)
        let interval = proportion.clopperPearson(confidence: confidence)
        return PValue(
            value: proportion.estimate, low: interval.lowerBound, high: interval.upperBound, method: .counted)
    }
}

extension TruncatedGamma {
    /// The p-value of an observed TS by the fit; its interval holds the fit's standard error, taken over ln p.
    ///
    /// - Throws: `Fault` of kind `usage` for a TS below the cut, where the fit says nothing.
    public func pValue(of ts: Double) throws -> PValue {
        guard ts >= cut, ts.isFinite else {
            throw Fault(
                .usage, "the p-value of TS \(ts) cannot come from a gamma fit above TS \(cut)",
                remedy: "count it instead, or lower the cut")
        }
        let p = tailProbability(above: ts)
        guard let critical = criticalTS(tailProbability: p) else {
            return PValue(value: p, low: p, high: p, method: .gammaFit)
        }
        // To first order moving the threshold by its error is moving ln p by that error times the slope of ln p.
        return PValue(
            value: p, low: tailProbability(above: ts + critical.error),
            high: min(1, tailProbability(above: ts - critical.error)), method: .gammaFit)
    }
}
