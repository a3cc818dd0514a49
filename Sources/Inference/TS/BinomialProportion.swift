import Diagnostics
import Numerics

/// k successes in n independent tries, and estimates of the probability of success.
public struct BinomialProportion: Sendable, Equatable {
    public let successes: Int
    public let tries: Int

    /// - Throws: `Fault` of kind `badData` unless 0 ≤ successes ≤ tries and tries ≥ 1.
    public init(successes: Int, tries: Int) throws {
        guard tries >= 1, (0...tries).contains(successes) else {
            throw Fault(
                .badData, "\(successes) successes in \(tries) tries is not a valid count",
                remedy: "give 0 ≤ successes ≤ tries")
        }
        self.init(unchecked: successes, of: tries)
    }

    init(unchecked successes: Int, of tries: Int) {
        self.successes = successes
        self.tries = tries
    }

    static func + (one: Self, other: Self) -> Self {
        Self(unchecked: one.successes + other.successes, of: one.tries + other.tries)
    }

    /// successes / tries.
    public var estimate: Double { Double(successes) / Double(tries) }

    /// The central interval of Clopper and Pearson, which covers at least `confidence` for any true probability.
    ///
    /// Reference: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404.
    public func clopperPearson(confidence: Double = Significance.oneSigmaContent) -> ClosedRange<Double> {
        let tail = (1 - confidence) / 2
        let low = successes == 0 ? 0 : Self.solve { Self.probability(atLeast: successes, of: tries, p: $0) < tail }
        let high = successes == tries ? 1 : Self.solve { Self.probability(atMost: successes, of: tries, p: $0) > tail }
        return min(low, high)...max(low, high)
    }

    /// The proportion with half a success and half a failure added (the mean for Jeffreys' prior): never 0 or 1.
    public var jeffreysEstimate: Double { (Double(successes) + 0.5) / (Double(tries) + 1) }

    /// A standard deviation of the estimate that does not vanish for 0 or `tries` successes: that of
    /// ``jeffreysEstimate``.
    public var standardDeviation: Double {
        let p = jeffreysEstimate
        return (p * (1 - p) / Double(tries)).squareRoot()
    }

    /// P(X ≤ k) for X binomial with n tries of probability p.
    static func probability(atMost k: Int, of n: Int, p: Double) -> Double {
        if k < 0 { return 0 }
        if k >= n { return 1 }
        return SpecialFunctions.incompleteBeta(p, Double(k) + 1, Double(n - k)).upper
    }

    /// P(X ≥ k) for X binomial with n tries of probability p.
    package static func probability(atLeast k: Int, of n: Int, p: Double) -> Double {
        if k <= 0 { return 1 }
        if k > n { return 0 }
        return SpecialFunctions.incompleteBeta(p, Double(k), Double(n - k) + 1).lower
    }

    /// The probability up to which a condition holds, by bisection to the last digits.
    private static func solve(_ holds: (Double) -> Bool) -> Double {
        bisect(from: 0, to: 1, width: { 4 * $0.ulp }, holds)
    }
}
