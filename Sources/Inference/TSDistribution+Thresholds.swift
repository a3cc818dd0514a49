import Diagnostics

extension TSDistribution {
    /// A threshold is counted where at least this many trials are expected above it, else a fit is tried: at 10 the
    /// 68 % interval of the tail probability is still about ±32 % wide.
    public static let minimumCountedTail = 10.0

    /// The threshold of a one-sided significance in sigma; 5 sigma is a tail of 2.8665e-7.
    ///
    /// - Throws: as ``threshold(tailProbability:cut:)``.
    public func threshold(sigma: Double, cut: Double = TruncatedGamma.defaultCut) throws -> Threshold {
        try threshold(tailProbability: Significance.tailProbability(sigma: sigma), cut: cut)
    }

    /// The TS above which `tailProbability` of the background lies: counted where ``minimumCountedTail`` trials are
    /// expected above it, else extrapolated by a ``TruncatedGamma`` above `cut`.
    ///
    /// A counted threshold within the spike is 0. Its interval holds the true threshold in at least 68.27 % of repeats
    /// whatever the distribution; a fitted one's is ± one standard error.
    ///
    /// - Throws: `Fault` of kind `usage` for a probability outside (0, 1), of kind `badData` where the trials suffice
    ///   for neither, saying how many would.
    public func threshold(
        tailProbability: Double, cut: Double = TruncatedGamma.defaultCut
    ) throws -> Threshold {
        guard tailProbability > 0, tailProbability < 1 else {
            throw Fault(
                .usage, "tail probability \(tailProbability) of a threshold is outside (0, 1)",
                remedy: "give a probability between 0 and 1")
        }
        let expected = Double(count) * tailProbability
        if expected >= Self.minimumCountedTail {
            let quantile = uncheckedQuantile(
                upperTail: tailProbability, probability: 1 - tailProbability, confidence: Significance.oneSigmaContent)
            // With ten trials expected above, an upper end is always among them.
            return Threshold(
                tailProbability: tailProbability, value: quantile.value, low: quantile.low,
                high: quantile.high ?? maximum, method: .counted)
        }
        let above = count(above: cut)
        guard above >= TruncatedGamma.minimumTrials else { throw tooFew(tailProbability, above: above, cut: cut) }
        let fit = try TruncatedGamma(fitting: self, above: cut)
        guard let critical = fit.criticalTS(tailProbability: tailProbability) else {
            throw tooFew(tailProbability, above: above, cut: cut)
        }
        return Threshold(
            tailProbability: tailProbability, value: critical.value, low: critical.value - critical.error,
            high: critical.value + critical.error, method: .gammaFit)
    }

    /// The thresholds at several significances, each with its value or with the reason why the trials do not give one.
    public func thresholds(
        sigmas: [Double] = [1, 2, 3, 4, 5], cut: Double = TruncatedGamma.defaultCut
    ) -> [(sigma: Double, threshold: Result<Threshold, Fault>)] {
        sigmas.map { sigma in
            (sigma, Result { () throws(Fault) in
                do {
                    return try threshold(sigma: sigma, cut: cut)
                } catch let fault as Fault {
                    throw fault
                } catch {
                    throw Fault(.badData, "\(error)")
                }
            })
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
        guard value.isFinite, value != 0 else { return "\(value)" }
        var scale = 1.0
        while value.magnitude * scale >= 1000 { scale /= 10 }
        while value.magnitude * scale < 100 { scale *= 10 }
        let digits = (value * scale).rounded()
        // Dividing by a power of ten that is exact gives the nearest double, whose shortest text is short.
        let rounded = scale >= 1 ? digits / scale : digits * (1 / scale).rounded()
        return rounded.magnitude < 1e15 && rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
