import Diagnostics

/// What fits to the tail of a background distribution say, and how far they can be trusted: a gamma and a χ² law above
/// the cut, how well they describe the trials there, and how a threshold moves with the cut.
public struct TailStudy: Sendable {
    /// A fit with its goodness.
    public struct Fit: Sendable {
        public let law: TruncatedGamma
        public let goodness: TailGoodnessOfFit
    }

    /// The gamma law at another cut, with the threshold that it gives; nil where that would lie below the cut.
    public struct AtCut: Sendable {
        public let law: TruncatedGamma
        public let threshold: Threshold?
    }

    /// The significance whose threshold is followed.
    public static let sigma = 5.0
    /// The cuts at which it is found, beside the one asked for.
    static let cuts: [Double] = [1, 2, 3, 4, 5, 6, 8, 10]

    /// A gamma and a χ² law; empty where fewer than ``TruncatedGamma/minimumTrials`` trials lie above the cut.
    public let fits: [Fit]
    /// By increasing cut, as far as enough trials lie above it.
    public let stability: [AtCut]

    /// - Parameters:
    ///   - cut: the TS above which the tail is fitted.
    ///   - confidence: of the thresholds' intervals.
    /// - Throws: `Fault` of kind `usage` for a cut that is not above 0 or a confidence outside (0, 1).
    public init(
        _ distribution: TSDistribution, cut: Double = TruncatedGamma.defaultCut,
        confidence: Double = Significance.oneSigmaContent
    ) throws(Fault) {
        func isFitted(_ cut: Double) -> Bool { distribution.count(above: cut) >= TruncatedGamma.minimumTrials }
        var fits: [Fit] = []
        for model in TruncatedGamma.Model.allCases where isFitted(cut) {
            let law = try TruncatedGamma(fitting: distribution, above: cut, model: model)
            fits.append(Fit(law: law, goodness: TailGoodnessOfFit(law, to: distribution)))
        }
        var stability: [AtCut] = []
        for other in Set(Self.cuts + [cut]).sorted() where isFitted(other) {
            let law = try TruncatedGamma(fitting: distribution, above: other)
            let tail = Significance.tailProbability(sigma: Self.sigma)
            stability.append(
                AtCut(law: law, threshold: try law.threshold(tailProbability: tail, confidence: confidence)))
        }
        self.fits = fits
        self.stability = stability
    }
}
