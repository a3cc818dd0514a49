import Diagnostics
import Foundation
import HDF5

/// A chunk: the file that one job appends its trials to. One writer at a time; a process that opens a chunk for
/// writing while another holds it is refused.
///
/// Rows added since the last ``commit()`` are dropped when the chunk is next opened after a crash, and with them the
/// trials count as not made: what ``coverage`` says is always what the committed table holds.
public final class ChunkFile {
    public let path: String
    private let lock: WriterLock
    private let table: TrialTable
    /// The trials in the table, with those not yet committed.
    public private(set) var coverage: Coverage

    private init(path: String, lock: WriterLock, table: TrialTable, coverage: Coverage) {
        self.path = path
        self.lock = lock
        self.table = table
        self.coverage = coverage
    }

    /// The header in the file; of a chunk that is continued, the one that it was made with.
    public var header: ChunkHeader { table.header }

    /// The number of trials that are safe.
    public var committedCount: Int { table.committed }

    /// Creates a chunk, or continues the one that is there.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` while another process writes it; ``Fault/Kind/badData`` if what is
    ///   there is not a chunk, is damaged, or belongs to another campaign or other probes, with what differs;
    ///   ``Fault/Kind/cannotCreate`` and ``Fault/Kind/inputOutput`` if the file system refuses.
    public static func open(_ path: String, header: ChunkHeader) throws(Fault) -> ChunkFile {
        let lock = try WriterLock(for: path)
        if !FileManager.default.fileExists(atPath: path) { try create(path, header) }
        // Having the lock, this process knows that no other writes.
        let table = try TrialTable.open(path, .readWriteAfterCrash)
        guard table.format == .chunk else {
            throw Fault(
                .badData, at: .file(path), "is a merged file, to which no trials can be added",
                remedy: "name another output")
        }
        if let difference = header.difference(from: table.header, here: "this campaign", there: "the file") {
            throw Fault(
                .badData, at: .file(path), "holds trials of another campaign: \(difference)",
                remedy: "name another output, or run the campaign that the file was begun with")
        }
        let wanted = try TrialTableLayout(probes: header.probes)
        if let difference = table.layout.recordLayout.difference(from: wanted.recordLayout) {
            throw Fault(
                .badData, at: .file(path), "was begun with other probes: \(difference)",
                remedy: "name another output, or give the same --probe options")
        }
        return ChunkFile(path: path, lock: lock, table: table, coverage: try coverage(of: table))
    }

    /// Adds trials; they are safe after the next ``commit()``.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` if a trial is in the chunk already, is given twice, or has not one
    ///   value for each probe, and then adds none; ``Fault/Kind/inputOutput`` if the file cannot be written.
    public func append(_ records: [TrialRecord]) throws(Fault) {
        let rows = try table.layout.encode(records)
        var extended = coverage
        for record in records where !extended.insert(record.trial, of: record.hypothesis) {
            throw Fault(
                .usage, at: .file(path), "holds trial \(record.trial) of \(record.hypothesis) already",
                remedy: "make only the trials that its coverage lacks")
        }
        try table.append(rows)
        coverage = extended
    }

    /// Makes all trials added so far safe: they are on the device when this returns.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` if they cannot be written; what was committed before
    ///   stays.
    public func commit() throws(Fault) { try table.commit(coverage) }

    /// Commits, closes the file, and lets the next writer in.
    public func close() throws(Fault) {
        defer { lock.release() }
        if table.file.isOpen { try commit() }
        try table.close()
    }
}

extension ChunkFile {
    /// Makes an empty chunk under a passing name first, so that what stands at `path` is whole from the start.
    private static func create(_ path: String, _ header: ChunkHeader) throws(Fault) {
        let passing = path + ".new"
        do {
            let table = try TrialTable.create(passing, .truncate, format: .chunk, header: header)
            try table.commit(Coverage())
            try table.close()
            try rename(passing, to: path)
        } catch {
            unlink(passing)
            throw error
        }
    }

    /// What the committed rows hold.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if a trial stands there twice.
    private static func coverage(of table: TrialTable) throws(Fault) -> Coverage {
        var coverage = Coverage()
        try table.forEachKey { key, row throws(Fault) in
            guard coverage.insert(key.trial, of: key.hypothesis) else {
                throw Fault(
                    .badData, at: .file(table.path), "holds trial \(key.trial) of \(key.hypothesis) twice (row \(row))",
                    remedy: "the file was not written by this program alone; make its trials again")
            }
        }
        return coverage
    }
}

/// Gives a finished file its name, replacing what had it, and has the folder remember that.
func rename(_ passing: String, to path: String) throws(Fault) {
    guard Foundation.rename(passing, path) == 0 else {
        let reason = String(cString: strerror(errno))
        throw Fault(.cannotCreate, at: .file(path), "cannot be created (\(reason))", remedy: "check the folder")
    }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
        fsync(descriptor)
        close(descriptor)
    }
}
