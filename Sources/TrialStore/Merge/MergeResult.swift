import Diagnostics
import PointSource
import Settings

/// The result of a merge: everything needed to judge whether a campaign is complete.
public struct MergeResult: Sendable, Equatable {
    /// The trials of one hypothesis.
    public struct HypothesisSummary: Sendable, Equatable {
        public let hypothesis: Hypothesis
        /// Trials in the merged table.
        public let count: Int64
        public let present: TrialRanges
        /// Missing trials: of the campaign's list or, if it is unknown, between 0 and the largest number present.
        public let gaps: TrialRanges
        /// Trials that were in the inputs several times, always with the same bytes.
        public let duplicates: TrialRanges
    }

    /// Ordered by mean, then seed.
    public let hypotheses: [HypothesisSummary]
    /// Rows of the merged table.
    public let rows: Int64
    /// Rows of the inputs that were dropped because the table contains an equal one.
    public let duplicateRows: Int64
    /// SHA-256 in hexadecimal of the raw rows of the merged table, in its order.
    public let tableDigest: String

    /// Whether any hypothesis lacks a trial.
    public var hasGaps: Bool { hypotheses.contains { !$0.gaps.isEmpty } }
}
