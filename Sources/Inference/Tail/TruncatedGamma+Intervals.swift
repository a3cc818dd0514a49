import Diagnostics
import Numerics

// Intervals by the profile likelihood: a threshold t for a tail p belongs to the interval if the likelihood, maximised
// over all distributions with P(TS > t) = p, is within z²/2 of its maximum (S. S. Wilks, Ann. Math. Stat. 9 (1938) 60).
// The likelihood has a binomial part, N of n trials above the cut, and that of the N values. It is scaled so that the
// fit's scatter is that of the trials even if they do not follow the distribution (``TailProfile/inflation(ofTail:)``).
// The errors are those of the parameters; they do not include a deviation from the distribution beyond the trials.

extension TruncatedGamma {
    /// The interval of the TS above which `tailProbability` of the trials lie; nil if the fit's own value would lie
    /// below the cut.
    ///
    /// - Throws: `Fault` of kind `usage` for a confidence outside (0, 1).
    public func criticalInterval(
        tailProbability: Double, confidence: Double = Significance.oneSigmaContent
    ) throws(Fault) -> ClosedRange<Double>? {
        try Significance.check(confidence: confidence)
        guard let value = criticalTS(tailProbability: tailProbability) else { return nil }
        let profile = TailProfile(self)
        let logTail = Portable.log(tailProbability)
        let step = max(1e-3 * value, profile.deviation(ofThreshold: value))
        let ends = profile.interval(
            around: value, step: step, deviations: Significance.deviations(confidence: confidence), above: cut
        ) { (ts: $0, logTail: logTail) }
        return ends.low...ends.high
    }

    /// The threshold for a tail, with its interval; nil if it would lie below the cut.
    func threshold(tailProbability: Double, confidence: Double) throws(Fault) -> Threshold? {
        guard let value = criticalTS(tailProbability: tailProbability),
            let interval = try criticalInterval(tailProbability: tailProbability, confidence: confidence)
        else { return nil }
        return Threshold(
            tailProbability: tailProbability, value: value, low: interval.lowerBound, high: interval.upperBound,
            method: model.method)
    }

    /// The p-value of an observed TS by the fit, with its interval.
    ///
    /// - Throws: `Fault` of kind `usage` for a TS below the cut, where the fit is not defined, or a confidence outside
    ///   (0, 1).
    public func pValue(of ts: Double, confidence: Double = Significance.oneSigmaContent) throws(Fault) -> PValue {
        try Significance.check(confidence: confidence)
        guard ts >= cut, ts.isFinite else {
            throw Fault(
                .usage, "the p-value of TS \(ts) cannot come from a gamma fit above TS \(cut)",
                remedy: "count it instead, or lower the cut")
        }
        let p = tailProbability(above: ts)
        guard p > 0 else { return PValue(value: 0, low: 0, high: 0, method: model.method) }
        let profile = TailProfile(self)
        let ends = profile.interval(
            around: Portable.log(p), step: 0.1, deviations: Significance.deviations(confidence: confidence),
            above: -.infinity
        ) { (ts: ts, logTail: $0) }
        return PValue(
            value: p, low: Portable.exp(ends.low), high: min(1, Portable.exp(ends.high)), method: model.method)
    }
}
