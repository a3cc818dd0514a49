/// The progress of a merge.
public enum MergeProgress: Sendable, Equatable {
    /// Inputs read once: their checksums are correct, and their contents are known.
    case read(inputs: Int, of: Int)
    /// Rows of the merged table written.
    case merged(rows: Int64, of: Int64)
}
