import Diagnostics
import Numerics

/// A gamma distribution fitted by maximum likelihood to the trials above a cut, to extrapolate the tail.
///
/// The density above η is x^(a−1) e^(−x/θ) / (θ^a Γ(a, η/θ)), the tail P(TS > t) = α Q(a, t/θ) / Q(a, η/θ) with α the
/// fraction of trials above η: SkyLLH's form, with its box 0.1 ≤ a, θ ≤ 10. For a χ² with k degrees of freedom a =
/// k/2, θ = 2.
public struct TruncatedGamma: Sendable, Equatable {
    /// Which parameters are fitted.
    public enum Model: Sendable, CaseIterable {
        /// Shape a and scale θ.
        case gamma
        /// The number of degrees of freedom k = 2a of a χ² distribution; θ = 2, as in Wilks' theorem.
        case chiSquare

        /// The method of thresholds and p-values from such a fit.
        public var method: Threshold.Method { self == .gamma ? .gammaFit : .chiSquareFit }
    }

    /// The default cut η.
    public static let defaultCut = 3.0
    /// The minimum number of trials above the cut for a fit.
    public static let minimumTrials = 100
    /// SkyLLH's bounds of shape and scale.
    static let bounds = 0.1...10.0
    static let box = TruncatedGammaLikelihood.Box(bounds)

    public let model: Model
    /// a.
    public let shape: Double
    /// θ, in units of TS.
    public let scale: Double
    /// η.
    public let cut: Double
    /// The number of all trials.
    public let trials: Int
    /// Whether shape or scale is at its bound; the intervals are then too narrow.
    public let isAtBound: Bool
    /// The sums over the trials above the cut.
    let sums: TailSums
    /// The inverse information of one trial above the cut about (a, 1/θ): variances and covariance.
    let covariance: TruncatedGammaLikelihood.Covariance

    /// The number of trials above the cut.
    public var trialsAbove: Int { sums.count }

    /// α, the fraction of trials above the cut.
    public var fractionAbove: Double { Double(trialsAbove) / Double(trials) }

    /// The number of degrees of freedom k = 2a of the χ² distribution that this is up to its scale θ/2.
    public var degreesOfFreedom: Double { 2 * shape }

    /// The fraction of trials above 0 if the distribution held below the cut too, which would be 1 minus the spike.
    public var impliedFractionAboveZero: Double {
        fractionAbove / SpecialFunctions.upperGamma(shape: shape, cut / scale)
    }

    /// Fits the trials above `cut`.
    ///
    /// - Throws: `Fault` of kind `usage` for a cut that is not above 0, of kind `badData` if fewer than
    ///   ``minimumTrials`` trials lie above it.
    public init(
        fitting distribution: TSDistribution, above cut: Double = defaultCut, model: Model = .gamma
    ) throws(Fault) {
        guard cut > 0, cut.isFinite else {
            throw Fault(.usage, "the cut \(cut) of a gamma fit is not above 0", remedy: "give a TS above 0, such as 3")
        }
        let sums = distribution.tail(above: cut)
        guard sums.count >= Self.minimumTrials else {
            throw Fault(
                .badData,
                "only \(sums.count) of \(distribution.count) trials lie above TS \(cut), too few for a gamma fit",
                remedy: "run enough background trials to have \(Self.minimumTrials) there, or lower the cut")
        }
        self.init(sums, of: distribution.count, above: cut, model: model)
    }

    /// Fits trials whose sums above the cut are given; there must be at least one.
    init(_ sums: TailSums, of trials: Int, above cut: Double, model: Model) {
        let number = Double(sums.count)
        let likelihood = TruncatedGammaLikelihood(cut: cut, meanLog: sums.sumOfLogs / number, mean: sums.sum / number)
        let fit = likelihood.maximum(within: Self.box, fixedRate: model == .gamma ? nil : 0.5)
        self.model = model
        shape = fit.shape
        scale = 1 / fit.rate
        self.cut = cut
        self.sums = sums
        self.trials = trials
        isAtBound = fit.isAtBound
        covariance = fit.covariance
    }

    /// P(TS > ts) by the fit, for ts ≥ ``cut``.
    public func tailProbability(above ts: Double) -> Double {
        fractionAbove * survival(above: ts)
    }

    /// The fraction of the trials above the cut that lie above `ts`, for ts ≥ ``cut``.
    func survival(above ts: Double) -> Double {
        SpecialFunctions.upperGamma(shape: shape, ts / scale) / SpecialFunctions.upperGamma(shape: shape, cut / scale)
    }

    /// The TS above which `tailProbability` of the fit lies; nil if it would lie below the cut.
    public func criticalTS(tailProbability: Double) -> Double? {
        guard tailProbability > 0, tailProbability <= fractionAbove else { return nil }
        var high = cut + 1
        while high < 1e6, self.tailProbability(above: high) > tailProbability { high *= 2 }
        return bisect(from: cut, to: high, width: { 2 * $0.ulp }) { self.tailProbability(above: $0) > tailProbability }
    }
}
