import PointSource
import Settings

/// Makes a ``Coverage`` from the keys of a table's rows. Trial numbers mostly increase by one, and such a sequence
/// costs almost nothing per row.
struct CoverageCollector {
    private var coverage = Coverage()
    /// The current sequence, not yet in `coverage`.
    private var stretch: (hypothesis: Hypothesis, range: TrialRange)?
    /// The smallest earlier trial of the sequence's hypothesis that is not below its start.
    private var limit = Int64.max

    /// Adds a trial.
    ///
    /// - Returns: false if it was added before.
    mutating func insert(_ key: TrialKey) -> Bool {
        let hypothesis = key.hypothesis
        if let (current, range) = stretch, current == hypothesis, key.trial == range.last + 1, key.trial < limit,
            let longer = TrialRange(first: range.first, last: key.trial)
        {
            stretch = (current, longer)
            return true
        }
        flush()
        let next = coverage[hypothesis].next(from: key.trial)
        guard next != key.trial, let range = TrialRange(first: key.trial, last: key.trial) else { return false }
        stretch = (hypothesis, range)
        limit = next ?? .max
        return true
    }

    /// The coverage of all trials that were added.
    mutating func finish() -> Coverage {
        flush()
        return coverage
    }

    private mutating func flush() {
        if let (hypothesis, range) = stretch { coverage.insert(range, of: hypothesis) }
        stretch = nil
    }
}
