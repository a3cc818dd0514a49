import Diagnostics

/// Fits to the tail of a background distribution and tests of them: a gamma and a χ² distribution above the cut, how
/// well they describe the trials there, and how a threshold depends on the cut.
public struct TailStudy: Sendable {
    /// A fit with its goodness of fit.
    public struct Fit: Sendable {
        /// Its parameters, and its thresholds and p-values above its cut.
        public let distribution: TruncatedGamma
        /// How well it describes the trials above the cut.
        public let goodness: TailGoodnessOfFit
    }

    /// The gamma distribution above another cut, with its threshold; nil if that would lie below the cut.
    public struct AtCut: Sendable {
        /// The fit above this cut.
        public let distribution: TruncatedGamma
        /// The TS of ``TailStudy/sigma``.
        public let threshold: Threshold?
    }

    /// The significance of the thresholds in ``stability``.
    public static let sigma = 5.0
    /// The additional cuts at which the threshold is computed; from the cut on if that was raised.
    static let cuts: [Double] = [1, 2, 3, 4, 5, 6, 8, 10]

    /// A gamma and a χ² distribution; empty if fewer than ``TruncatedGamma/minimumTrials`` trials lie above the cut.
    public let fits: [Fit]
    /// By increasing cut, as long as enough trials lie above it.
    public let stability: [AtCut]

    /// - Parameters:
    ///   - cut: the TS above which the tail is fitted, or a larger one as in ``TSDistribution/tailCut(atLeast:)``.
    ///   - confidence: the probability content of the thresholds' intervals.
    /// - Throws: `Fault` of kind `usage` for a cut that is not above 0 or a confidence outside (0, 1).
    public init(
        _ distribution: TSDistribution, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws(Fault) {
        let wanted = cut
        let cut = distribution.tailCut(atLeast: wanted)
        func isFitted(_ cut: Double) -> Bool { distribution.count(above: cut) >= TruncatedGamma.minimumTrials }
        var fits: [Fit] = []
        for model in TruncatedGamma.Model.allCases where isFitted(cut) {
            let fit = try TruncatedGamma(fitting: distribution, above: cut, model: model)
            fits.append(Fit(distribution: fit, goodness: TailGoodnessOfFit(fit, to: distribution)))
        }
        var stability: [AtCut] = []
        let others = cut == wanted ? Self.cuts : Self.cuts.map { cut + ($0 - 1) }
        for other in Set(others + [cut]).sorted() where isFitted(other) {
            let fit = try TruncatedGamma(fitting: distribution, above: other)
            let tail = Significance.tailProbability(sigma: Self.sigma)
            stability.append(
                AtCut(distribution: fit, threshold: try fit.threshold(tailProbability: tail, confidence: confidence)))
        }
        self.fits = fits
        self.stability = stability
    }
}
