import Foundation

/// The two-sample Kolmogorov–Smirnov test.
struct KolmogorovSmirnov {
    /// The largest distance of the two empirical distribution functions. Equal values are passed together, so a common
    /// point of positive probability (TS = 0) makes the test conservative, not wrong.
    let distance: Double
    /// The probability of a larger distance under one law, by Kolmogorov's asymptotic distribution with Stephens'
    /// correction (Numerical Recipes, 3rd ed., eq. 14.3.18).
    let pValue: Double

    init(_ first: [Double], _ second: [Double]) {
        let (a, b) = (first.sorted(), second.sorted())
        var (i, j, largest) = (0, 0, 0.0)
        while i < a.count, j < b.count {
            let value = min(a[i], b[j])
            while i < a.count, a[i] == value { i += 1 }
            while j < b.count, b[j] == value { j += 1 }
            largest = max(largest, abs(Double(i) / Double(a.count) - Double(j) / Double(b.count)))
        }
        distance = largest
        let root = (Double(a.count) * Double(b.count) / Double(a.count + b.count)).squareRoot()
        pValue = Self.survival((root + 0.12 + 0.11 / root) * largest)
    }

    /// Q_KS(λ) = 2 Σ (−1)^(k−1) exp(−2 k² λ²).
    private static func survival(_ lambda: Double) -> Double {
        if lambda < 0.2 { return 1 }
        let sum = (1...100).reduce(0.0) { sum, k in
            let term = exp(-2 * Double(k * k) * lambda * lambda)
            return k % 2 == 1 ? sum + term : sum - term
        }
        return min(1, max(0, 2 * sum))
    }
}
