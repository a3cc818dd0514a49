import Diagnostics

/// The largest signal that an observed TS is compatible with: the mean number of signal events mu above which a share
/// `level` of trials or more would have had a larger TS.
///
/// This is Neyman's construction with the acceptance region TS ≥ t for each mu, so the limit covers: in at least `level`
/// of repeats it lies above the true mu. Within the spike at TS = 0 the limit is that of trials with
/// TS > 0, where the statistic is discrete and the coverage larger than `level`. Against the background's median TS the
/// limit is the sensitivity for power `level`; the median limit of background alone therefore is the sensitivity, too.
///
/// Reference: J. Neyman, Phil. Trans. R. Soc. A 236 (1937) 333.
public struct UpperLimit: Sendable, Equatable {
    /// The observed TS.
    public let ts: Double
    /// The confidence level of the limit, such as 0.9.
    public let level: Double
    /// The limit on the mean number of signal events; 0 where background alone exceeds the TS in a share `level` of
    /// trials, and no mu is compatible with it.
    public let mu: Double
    /// The lower end of the interval that trials leave: the error of the limit, not a limit itself.
    public let muLow: Double
    /// The upper end of that interval; nil where the trials do not bound it.
    public let muHigh: Double?
    /// The probability content of the interval.
    public let confidence: Double

    /// The level of most publications.
    public static let defaultLevel = 0.9

    /// Finds the limit for an observed TS.
    ///
    /// - Parameters:
    ///   - ts: finite; values below all of the background and 0 count as the smaller of the two.
    ///   - level: in (0, 1).
    ///   - confidence: the probability content of the limit's own interval.
    /// - Throws: `Fault` of kind `usage` for a TS or a level without meaning, of kind `badData` where the trials do not
    ///   reach the level.
    public static func find(
        ts: Double, level: Double = defaultLevel, in trials: SearchTrials,
        interpolation: DetectionPower.Interpolation = .monotone,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> UpperLimit {
        try find(ts: ts, between: ts, and: ts, level, trials, interpolation, confidence)
    }

    /// The limit that a share `probability` of background trials stays below: since the limit rises with TS, it is the
    /// limit of that quantile of TS. Its interval holds the error of the quantile.
    ///
    /// - Throws: as ``find(ts:level:in:interpolation:confidence:)``.
    public static func expected(
        quantile probability: Double, level: Double = defaultLevel, in trials: SearchTrials,
        interpolation: DetectionPower.Interpolation = .monotone,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> UpperLimit {
        let quantile = try trials.background.quantile(probability, confidence: confidence)
        return try find(
            ts: quantile.value, between: quantile.low, and: quantile.high ?? .infinity, level, trials, interpolation,
            confidence)
    }

    private static func find(
        ts: Double, between low: Double, and high: Double, _ level: Double, _ trials: SearchTrials,
        _ interpolation: DetectionPower.Interpolation, _ confidence: Double
    ) throws -> UpperLimit {
        guard ts.isFinite else {
            throw Fault(.usage, "\(ts) is not a valid TS", remedy: "give a finite number")
        }
        guard level > 0, level < 1 else {
            throw Fault(.usage, "level \(level) of a limit is outside (0, 1)", remedy: "give for example 0.9")
        }
        // Without negative values in the background one of the data is 0 but for rounding.
        let least = min(0, trials.background.minimum)
        let observed = max(least, ts)
        if Double(trials.background.count(above: observed)) > level * Double(trials.background.count) {
            return UpperLimit(ts: ts, level: level, mu: 0, muLow: 0, muHigh: 0, confidence: confidence)
        }
        let estimate = try trials.mu(
            atPower: level, above: observed, between: max(least, low), and: max(least, high), by: interpolation,
            confidence: confidence)
        return UpperLimit(
            ts: ts, level: level, mu: estimate.mu, muLow: estimate.low, muHigh: estimate.high, confidence: confidence)
    }
}
