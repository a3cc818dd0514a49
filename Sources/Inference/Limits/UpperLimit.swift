import Diagnostics

/// The largest signal that is compatible with an observed TS: the mean number of signal events mu above which at least
/// a fraction `level` of trials has a larger TS.
///
/// This is Neyman's construction with the acceptance region TS ≥ t for each mu, so the limit covers: in at least a
/// fraction `level` of repetitions it lies above the true mu. Within the spike at TS = 0 the limit is that of trials
/// with TS > 0, where the statistic is discrete and the coverage larger than `level`. For the background's median TS
/// the limit is the sensitivity for power `level`; therefore the median limit of background alone is the sensitivity,
/// too.
///
/// Reference: J. Neyman, Phil. Trans. R. Soc. A 236 (1937) 333.
public struct UpperLimit: Sendable, Equatable {
    /// The observed TS.
    public let ts: Double
    /// The confidence level of the limit, such as 0.9.
    public let level: Double
    /// The limit on the mean number of signal events; 0 if background alone exceeds the TS in a fraction `level` of
    /// trials, so that no mu is compatible with it.
    public let mu: Double
    /// The lower end of the limit's statistical error from the number of trials; it is not itself a limit.
    public let muLow: Double
    /// The upper end of that interval; nil if the trials do not bound it.
    public let muHigh: Double?
    /// The probability content of the interval.
    public let confidence: Double

    /// The level used in most publications.
    public static let defaultLevel = 0.9

    /// Finds the limit for an observed TS.
    ///
    /// - Parameters:
    ///   - ts: finite; a value below all of the background and 0 counts as the smaller of the two.
    ///   - level: in (0, 1).
    ///   - confidence: the probability content of the limit's statistical interval.
    /// - Throws: `Fault` of kind `usage` for an invalid TS or level, of kind `badData` if the trials do not reach the
    ///   level.
    public static func find(
        ts: Double, level: Double = defaultLevel, in trials: SearchTrials,
        interpolation: DetectionPower.Interpolation = .monotone,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> UpperLimit {
        try find(ts: ts, between: ts, and: ts, level, trials, interpolation, confidence)
    }

    /// The limit below which a fraction `probability` of the background trials' limits lies: since the limit rises with
    /// TS, it is the limit of that quantile of TS. Its interval includes the error of the quantile.
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
            throw Fault(.usage, "level \(level) of a limit is outside (0, 1)", remedy: "give a number such as 0.9")
        }
        // Without negative values in the background, a negative TS of the data is 0 within rounding.
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
