import CGSL

extension DetectableSignal {
    /// The two parts of the relative error of mu: from the threshold, and from the counts of signal trials.
    func errorParts(in trials: SearchTrials) -> (threshold: Double, counts: Double) {
        func estimate(_ ts: Double) -> DetectionPower.Estimate? {
            try? trials.power(above: ts).mu(atPower: criterion.power, by: interpolation, confidence: confidence)
        }
        let ends = [threshold.low, threshold.high].compactMap { $0 == threshold.value ? mu : estimate($0)?.mu }
        let shift = ends.map { abs($0 - mu) }.max() ?? mu
        let own = estimate(threshold.value)
        let counts = own.map { own in own.high.map { 0.5 * ($0 - own.low) } ?? mu - own.low } ?? mu
        return (shift / mu, counts / mu)
    }

    /// The slope of the power's probit as a function of mu at the answer, per event.
    func rise(in trials: SearchTrials) -> Double {
        let level = gsl_cdf_ugaussian_Pinv(criterion.power)
        let detection = try? trials.power(above: threshold.value)
        let ends = [-0.2, 0.2].map { step in
            try? detection?.mu(atPower: gsl_cdf_ugaussian_P(level + step), by: interpolation).mu
        }
        let (low, high) = (ends[0], ends[1])
        if let low, let high, high > low { return 0.4 / (high - low) }
        if let low, mu > low { return 0.2 / (mu - low) }
        if let high, high > mu { return 0.2 / (high - mu) }
        return max(level - gsl_cdf_ugaussian_Pinv(criterion.tailProbability), 0.1) / mu
    }
}
