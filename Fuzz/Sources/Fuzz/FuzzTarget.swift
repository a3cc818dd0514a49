/// A reader of what comes from outside.
enum FuzzTarget: String, CaseIterable {
    /// The text tables of a release. The first byte says which: events, effective area, smearing matrix or uptime.
    case tables
    /// `analysis.yaml`, for use and for `config --check`.
    case configuration
    /// A chunk or a merged file. The first byte tells whether the rest are the file's bytes, or the contents of an HDF5
    /// file around which all is right (``TrialFile``).
    case chunk
    /// A chunk's journal, its checksums put right so that what lies behind them is reached.
    case journal
    /// A file of `trialgen prepare`, its checksum put right; trials are made from it.
    case prepared
    /// What comes over the network. The first byte says what: a zip archive's listing, a Dataverse server's list of
    /// files, the head of an answer, or a release's checksums.
    case download
    /// SkyLLH's trials as numpy saves them.
    case numpy
    /// JSON that another command printed. The first byte says which: a fit of the data, a scan of the likelihood, or
    /// curves.
    case results

    /// Reads the bytes as that.
    ///
    /// - Throws: the `Fault` with which they are refused.
    func feed(_ bytes: UnsafeRawBufferPointer) throws {
        switch self {
        case .tables: try Self.readTable(bytes)
        case .configuration: try Self.readConfiguration(bytes)
        case .chunk: try Self.readChunk(bytes)
        case .journal: try Self.readJournal(bytes)
        case .prepared: try Self.readPrepared(bytes)
        case .download: try Self.readDownload(bytes)
        case .numpy: try Self.readNumpy(bytes)
        case .results: try Self.readResult(bytes)
        }
    }
}
