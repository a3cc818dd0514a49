import TrialStore

/// What a file of trials says of itself, for the part of a report that tells where its numbers come from.
public struct ReportedFile: Sendable {
    /// As it was named.
    public let path: String
    public let header: ChunkHeader
    /// Which trials it holds.
    public let coverage: Coverage
    public let ledger: HostLedger
    /// SHA-256 of its rows; nil for a chunk.
    public let tableDigest: String?
    /// What lacked when it was merged; nil where nothing did.
    public let missing: MissingTrials?

    public init(_ trials: TrialSet) {
        path = trials.path
        header = trials.header
        coverage = trials.coverage
        ledger = trials.ledger
        tableDigest = trials.tableDigest
        missing = trials.missing
    }
}
