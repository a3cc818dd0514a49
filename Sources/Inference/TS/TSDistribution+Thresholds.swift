import Diagnostics

extension TSDistribution {
    /// A threshold is counted if at least this many trials are expected above it, otherwise a fit is tried: with 10 the
    /// 68 % interval of the tail probability is still about ±32 % wide.
    public static let minimumCountedTail = 10.0

    /// The threshold of a one-sided significance in sigma; 5 sigma is a tail of 2.8665e-7.
    ///
    /// - Throws: as ``threshold(tailProbability:cut:confidence:)``.
    public func threshold(
        sigma: Double, cut: Double = TruncatedGamma.defaultCut, confidence: Double = Significance.oneSigmaContent
    ) throws -> Threshold {
        try threshold(tailProbability: Significance.tailProbability(sigma: sigma), cut: cut, confidence: confidence)
    }

    /// The TS above which `tailProbability` of the background lies: counted if ``minimumCountedTail`` trials are
    /// expected above it, otherwise extrapolated by a ``TruncatedGamma`` above ``tailCut(atLeast:)``.
    ///
    /// A counted threshold within the spike is 0. Its interval contains the true threshold in a fraction `confidence`
    /// of repetitions for any distribution; a fitted one's is ± the standard error times the normal distribution's
    /// factor.
    ///
    /// - Throws: `Fault` of kind `usage` for a probability outside (0, 1), of kind `badData` if there are too few
    ///   trials for either, with the numbers needed.
    public func threshold(
        tailProbability: Double, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> Threshold {
        try Significance.check(confidence: confidence)
        guard tailProbability > 0, tailProbability < 1 else {
            throw Fault(
                .usage, "tail probability \(tailProbability) of a threshold is outside (0, 1)",
                remedy: "give a probability between 0 and 1")
        }
        if let counted = countedThreshold(tailProbability, confidence) { return counted }
        let cut = tailCut(atLeast: cut)
        let above = count(above: cut)
        guard above >= TruncatedGamma.minimumTrials else { throw tooFew(tailProbability, above: above, cut: cut) }
        let fit = try TruncatedGamma(fitting: self, above: cut)
        guard let threshold = try fit.threshold(tailProbability: tailProbability, confidence: confidence) else {
            throw tooFew(tailProbability, above: above, cut: cut)
        }
        return threshold
    }

    /// The TS above which the tail is fitted: the wanted one; or, if more than half of the trials lie above it, the TS
    /// above which 20 % do, rounded up to a whole number (an edge of ``TSHistogram``).
    ///
    /// Half of the trials have TS near 0 where one source is searched, but the hottest place of a sky has TS of 15 to 30:
    /// a fit above 3 would describe all of its distribution, which is not a gamma distribution, instead of its tail.
    public func tailCut(atLeast wanted: Double) -> Double {
        guard 2 * count(above: wanted) > count else { return wanted }
        return max(wanted, orderStatistic(count * 4 / 5).rounded(.up))
    }

    /// The same threshold by every method that the trials and the given fits allow: counted first.
    ///
    /// - Throws: `Fault` of kind `usage` for a confidence outside (0, 1).
    public func thresholds(
        tailProbability: Double, fits: [TruncatedGamma], confidence: Double = Significance.oneSigmaContent
    ) throws -> [Threshold] {
        let fitted = try fits.compactMap {
            try $0.threshold(tailProbability: tailProbability, confidence: confidence)
        }
        return (countedThreshold(tailProbability, confidence).map { [$0] } ?? []) + fitted
    }

    /// Nil if fewer than ``minimumCountedTail`` trials are expected above it.
    private func countedThreshold(_ tailProbability: Double, _ confidence: Double) -> Threshold? {
        guard Double(count) * tailProbability >= Self.minimumCountedTail else { return nil }
        let quantile = uncheckedQuantile(
            upperTail: tailProbability, probability: 1 - tailProbability, confidence: confidence)
        // With ten trials expected above, the upper end is always among them.
        return Threshold(
            tailProbability: tailProbability, value: quantile.value, low: quantile.low,
            high: quantile.high ?? maximum, method: .counted)
    }

    /// The thresholds at several significances, each with its value or with the reason why the trials do not give one.
    public func thresholds(
        sigmas: [Double] = [1, 2, 3, 4, 5], cut: Double = TruncatedGamma.defaultCut
    ) -> [(sigma: Double, threshold: Result<Threshold, Fault>)] {
        sigmas.map { sigma in
            (
                sigma,
                Result { () throws(Fault) in
                    do {
                        return try threshold(sigma: sigma, cut: cut)
                    } catch let fault as Fault {
                        throw fault
                    } catch {
                        throw Fault(.badData, "\(error)")
                    }
                }
            )
        }
    }

    private func tooFew(_ tailProbability: Double, above: Int, cut: Double) -> Fault {
        let needed = (Self.minimumCountedTail / tailProbability).rounded(.up)
        let expected = Double(count) * tailProbability
        return Fault(
            .badData,
            """
            \(count) background trials give no threshold for a tail of \(Self.brief(tailProbability)): \
            \(Self.brief(expected)) trials are expected above it, and only \(above) lie above TS \(cut)
            """,
            remedy: """
                run \(Self.brief(needed)) trials to count it, or enough to have \(TruncatedGamma.minimumTrials) above \
                TS \(cut) to fit it
                """)
    }

    /// Three significant digits, as text.
    static func brief(_ value: Double) -> String {
        let rounded = value.rounded(toDigits: 3)
        return rounded.magnitude < 1e15 && rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
