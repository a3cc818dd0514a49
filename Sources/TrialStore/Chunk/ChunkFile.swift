import Diagnostics
import Files
import Foundation
import HDF5

/// A chunk: the file that one job adds its trials to. One writer at a time; a process that opens a chunk for writing
/// while another holds it is refused.
///
/// Committed trials go to a ``Journal`` beside the chunk, which survives whatever ends the process; ``close()`` makes
/// them a part of the chunk, which is replaced as a whole. Trials added since the last ``commit()`` are lost with the
/// process, and with them they count as not made: what ``coverage`` says of a chunk just opened is what is safe.
public final class ChunkFile {
    public let path: String
    /// The header in the file; of a chunk that is continued, the one that it was made with.
    public let header: ChunkHeader
    /// The trials in the chunk, with those not yet committed.
    public private(set) var coverage: Coverage
    /// The number of trials that are safe.
    public private(set) var committedCount: Int
    private let layout: TrialTableLayout
    private let lock: WriterLock
    private let operations: FileOperations
    /// Rows of the file under ``path``, which the journal's come after.
    private let standingRows: Int
    private var journal: Journal?
    /// Packed rows that are not yet committed.
    private var pending: [UInt8] = []
    private var isOpen = true
    /// Where this session runs: the provenance of whoever opened the chunk.
    private let session: [String: String]
    /// What was done before this session, and where.
    private var ledger: HostLedger
    private let committedBefore: Int

    /// Creates a chunk, or continues the one that is there.
    ///
    /// - Parameters:
    ///   - header: the campaign's; its provenance says where this session runs.
    ///   - takesOver: whether a lock of another host counts for nothing: the user's word that no one writes there.
    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` while another process writes it; ``Fault/Kind/badData`` if what is
    ///   there is not a chunk, is damaged, or belongs to another campaign or other probes, with what differs;
    ///   ``Fault/Kind/cannotCreate`` and ``Fault/Kind/inputOutput`` if the file system refuses.
    public static func open(
        _ path: String, header: ChunkHeader, takesOver: Bool = false
    ) throws(Fault) -> ChunkFile {
        try ChunkFile(path, header, .system, takesOver: takesOver)
    }

    init(
        _ path: String, _ header: ChunkHeader, _ operations: FileOperations, takesOver: Bool = false
    ) throws(Fault) {
        // Two names of one file have one lock and one journal.
        let path = try followingLinks(path)
        try Publication.checkLength(of: path, named: path)
        let lock = try WriterLock(for: path, takesOver: takesOver)
        // What a writer left behind that was killed while it replaced a file.
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
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if a trial is in the chunk already, is given twice, or has not
    ///   one value for each probe, and then adds none.
    public func append(_ records: [TrialRecord]) throws(Fault) {
        let rows = try layout.encode(records)
        var extended = coverage
        for record in records where !extended.insert(record.trial, of: record.hypothesis) {
            throw Fault(
                .usage, at: .file(path), "holds trial \(record.trial) of \(record.hypothesis) already",
                remedy: "make only the trials that its coverage lacks")
        }
        pending += rows
        coverage = extended
    }

    /// Makes all trials added so far safe: they are on the device when this returns.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` or ``Fault/Kind/cannotCreate`` if they cannot be written;
    ///   what was committed before stays, and the commit may be tried again.
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
            // What another process may have overlooked is not called safe.
            try lock.check()
        } catch {
            let next = "run the same command again, which goes on from there"
            throw Fault(
                error.kind, at: error.place,
                "\(error.problem); the \(committedCount) trials committed before are safe",
                remedy: error.remedy.map { "\($0) and \(next)" } ?? next)
        }
        committedCount += pending.count / layout.stride
        pending.removeAll(keepingCapacity: true)
    }

    /// Commits, makes the committed trials a part of the chunk, and lets the next writer in. Closing twice is harmless.
    ///
    /// - Parameter end: what the session says about itself, for the chunk's provenance.
    /// - Throws: ``Fault`` as ``commit()``; also ``Fault/Kind/inputOutput`` if the chunk cannot be finished, and its
    ///   trials are then safe in its journal.
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
    /// Makes the chunk, or replaces it, by one with the rows that `fill` adds.
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

    /// Why the chunk could not be replaced, with what is safe nevertheless and how to go on.
    private func unfinished(_ fault: Fault, _ journal: Journal) -> Fault {
        let places = standingRows == 0 ? journal.path : "it and \(journal.path)"
        let problem = "\(fault.problem); its \(committedCount) trials are safe in \(places)"
        guard fault.kind == .inputOutput || fault.kind == .cannotCreate else {
            return Fault(fault.kind, at: fault.place, problem, remedy: fault.remedy)
        }
        return Fault(
            .inputOutput, at: fault.place, problem,
            remedy: "free space or repair the disk, then run the same command again, which goes on from there")
    }
}
