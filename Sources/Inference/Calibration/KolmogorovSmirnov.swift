import Numerics

/// The Kolmogorov–Smirnov test of two samples.
public struct KolmogorovSmirnov: Sendable, Equatable {
    /// The largest distance between the two empirical distribution functions.
    public let distance: Double
    /// The probability of a distance at least as large if both samples come from one continuous distribution.
    public let probability: Double

    /// Compares two samples without NaN, in any order; nil if either is empty.
    ///
    /// If a value has a positive probability (TS = 0) the test is conservative.
    ///
    /// - Complexity: O(n log n + m log m).
    public init?(_ one: [Double], _ other: [Double]) {
        guard !one.isEmpty, !other.isEmpty else { return nil }
        let (one, other) = (one.sorted(), other.sorted())
        var (i, j) = (0, 0)
        var distance = 0.0
        while i < one.count, j < other.count {
            let value = min(one[i], other[j])
            while i < one.count, one[i] == value { i += 1 }
            while j < other.count, other[j] == value { j += 1 }
            distance = max(distance, abs(Double(i) / Double(one.count) - Double(j) / Double(other.count)))
        }
        self.distance = distance
        let effective = (Double(one.count) / Double(one.count + other.count) * Double(other.count)).squareRoot()
        probability = Self.probability(of: (effective + 0.12 + 0.11 / effective) * distance)
    }

    /// Q(λ) = 2 Σ_k (−1)^(k−1) e^(−2 k² λ²), with λ corrected for small samples as in M. A. Stephens, J. R. Stat.
    /// Soc. B 32 (1970) 115.
    static func probability(of lambda: Double) -> Double {
        // The sum converges too slowly below this; there the probability is 1 to ten digits.
        guard lambda > 0.2 else { return 1 }
        var (sum, sign) = (0.0, 1.0)
        for k in 1...100 {
            let term = Portable.exp(-2 * Double(k * k) * lambda * lambda)
            sum += sign * term
            if term < 1e-17 { break }
            sign = -sign
        }
        return min(1, max(0, 2 * sum))
    }
}
