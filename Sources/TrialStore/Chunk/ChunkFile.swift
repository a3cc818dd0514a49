import Diagnostics
import Files
import Foundation
import HDF5

/// A chunk: the file to which one job adds its trials. It has one writer at a time: another process that opens the
/// chunk for writing is refused.
///
/// Committed trials go to a ``Journal`` beside the chunk, which survives any end of the process; ``close()`` moves
/// them into the chunk, which is replaced as a whole. Trials added since the last ``commit()`` are lost with the
/// process, and count as not made: ``coverage`` of a newly opened chunk contains only committed trials.
public final class ChunkFile {
    public let path: String
    /// The header in the file; a continued chunk keeps its original one.
    public let header: ChunkHeader
    /// The trials in the chunk, including those not yet committed.
    public private(set) var coverage: Coverage
    /// The number of committed trials.
    public private(set) var committedCount: Int
    private let layout: TrialTableLayout
    private let lock: WriterLock
    private let operations: FileOperations
    /// Rows of the file at ``path``, which precede the journal's.
    private let standingRows: Int
    private var journal: Journal?
    /// Packed rows that are not yet committed.
    private var pending: [UInt8] = []
    private var isOpen = true
    /// The provenance of this session, from whoever opened the chunk.
    private let session: [String: String]
    /// The work of earlier sessions, by host.
    private var ledger: HostLedger
    private let committedBefore: Int

    /// Creates a chunk, or continues an existing one.
    ///
    /// - Parameters:
    ///   - header: the campaign's; its provenance describes this session.
    ///   - takesOver: whether to ignore a lock of another host, because the user knows that nobody writes there.
    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` while another process writes it; ``Fault/Kind/badData`` if the
    ///   existing file is not a chunk, is damaged, or belongs to another campaign or other probes, naming the
    ///   difference; ``Fault/Kind/cannotCreate`` and ``Fault/Kind/inputOutput`` if the file system refuses.
    public static func open(
        _ path: String, header: ChunkHeader, takesOver: Bool = false
    ) throws(Fault) -> ChunkFile {
        try ChunkFile(path, header, .system, takesOver: takesOver)
    }

    init(
        _ path: String, _ header: ChunkHeader, _ operations: FileOperations, takesOver: Bool = false
    ) throws(Fault) {
        // Two names of the same file share one lock and one journal.
        let path = try followingLinks(path)
        try Publication.checkLength(of: path, named: path)
        let lock = try WriterLock(for: path, takesOver: takesOver)
        // Removes what a writer left behind that was killed while it replaced a file.
        for replaced in [path, Journal.path(of: path)] {
            try Publication.removeLeftover(
                Publication.temporaryPath(of: replaced, isLocked: true), of: path, operations)
        }
        var found = try ChunkContents(reading: path, expecting: header, operations)
        try found.repair()
        var ledger = HostLedger(found, lock.predecessors.map(\.host))
        if found.lacksWeights(header) {
            var widened = found.header
            widened.mixture = header.mixture
            try ChunkFile.write(path, .replaces, widened, ledger, found.coverage, operations) { table throws(Fault) in
                try ChunkFile.copy(found.standingRows > 0 ? path : nil, found.journal, to: table)
            }
            try found.journal?.remove()
            found = try ChunkContents(reading: path, expecting: header, operations)
            ledger = found.ledger
        }
        if found.isNew {
            try ChunkFile.write(path, .isRefused, found.header, HostLedger(), Coverage(), operations) {
                _ throws(Fault) in
            }
        }
        self.path = path
        self.header = found.header
        self.lock = lock
        self.operations = operations
        layout = try found.header.layout
        standingRows = found.standingRows
        journal = found.journal
        coverage = found.coverage
        committedCount = found.standingRows + (found.journal?.rowCount ?? 0)
        committedBefore = committedCount
        session = header.provenance
        self.ledger = ledger
    }

    /// Adds trials; they are safe after the next ``commit()``.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if a trial is already in the chunk, is given twice, or does not
    ///   have one value per probe; then none is added.
    public func append(_ records: [TrialRecord]) throws(Fault) {
        let rows = try layout.encode(records)
        var extended = coverage
        for record in records where !extended.insert(record.trial, of: record.hypothesis) {
            throw Fault(
                .usage, at: .file(path), "already contains trial \(record.trial) of \(record.hypothesis)",
                remedy: "make only trials that are not in its coverage")
        }
        pending += rows
        coverage = extended
    }

    /// Commits all trials added so far: they are on the device when this returns.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` or ``Fault/Kind/cannotCreate`` if they cannot be written;
    ///   earlier commits remain, and the commit can be tried again.
    public func commit() throws(Fault) {
        guard !pending.isEmpty else { return }
        do {
            try lock.check()
            if let journal {
                try journal.append(pending)
            } else {
                var begun = header
                begun.provenance = session.merging([HostLedger.key: ledger.text]) { $1 }
                let header = JournalHeader(chunk: begun, chunkRows: standingRows, stride: layout.stride)
                journal = try Journal.create(for: path, header: header, rows: pending, operations)
            }
            // Trials that another process may overwrite are not reported as safe.
            try lock.check()
        } catch {
            let next = "run the same command again to continue"
            throw Fault(
                error.kind, at: error.place,
                "\(error.problem); the \(committedCount) trials committed earlier are safe",
                remedy: error.remedy.map { "\($0) and \(next)" } ?? next)
        }
        committedCount += pending.count / layout.stride
        pending.removeAll(keepingCapacity: true)
    }

    /// Commits, moves the committed trials into the chunk, and releases the lock. Closing twice has no effect.
    ///
    /// - Parameter end: facts about the session, for the chunk's provenance.
    /// - Throws: ``Fault`` as ``commit()``; also ``Fault/Kind/inputOutput`` if the chunk cannot be finished; its trials
    ///   are then safe in its journal.
    public func close(_ end: SessionEnd? = nil) throws(Fault) {
        guard isOpen else { return }
        isOpen = false
        defer { lock.release() }
        try commit()
        guard let journal else { return }
        let ledger = ledger.adding(session, Int64(committedCount - committedBefore), end)
        do {
            try lock.check()
            try ChunkFile.write(path, .replaces, header, ledger, coverage, operations) { table throws(Fault) in
                try ChunkFile.copy(standingRows > 0 ? path : nil, journal, to: table)
            }
        } catch {
            throw unfinished(error, journal)
        }
        try journal.remove()
    }
}

extension ChunkFile {
    /// Creates the chunk, or replaces it, with the rows that `fill` adds.
    private static func write(
        _ path: String, _ collision: Publication.Collision, _ header: ChunkHeader, _ ledger: HostLedger,
        _ coverage: Coverage, _ operations: FileOperations,
        _ fill: (TrialTable) throws(Fault) -> Void
    ) throws(Fault) {
        try Publication.write(path, collision, isLocked: true, operations) { temporary throws(Fault) in
            let table = try TrialTable.create(temporary, format: .chunk, header: header, ledger: ledger)
            try fill(table)
            guard Int64(table.rowCount) == coverage.count else {
                throw Fault(
                    .badData, at: .file(path),
                    "has \(coverage.count) trials, but \(table.rowCount) were found to write",
                    remedy: "check that no other program writes there, and run the same command again")
            }
            try table.finish(coverage)
        }
    }

    /// Adds the rows of a chunk and those of its journal, in that order.
    private static func copy(_ standing: String?, _ journal: Journal?, to table: TrialTable) throws(Fault) {
        if let standing = try standing.map(TrialTable.open) {
            try standing.forEachBlock { rows, _ throws(Fault) in
                try table.append(table.layout.converted(rows, from: standing.layout))
            }
            try standing.close()
        }
        guard let journal else { return }
        let layout = try journal.header.chunk.layout
        try journal.forEachBlock { rows, _ throws(Fault) in
            try table.append(table.layout.converted(rows, from: layout))
        }
    }

    /// The fault of a chunk that could not be replaced, with the number of safe trials and how to continue.
    private func unfinished(_ fault: Fault, _ journal: Journal) -> Fault {
        let places = standingRows == 0 ? journal.path : "it and \(journal.path)"
        let problem = "\(fault.problem); its \(committedCount) trials are safe in \(places)"
        guard fault.kind == .inputOutput || fault.kind == .cannotCreate else {
            return Fault(fault.kind, at: fault.place, problem, remedy: fault.remedy)
        }
        return Fault(
            .inputOutput, at: fault.place, problem,
            remedy: "free space or repair the disk, then run the same command again to continue")
    }
}
