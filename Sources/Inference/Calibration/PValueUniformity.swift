import Diagnostics

/// Whether p-values of fresh background are uniform: one part of the background trials is compared with the other.
///
/// Trials in the spike at TS = 0 all have the same p-value, so there are two tests: whether the spikes are equally
/// large, and whether the other TS have the same distribution. The second test uses TS itself: p is a monotone function
/// of it, and the largest distance between distribution functions does not depend on the variable.
public struct PValueUniformity: Sendable, Equatable {
    /// Fresh trials above a threshold of the reference.
    public struct Tail: Sendable, Equatable {
        /// The threshold, from the reference trials alone; its tail probability is the expected one.
        public let threshold: Threshold
        /// Fresh trials above it.
        public let observed: BinomialProportion
        /// The 68.27 % interval of the probability that a fresh trial lies above it: the binomial error and that of the
        /// threshold, added in quadrature.
        public let interval: ClosedRange<Double>
    }

    /// The number of trials from which p-values are computed.
    public let referenceTrials: Int
    /// The number of trials whose p-values are tested.
    public let freshTrials: Int
    /// Reference trials in the spike.
    public let referenceSpike: BinomialProportion
    /// Fresh trials in the spike.
    public let freshSpike: BinomialProportion
    /// The two-sided probability of a difference of the spikes at least as large, by the normal distribution.
    public let spikeProbability: Double
    /// The test of TS ≠ 0; nil if either part has none.
    public let continuous: KolmogorovSmirnov?
    /// The tails of 1 to 5 sigma for which the reference trials give a threshold.
    public let tails: [Tail]

    /// Compares two independent sets of background trials.
    ///
    /// - Parameters:
    ///   - reference: TS of the trials from which p-values are computed.
    ///   - fresh: TS of the other trials.
    ///   - cut: the TS above which the reference's tail is fitted if it cannot be counted.
    /// - Throws: `Fault` of kind `badData` if either has no trials or a TS is not finite.
    /// - Complexity: O(n log n).
    public init(reference: [Double], fresh: [Double], cut: Double = TruncatedGamma.defaultCut) throws {
        let (old, new) = (try TSDistribution(reference), try TSDistribution(fresh))
        referenceTrials = old.count
        freshTrials = new.count
        referenceSpike = BinomialProportion(unchecked: old.countAtZero, of: old.count)
        freshSpike = BinomialProportion(unchecked: new.countAtZero, of: new.count)
        spikeProbability = Self.probability(ofDifference: referenceSpike, freshSpike)
        func isOutside(_ ts: Double) -> Bool { ts > 0 || ts < -TSDistribution.rounding }
        continuous = KolmogorovSmirnov(reference.filter(isOutside), fresh.filter(isOutside))
        tails = old.thresholds(cut: cut).compactMap { _, result in
            guard case .success(let threshold) = result else { return nil }
            return Self.tail(of: new, above: threshold)
        }
    }

    private static func tail(of fresh: TSDistribution, above threshold: Threshold) -> Tail {
        let observed = fresh.proportion(above: threshold.value)
        let counts = observed.clopperPearson()
        let (below, above) = (
            observed.estimate - fresh.proportion(above: threshold.high).estimate,
            fresh.proportion(above: threshold.low).estimate - observed.estimate
        )
        let (down, up) = (observed.estimate - counts.lowerBound, counts.upperBound - observed.estimate)
        let low = observed.estimate - (down * down + below * below).squareRoot()
        let high = observed.estimate + (up * up + above * above).squareRoot()
        return Tail(threshold: threshold, observed: observed, interval: max(0, low)...min(1, high))
    }

    /// Two proportions with the same probability: their difference over its standard deviation with the pooled
    /// probability.
    private static func probability(ofDifference one: BinomialProportion, _ other: BinomialProportion) -> Double {
        let pooled = Double(one.successes + other.successes) / Double(one.tries + other.tries)
        let variance = pooled * (1 - pooled) * (1 / Double(one.tries) + 1 / Double(other.tries))
        guard variance > 0 else { return 1 }
        return 2 * Significance.tailProbability(sigma: abs(one.estimate - other.estimate) / variance.squareRoot())
    }
}
