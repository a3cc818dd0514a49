import PointSource
import Settings

/// The trials that are present, by hypothesis.
public struct Coverage: Sendable, Equatable {
    public private(set) var ranges: [Hypothesis: TrialRanges] = [:]

    public init() {}

    public init(of records: some Sequence<TrialRecord>) {
        for record in records { insert(record.trial, of: record.hypothesis) }
    }

    /// The hypotheses with any trial, ordered by mean, then seed.
    public var hypotheses: [Hypothesis] { ranges.keys.sorted() }

    /// The trials present for a hypothesis; empty for an unknown one.
    public subscript(hypothesis: Hypothesis) -> TrialRanges { ranges[hypothesis] ?? TrialRanges() }

    /// The number of trials of all hypotheses, as ``Swift/Sequence/clampedSum``.
    public var count: Int64 { ranges.values.lazy.map { $0.count }.clampedSum }

    public func contains(_ trial: Int64, of hypothesis: Hypothesis) -> Bool {
        ranges[hypothesis]?.contains(trial) ?? false
    }

    /// Adds one trial.
    ///
    /// - Returns: false if it was already present.
    @discardableResult
    public mutating func insert(_ trial: Int64, of hypothesis: Hypothesis) -> Bool {
        ranges[hypothesis, default: TrialRanges()].insert(trial)
    }

    /// Adds trials.
    ///
    /// - Returns: how many of them were already present.
    @discardableResult
    public mutating func insert(_ range: TrialRange, of hypothesis: Hypothesis) -> Int64 {
        ranges[hypothesis, default: TrialRanges()].insert(range)
    }

    /// The trials that are in both.
    public func intersection(_ other: Coverage) -> Coverage {
        var common = Coverage()
        for (hypothesis, trials) in other.ranges {
            for range in trials.ranges {
                for part in self[hypothesis].present(in: range).ranges { common.insert(part, of: hypothesis) }
            }
        }
        return common
    }

    /// The trials in this set that are not in another.
    public func subtracting(_ other: Coverage) -> Coverage {
        var rest = Coverage()
        for (hypothesis, trials) in ranges {
            for range in trials.ranges {
                for part in other[hypothesis].missing(in: range).ranges { rest.insert(part, of: hypothesis) }
            }
        }
        return rest
    }

    public mutating func formUnion(_ other: Coverage) {
        for (hypothesis, trials) in other.ranges { ranges[hypothesis, default: TrialRanges()].formUnion(trials) }
    }

    /// The trials missing between 0 and the largest present, of each hypothesis that lacks any.
    public var gaps: Coverage {
        var gaps = Coverage()
        gaps.ranges = ranges.mapValues(\.gaps).filter { !$0.value.isEmpty }
        return gaps
    }

    public var isEmpty: Bool { ranges.isEmpty }
}

extension Coverage: CustomStringConvertible {
    /// A line for each hypothesis: "mu 0, seed 1: 0–999, 1500–1999".
    public var description: String {
        hypotheses.map { "\($0): \(self[$0])" }.joined(separator: "\n")
    }
}
