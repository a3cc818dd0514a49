/// The median of a sample, and its width.
public struct Spread: Sendable, Equatable {
    /// The size of the sample.
    public let count: Int
    public let median: Double
    /// The 68.27 % confidence interval of the median: between two order statistics.
    public let medianInterval: ClosedRange<Double>
    /// The central 68.27 % of the sample: from its 15.87 % to its 84.13 % quantile.
    public let band: ClosedRange<Double>

    /// The spread of a sample without NaN, in any order; 0 for an empty one.
    ///
    /// Quantiles are linear between order statistics, as numpy's `percentile`. The number of observations below the
    /// true median is binomial(n, ½), so the ranks n/2 ∓ √n/2 enclose it in 68.27 % of samples (H. A. David and
    /// H. N. Nagaraja, *Order Statistics*, 3rd ed. 2003, sec. 7.1).
    public init(_ sample: [Double]) {
        let sorted = sample.isEmpty ? [0] : sample.sorted()
        let last = sorted.count - 1
        func atPosition(_ position: Double) -> Double {
            let place = min(max(position, 0), Double(last))
            let below = Int(place)
            let fraction = place - place.rounded(.down)
            return sorted[below] + (fraction > 0 ? fraction * (sorted[below + 1] - sorted[below]) : 0)
        }
        func quantile(_ probability: Double) -> Double { atPosition(probability * Double(last)) }
        let tail = Significance.tailProbability(sigma: 1)
        let half = 0.5 * Double(sample.count).squareRoot()
        count = sample.count
        median = quantile(0.5)
        let middle = 0.5 * Double(last)
        medianInterval = atPosition((middle - half).rounded(.down))...atPosition((middle + half).rounded(.up))
        band = quantile(tail)...quantile(1 - tail)
    }
}
