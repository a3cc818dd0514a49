import Numerics

/// Bins with ascending edges; a value on an inner edge belongs to the upper bin, one on the last edge to the last bin.
struct Binning: Sendable, Equatable {
    let edges: [Double]

    var count: Int { edges.count - 1 }
    var centres: [Double] { zip(edges, edges.dropFirst()).map { 0.5 * ($0 + $1) } }
    var range: ClosedRange<Double> { edges[0]...edges[edges.count - 1] }

    func width(_ bin: Int) -> Double { edges[bin + 1] - edges[bin] }

    /// The bin that contains a value, or nil outside the range.
    ///
    /// - Complexity: O(log n)
    func index(of value: Double) -> Int? {
        guard value >= edges[0], value <= edges[edges.count - 1] else { return nil }
        return prefixCount(count - 1) { edges[$0 + 1] <= value }
    }
}
