import Diagnostics

/// How the test statistic is distributed over trials of one hypothesis, usually background alone.
///
/// The maximum of ln Λ often sits on the bound n_s = 0, so the distribution is a spike at TS = 0 and a continuous part
/// above it; the spike is kept as a count. Values below 0, which only rounding makes, count as 0.
public struct TSDistribution: Sendable {
    /// The number of trials.
    public let count: Int
    /// The number of trials in the spike, TS ≤ 0.
    public let countAtZero: Int
    /// The values above 0, increasing.
    private let positive: [Double]

    /// The distribution of the given trials, in any order.
    ///
    /// - Throws: `Fault` of kind `badData` where there is no trial, or a TS is not finite (a fit that failed must be
    ///   dealt with by the caller; dropping it silently would bias the tail).
    /// - Complexity: O(n log n).
    public init(_ ts: [Double]) throws {
        guard !ts.isEmpty else {
            throw Fault(
                .badData, "a TS distribution was given no trials", remedy: "run trials of this hypothesis first")
        }
        var positive: [Double] = []
        positive.reserveCapacity(ts.count)
        for (trial, value) in ts.enumerated() {
            guard value.isFinite else {
                throw Fault(
                    .badData, "the TS of trial \(trial) in the table is \(value)",
                    remedy: "find out why its fit failed with `trialgen inspect`")
            }
            if value > 0 { positive.append(value) }
        }
        positive.sort()
        self.positive = positive
        count = ts.count
        countAtZero = ts.count - positive.count
    }

    /// The fraction of trials in the spike, TS ≤ 0.
    public var fractionAtZero: Double { Double(countAtZero) / Double(count) }

    /// The largest TS.
    public var maximum: Double { positive.last ?? 0 }

    // All other answers rest on the following three, so that a distribution kept in bounded memory (exact counts
    // above a cut, a histogram below) can take this one's place.

    /// The TS of rank `rank` from below, counted from 0; 0 within the spike. The rank is clamped to the trials there
    /// are.
    func orderStatistic(_ rank: Int) -> Double {
        let place = min(rank, count - 1) - countAtZero
        return place < 0 ? 0 : positive[place]
    }

    /// The number of trials with TS > `ts`, for `ts` < 0 all of them.
    public func count(above ts: Double) -> Int {
        ts < 0 ? count : positive.count - rank(of: ts) { $0 <= ts }
    }

    /// The number of trials with TS ≥ `ts`, for `ts` ≤ 0 all of them.
    public func count(atOrAbove ts: Double) -> Int {
        ts <= 0 ? count : positive.count - rank(of: ts) { $0 < ts }
    }

    /// The values above a cut ≥ 0.
    func values(above cut: Double) -> ArraySlice<Double> {
        positive[rank(of: cut) { $0 <= cut }...]
    }

    /// The number of leading values for which the condition holds.
    private func rank(of ts: Double, _ isBelow: (Double) -> Bool) -> Int {
        var (low, high) = (0, positive.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBelow(positive[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
