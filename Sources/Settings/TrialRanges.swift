/// Consecutive trial numbers, both ends included; 0 ≤ first ≤ last < 2⁶³ − 1.
public struct TrialRange: Sendable, Hashable {
    public let first: Int64
    public let last: Int64

    /// Nil for bounds that are reversed or out of range.
    public init?(first: Int64, last: Int64) {
        guard first >= 0, first <= last, last < .max else { return nil }
        self.first = first
        self.last = last
    }

    /// Bounds that are known to be valid.
    fileprivate init(unchecked first: Int64, _ last: Int64) {
        self.first = first
        self.last = last
    }

    public var count: Int64 { last - first + 1 }
}

extension TrialRange: CustomStringConvertible {
    /// "0–999", or "7" for a single trial.
    public var description: String { first == last ? "\(first)" : "\(first)–\(last)" }
}

/// A set of trial numbers, stored as ordered ranges of maximal length: none overlaps or touches the next.
public struct TrialRanges: Sendable, Hashable {
    public private(set) var ranges: [TrialRange] = []

    public init() {}

    public init(_ ranges: some Sequence<TrialRange>) {
        for range in ranges { insert(range) }
    }

    public var isEmpty: Bool { ranges.isEmpty }

    /// The number of trials.
    public var count: Int64 { ranges.reduce(0) { $0 + $1.count } }

    public var last: Int64? { ranges.last?.last }

    public func contains(_ trial: Int64) -> Bool {
        let index = firstIndex(endingAtOrAfter: trial)
        return index < ranges.count && ranges[index].first <= trial
    }

    /// The first trial of the set from the given number on.
    public func next(from trial: Int64) -> Int64? {
        let index = firstIndex(endingAtOrAfter: trial)
        return index < ranges.count ? max(trial, ranges[index].first) : nil
    }

    /// Adds trials.
    ///
    /// - Returns: how many of them were already in the set.
    /// - Complexity: O(log *n*) for *n* ranges, if the new one comes after all others or fills no gap; else O(*n*).
    @discardableResult
    public mutating func insert(_ range: TrialRange) -> Int64 {
        // The ranges from `start` up to `end` overlap or touch the new one, and are joined with it.
        let start = firstIndex(endingAtOrAfter: range.first - 1)
        var end = start
        var (first, last, overlap) = (range.first, range.last, Int64(0))
        while end < ranges.count, ranges[end].first <= range.last + 1 {
            let old = ranges[end]
            overlap += max(0, min(old.last, range.last) - max(old.first, range.first) + 1)
            first = min(first, old.first)
            last = max(last, old.last)
            end += 1
        }
        if start == ranges.count {
            ranges.append(range)
        } else {
            ranges.replaceSubrange(start..<end, with: CollectionOfOne(TrialRange(unchecked: first, last)))
        }
        return overlap
    }

    /// Adds one trial.
    ///
    /// - Returns: false if it was already in the set; an invalid trial number has no effect.
    @discardableResult
    public mutating func insert(_ trial: Int64) -> Bool {
        guard let range = TrialRange(first: trial, last: trial) else { return false }
        return insert(range) == 0
    }

    public mutating func formUnion(_ other: TrialRanges) {
        for range in other.ranges { insert(range) }
    }

    /// The trials of `range` that are not in the set.
    public func missing(in range: TrialRange) -> TrialRanges {
        var missing = TrialRanges()
        var next = range.first
        for index in firstIndex(endingAtOrAfter: range.first)..<ranges.count {
            let present = ranges[index]
            guard present.first <= range.last else { break }
            if present.first > next { missing.ranges.append(TrialRange(unchecked: next, present.first - 1)) }
            next = present.last + 1
        }
        if next <= range.last { missing.ranges.append(TrialRange(unchecked: next, range.last)) }
        return missing
    }

    /// The trials of `range` that are in the set.
    public func present(in range: TrialRange) -> TrialRanges {
        var present = TrialRanges()
        for index in firstIndex(endingAtOrAfter: range.first)..<ranges.count {
            let own = ranges[index]
            guard own.first <= range.last else { break }
            present.ranges.append(TrialRange(unchecked: max(own.first, range.first), min(own.last, range.last)))
        }
        return present
    }

    /// The trials missing between 0 and the largest one present.
    public var gaps: TrialRanges {
        guard let last else { return TrialRanges() }
        return missing(in: TrialRange(unchecked: 0, last))
    }

    private func firstIndex(endingAtOrAfter trial: Int64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].last < trial { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension TrialRanges: CustomStringConvertible {
    /// "0–999, 1500–1999", or "none".
    public var description: String {
        isEmpty ? "none" : ranges.map(\.description).joined(separator: ", ")
    }
}
