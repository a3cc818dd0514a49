import Diagnostics
import Numerics

/// The distribution of the test statistic over trials of one mu, usually of background alone.
///
/// The maximum of ln Λ is often on the bound n_s = 0, so the distribution is a spike at TS = 0 and a continuous part
/// above it; the spike is kept as a count. A fit whose minimum n_s is above 0 gives negative values too; those between
/// −``rounding`` and 0 count as 0.
///
/// A distribution of many trials, made by an ``Accumulator``, keeps its largest values exactly and has counted the
/// others in a ``TSHistogram``: ``exactAbove`` is the boundary. One made from a list keeps all values.
public struct TSDistribution: Sendable {
    /// The number of trials.
    public let count: Int
    /// The number of trials in the spike, TS = 0.
    public let countAtZero: Int
    /// The largest values, increasing: all values above 0 if there is no histogram.
    let largest: [Double]
    /// The values between the spike and the largest; nil if there are none.
    let histogram: TSHistogram?
    /// The distribution of −TS of the trials with TS < 0; an array of none or one.
    private let negated: [TSDistribution]

    /// A negative TS of at most this size counts as 0: fits that end at n_s = 0 deviate from it by rounding.
    public static let rounding = 1e-6

    /// The distribution of the given trials, in any order, all of which are kept.
    ///
    /// - Throws: `Fault` of kind `badData` if there are no trials, or a TS is not finite (the caller must handle a
    ///   failed fit; dropping it silently would bias the tail).
    /// - Complexity: O(n log n).
    public init(_ ts: [Double]) throws(Fault) {
        var accumulator = Accumulator(exactValues: ts.count)
        try accumulator.add(ts)
        try self.init(accumulator)
    }

    /// The distribution of the accumulated trials.
    ///
    /// - Throws: `Fault` of kind `badData` if there are no trials.
    public init(_ accumulator: consuming Accumulator) throws(Fault) {
        guard accumulator.count > 0 else {
            throw Fault(
                .badData, "there are no trials for a TS distribution", remedy: "run trials with this mu first")
        }
        count = accumulator.count
        countAtZero = accumulator.countAtZero
        (largest, histogram, negated) = try accumulator.takeValues()
    }

    /// The fraction of trials in the spike, TS = 0.
    public var fractionAtZero: Double { Double(countAtZero) / Double(count) }

    /// The number of trials with TS < 0.
    public var countBelowZero: Int { negated.first?.count ?? 0 }

    /// The largest TS.
    public var maximum: Double { orderStatistic(count - 1) }

    /// The smallest TS.
    public var minimum: Double { orderStatistic(0) }

    /// The number of trials whose TS is counted in bins instead of kept.
    public var binnedCount: Int { histogram?.count ?? 0 }

    /// The TS above which counts and order statistics are exact; 0 if all are. Below it, they are exact at the marks of
    /// the accumulator, and otherwise interpolated in bins with a relative width of ``TSHistogram/relativeWidth``.
    public var exactAbove: Double { histogram == nil ? 0 : largest.first ?? 0 }

    /// The TS of rank `rank` from below, counted from 0; 0 within the spike. The rank is clamped to the valid range.
    func orderStatistic(_ rank: Int) -> Double {
        if let below = negated.first, rank < below.count { return -below.orderStatistic(below.count - 1 - rank) }
        let place = min(rank, count - 1) - countBelowZero - countAtZero
        if place < 0 { return 0 }
        return place < binnedCount ? histogram?.value(ofRank: place) ?? 0 : largest[place - binnedCount]
    }

    /// The number of trials with TS > `ts`.
    public func count(above ts: Double) -> Int {
        if ts < 0 { return count - (negated.first?.count(atOrAbove: -ts) ?? 0) }
        return largest.count - rank(of: ts) { $0 <= ts } + (histogram?.count(above: ts) ?? 0)
    }

    /// The number of trials with TS ≥ `ts`.
    public func count(atOrAbove ts: Double) -> Int {
        if ts <= 0 { return count - (negated.first?.count(above: -ts) ?? 0) }
        return largest.count - rank(of: ts) { $0 < ts } + (histogram?.count(atOrAbove: ts) ?? 0)
    }

    /// The sums over the trials above a cut > 0 that a fit needs.
    func tail(above cut: Double) -> TailSums {
        var tail = histogram?.tail(above: cut) ?? TailSums()
        for value in largest[rank(of: cut) { $0 <= cut }...] { tail.add(value) }
        return tail
    }

    /// The number of largest values from the first on for which the condition holds.
    private func rank(of ts: Double, _ isBelow: (Double) -> Bool) -> Int {
        prefixCount(largest.count) { isBelow(largest[$0]) }
    }
}
