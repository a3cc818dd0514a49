/// How far a merge has come.
public enum MergeProgress: Sendable, Equatable {
    /// Inputs read through once: their checksums are right, and what they hold is known.
    case read(inputs: Int, of: Int)
    /// Rows of the merged table written.
    case merged(rows: Int64, of: Int64)
}
