import Diagnostics
import PointSource
import Settings

/// What a merge found: all that is needed to judge whether a campaign is complete.
public struct MergeReport: Sendable, Equatable {
    /// The trials of one hypothesis.
    public struct HypothesisSummary: Sendable, Equatable {
        public let hypothesis: Hypothesis
        /// Trials in the merged table.
        public let count: Int64
        public let present: TrialRanges
        /// Trials missing: of those that the campaign asks for or, if that is not known, between 0 and the largest
        /// present.
        public let gaps: TrialRanges
        /// Trials that were in the inputs more than once, always with the same bytes.
        public let duplicates: TrialRanges
    }

    /// By mean and then seed.
    public let hypotheses: [HypothesisSummary]
    /// Rows of the merged table.
    public let rows: Int64
    /// Rows of the inputs that were dropped since an equal one is in the table.
    public let duplicateRows: Int64
    /// SHA-256 in hexadecimal of the raw rows of the merged table, in its order.
    public let tableDigest: String

    /// Whether any hypothesis misses a trial.
    public var hasGaps: Bool { hypotheses.contains { !$0.gaps.isEmpty } }
}
