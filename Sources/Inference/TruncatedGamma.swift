import Diagnostics
import Numerics

/// A gamma distribution fitted by maximum likelihood to the trials above a cut, to extrapolate the tail.
///
/// The density above η is x^(a−1) e^(−x/θ) / (θ^a Γ(a, η/θ)), the tail P(TS > t) = α Q(a, t/θ) / Q(a, η/θ) with α the
/// fraction of trials above η: SkyLLH's form, with its box 0.1 ≤ a, θ ≤ 10. For a χ² with k degrees of freedom a =
/// k/2, θ = 2.
public struct TruncatedGamma: Sendable, Equatable {
    /// The default cut η.
    public static let defaultCut = 3.0
    /// Fewer trials above the cut than this are not fitted.
    public static let minimumTrials = 100
    /// SkyLLH's bounds of shape and scale.
    static let bounds = 0.1...10.0

    /// a.
    public let shape: Double
    /// θ, in units of TS.
    public let scale: Double
    /// η.
    public let cut: Double
    /// The number of trials above the cut.
    public let trialsAbove: Int
    /// The number of all trials.
    public let trials: Int
    /// Whether shape or scale ended on its bound; the intervals then are too narrow.
    public let isAtBound: Bool
    /// The covariance of (a, 1/θ): its variances and its covariance.
    let covariance: (shape: Double, rate: Double, mixed: Double)

    public static func == (one: TruncatedGamma, other: TruncatedGamma) -> Bool {
        one.shape == other.shape && one.scale == other.scale && one.cut == other.cut
            && one.trialsAbove == other.trialsAbove && one.trials == other.trials
    }

    /// α, the fraction of trials above the cut.
    public var fractionAbove: Double { Double(trialsAbove) / Double(trials) }

    /// Fits the trials above `cut`.
    ///
    /// - Throws: `Fault` of kind `usage` for a cut that is not above 0, of kind `badData` where fewer than
    ///   ``minimumTrials`` trials lie above it.
    public init(fitting distribution: TSDistribution, above cut: Double = defaultCut) throws {
        guard cut > 0, cut.isFinite else {
            throw Fault(.usage, "the cut \(cut) of a gamma fit is not above 0", remedy: "give a TS above 0, such as 3")
        }
        let values = distribution.values(above: cut)
        guard values.count >= Self.minimumTrials else {
            throw Fault(
                .badData,
                "only \(values.count) of \(distribution.count) trials lie above TS \(cut), too few for a gamma fit",
                remedy: "run enough background trials to have \(Self.minimumTrials) there, or lower the cut")
        }
        let number = Double(values.count)
        let meanLog = values.reduce(0) { $0 + Portable.log($1) } / number
        let mean = values.reduce(0, +) / number
        let fit = TruncatedGammaLikelihood(cut: cut, meanLog: meanLog, mean: mean).maximum(within: Self.bounds)
        shape = fit.shape
        scale = 1 / fit.rate
        self.cut = cut
        trialsAbove = values.count
        trials = distribution.count
        isAtBound = fit.isAtBound
        covariance = (
            fit.covariance.shape / number, fit.covariance.rate / number, fit.covariance.mixed / number
        )
    }

    /// P(TS > ts) by the fit, for ts ≥ ``cut``.
    public func tailProbability(above ts: Double) -> Double {
        Self.tail(ts, shape: shape, rate: 1 / scale, cut: cut, fraction: fractionAbove)
    }

    /// The TS above which the fit leaves `tailProbability`, and its standard error from the covariance of the fit and
    /// the binomial error of ``fractionAbove``; nil where it would lie below the cut.
    ///
    /// The error is that of the parameters; whether a gamma distribution is right so far out it cannot know.
    public func criticalTS(tailProbability: Double) -> (value: Double, error: Double)? {
        guard tailProbability > 0, tailProbability <= fractionAbove else { return nil }
        let rate = 1 / scale
        func solve(_ shape: Double, _ rate: Double, _ fraction: Double) -> Double {
            Self.critical(tailProbability, shape: shape, rate: rate, cut: cut, fraction: fraction)
        }
        let value = solve(shape, rate, fractionAbove)
        let fractionError = (fractionAbove * (1 - fractionAbove) / Double(trials)).squareRoot()
        // Central differences over a small part of each parameter; the deviation is smooth in all of them.
        let (shapeStep, rateStep, fractionStep) = (1e-4 * shape, 1e-4 * rate, 1e-4 * fractionAbove)
        let perShape = (solve(shape + shapeStep, rate, fractionAbove) - solve(shape - shapeStep, rate, fractionAbove))
            / (2 * shapeStep)
        let perRate = (solve(shape, rate + rateStep, fractionAbove) - solve(shape, rate - rateStep, fractionAbove))
            / (2 * rateStep)
        let perFraction =
            (solve(shape, rate, fractionAbove + fractionStep) - solve(shape, rate, fractionAbove - fractionStep))
            / (2 * fractionStep)
        let variance =
            perShape * perShape * covariance.shape + perRate * perRate * covariance.rate
            + 2 * perShape * perRate * covariance.mixed
            + perFraction * perFraction * fractionError * fractionError
        return (value, max(0, variance).squareRoot())
    }

    private static func tail(_ ts: Double, shape: Double, rate: Double, cut: Double, fraction: Double) -> Double {
        fraction * SpecialFunctions.upperGamma(shape: shape, ts * rate)
            / SpecialFunctions.upperGamma(shape: shape, cut * rate)
    }

    private static func critical(
        _ wanted: Double, shape: Double, rate: Double, cut: Double, fraction: Double
    ) -> Double {
        // The lower end lies below the cut so that the differences above stay central where the answer is the cut
        // itself.
        var (low, high) = (0.5 * cut, cut + 1)
        while high < 1e6, tail(high, shape: shape, rate: rate, cut: cut, fraction: fraction) > wanted { high *= 2 }
        for _ in 0..<200 where high - low > 2 * high.ulp {
            let middle = 0.5 * (low + high)
            if tail(middle, shape: shape, rate: rate, cut: cut, fraction: fraction) > wanted {
                low = middle
            } else {
                high = middle
            }
        }
        return 0.5 * (low + high)
    }
}
