import PointSource
import Settings

/// Makes a ``Coverage`` from the keys of a table's rows, which mostly count upwards: a stretch of such costs nothing
/// for each of its rows.
struct CoverageCollector {
    private var coverage = Coverage()
    /// The stretch at hand, not in `coverage` yet.
    private var stretch: (hypothesis: Hypothesis, range: TrialRange)?
    /// The least trial of the stretch's hypothesis from its beginning on that came before it.
    private var limit = Int64.max

    /// Adds a trial.
    ///
    /// - Returns: false if it came before.
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

    /// All that was added.
    mutating func finish() -> Coverage {
        flush()
        return coverage
    }

    private mutating func flush() {
        if let (hypothesis, range) = stretch { coverage.insert(range, of: hypothesis) }
        stretch = nil
    }
}
