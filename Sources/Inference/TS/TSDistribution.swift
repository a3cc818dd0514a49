import Diagnostics

/// How the test statistic is distributed over trials of one mu, usually background alone.
///
/// The maximum of ln Λ often sits on the bound n_s = 0, so the distribution is a spike at TS = 0 and a continuous part
/// above it; the spike is kept as a count. A fit whose least n_s is above 0 gives negative values too; those between
/// −``rounding`` and 0 count as 0.
///
/// A distribution of many trials, made by an ``Accumulator``, keeps its largest values as they are and has counted the
/// others in a ``TSHistogram``: ``exactAbove`` says where. One made from a list keeps all of it.
public struct TSDistribution: Sendable {
    /// The number of trials.
    public let count: Int
    /// The number of trials in the spike, TS = 0.
    public let countAtZero: Int
    /// The largest values, increasing: all above 0 where there is no histogram.
    let largest: [Double]
    /// The values between the spike and the largest; nil if there are none.
    let histogram: TSHistogram?
    /// The distribution of −TS of the trials with TS < 0: none or one.
    private let negated: [TSDistribution]

    /// A negative TS no further from 0 than this counts as 0: fits that end at n_s = 0 miss it by rounding.
    public static let rounding = 1e-6

    /// The distribution of the given trials, in any order, each of which is kept.
    ///
    /// - Throws: `Fault` of kind `badData` where there is no trial, or a TS is not finite (a fit that failed must be
    ///   dealt with by the caller; dropping it silently would bias the tail).
    /// - Complexity: O(n log n).
    public init(_ ts: [Double]) throws(Fault) {
        var accumulator = Accumulator(exactValues: ts.count)
        try accumulator.add(ts)
        try self.init(accumulator)
    }

    /// The distribution of what was accumulated.
    ///
    /// - Throws: `Fault` of kind `badData` where there is no trial.
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

    /// The number of trials whose TS was not kept, but counted in bins.
    public var binnedCount: Int { histogram?.count ?? 0 }

    /// The TS from which on counts and order statistics are exact; 0 where they are everywhere. Below it, those at the
    /// values that the accumulator was told of are exact; others are interpolated in bins of a relative width of
    /// ``TSHistogram/relativeWidth``.
    public var exactAbove: Double { histogram == nil ? 0 : largest.first ?? 0 }

    /// The TS of rank `rank` from below, counted from 0; 0 within the spike. The rank is clamped to the trials there
    /// are.
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

    /// What a fit to the trials above a cut > 0 needs of them.
    func tail(above cut: Double) -> TailSums {
        var tail = histogram?.tail(above: cut) ?? TailSums()
        for value in largest[rank(of: cut) { $0 <= cut }...] { tail.add(value) }
        return tail
    }

    /// The number of leading ones of the largest values for which the condition holds.
    private func rank(of ts: Double, _ isBelow: (Double) -> Bool) -> Int {
        var (low, high) = (0, largest.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBelow(largest[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
