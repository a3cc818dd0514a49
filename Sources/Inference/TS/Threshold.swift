/// The TS above which a given fraction of background trials lies.
public struct Threshold: Sendable, Equatable {
    /// The method of a threshold.
    public enum Method: String, Sendable {
        /// An order statistic of the trials; the interval is distribution-free.
        case counted
        /// A truncated gamma distribution fitted to the trials above a cut; the interval is that of the fit alone.
        case gammaFit = "gamma-fit"
        /// From weighted background trials (``WeightedTSDistribution``).
        case weighted
        /// A χ² distribution fitted to the trials above a cut, with a free number of degrees of freedom.
        case chiSquareFit = "chi2-fit"
    }

    /// The fraction of background trials above the threshold.
    public let tailProbability: Double
    /// The TS. A trial counts as above it if its TS is larger.
    public let value: Double
    /// The lower end of the interval, which contains 68.27 % by default.
    public let low: Double
    /// The upper end of the interval.
    public let high: Double
    public let method: Method
    /// The tail above a threshold from weighted trials; nil for others.
    public let weighted: WeightedTail?

    /// A threshold with the interval `low`...`high`.
    public init(
        tailProbability: Double, value: Double, low: Double, high: Double, method: Method,
        weighted: WeightedTail? = nil
    ) {
        self.tailProbability = tailProbability
        self.value = value
        self.low = low
        self.high = high
        self.method = method
        self.weighted = weighted
    }

    /// Whether it comes from a distribution that was fitted to the trials.
    public var isFitted: Bool { method == .gammaFit || method == .chiSquareFit }

    /// The one-sided significance of the tail probability, in sigma.
    public var sigma: Double { Significance.sigma(tailProbability: tailProbability) }
}
