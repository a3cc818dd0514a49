import Diagnostics
import Files
import HDF5

/// What exists of a chunk: the file, the journal beside it, or nothing.
struct ChunkContents {
    /// Whether there is neither a file nor a journal.
    let isNew: Bool
    let header: ChunkHeader
    /// The work of each host for the file.
    let ledger: HostLedger
    /// Rows in the file.
    let standingRows: Int
    /// The journal whose rows come after those of the file.
    let journal: Journal?
    /// A journal whose rows are already in the file.
    private let redundantJournal: Journal?
    /// The trials in file and journal.
    let coverage: Coverage

    /// Reads file and journal, and changes nothing.
    ///
    /// - Parameter wanted: the writer's header; an existing chunk keeps its own.
    /// - Throws: ``Fault``: ``Fault/Kind/badData`` if file or journal is damaged or of another campaign, or if they do
    ///   not belong together; ``Fault/Kind/inputOutput`` and ``Fault/Kind/missingInput`` if they cannot be read.
    init(reading path: String, expecting wanted: ChunkHeader, _ operations: FileOperations) throws(Fault) {
        let table = exists(path) ? try TrialTable.open(path) : nil
        if let table {
            guard table.format == .chunk else {
                throw Fault(
                    .badData, at: .file(path), "is a merged file: trials can only be added to chunks",
                    remedy: "choose another output")
            }
            try ChunkContents.check(wanted, table.header, in: path)
        }
        let journal = try Journal.open(for: path, operations)
        if let journal { try ChunkContents.check(wanted, journal.header.chunk, in: journal.path) }

        var coverage = Coverage()
        func add(_ key: TrialKey, _ row: Int, from source: String) throws(Fault) {
            guard coverage.insert(key.trial, of: key.hypothesis) else {
                throw Fault(
                    .badData, at: .file(source), "contains trial \(key.trial) of \(key.hypothesis) twice (row \(row))",
                    remedy: "another program changed the file; make its trials again")
            }
        }
        try table?.forEachKey { key, row throws(Fault) in try add(key, row, from: path) }
        // A chunk is written as a whole: trials that were changed since must not be continued.
        try table?.checkRanges(coverage)
        let standingRows = table?.rowCount ?? 0
        let isApart = try journal.map { journal throws(Fault) in try journal.isApart(from: table, path) } ?? false
        if let journal, isApart {
            let shape = try journal.header.chunk.layout.shape
            try journal.forEachBlock { rows, firstRow throws(Fault) in
                try PackedRecord.forEach(
                    in: rows, shape, of: journal.path, firstRow: firstRow
                ) { _, key, row throws(Fault) in try add(key, row, from: journal.path) }
            }
        }
        try table?.close()

        isNew = table == nil && journal == nil
        var header = table?.header ?? journal?.header.chunk ?? wanted
        header.provenance[HostLedger.key] = nil
        self.header = header
        ledger = table?.ledger ?? HostLedger()
        self.standingRows = standingRows
        self.journal = isApart ? journal : nil
        redundantJournal = isApart ? nil : journal
        self.coverage = coverage
    }

    /// Removes what a killed writer left behind: the incomplete end of a journal, or a journal whose rows are already
    /// in the file.
    func repair() throws(Fault) {
        try journal?.dropTornRest()
        try redundantJournal?.remove()
    }

    /// Whether the file must get the fields of weights before weighted trials can be added to it.
    func lacksWeights(_ wanted: ChunkHeader) -> Bool { wanted.mixture != nil && header.mixture == nil && !isNew }

    private static func check(_ wanted: ChunkHeader, _ found: ChunkHeader, in path: String) throws(Fault) {
        if let difference = wanted.difference(from: found, here: "this campaign", there: "the file") {
            throw Fault(
                .badData, at: .file(path), "contains trials of another campaign: \(difference)",
                remedy: "choose another output, or run the campaign of the existing file")
        }
        if let difference = try found.layout.probeDifference(from: wanted.layout) {
            throw Fault(
                .badData, at: .file(path), "was made with other probes: \(difference)",
                remedy: "choose another output, or give the same --probe options")
        }
    }
}

extension Journal {
    /// Whether the journal's rows must still be added to those of the chunk: false if the writer was stopped after it
    /// replaced the chunk and before it removed the journal.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if the journal belongs to another chunk, or to another state
    ///   of this one.
    func isApart(from chunk: TrialTable?, _ chunkPath: String) throws(Fault) -> Bool {
        let found = chunk?.rowCount ?? 0
        if found == header.chunkRows { return true }
        let foreign = Fault(
            .badData, at: .file(path),
            "continues a chunk of \(header.chunkRows) trials, but \(chunkPath) contains \(found) trials, and not the journal's",
            remedy: "restore the two files that belong together, or remove one and run its trials again")
        guard let chunk, found >= header.chunkRows + rowCount else { throw foreign }
        let journalLayout = try header.chunk.layout
        try forEachBlock { rows, firstRow throws(Fault) in
            let first = header.chunkRows + firstRow
            let standing = try chunk.read(first..<first + rows.count / header.stride)
            guard standing == chunk.layout.converted(rows, from: journalLayout) else { throw foreign }
        }
        return false
    }
}
