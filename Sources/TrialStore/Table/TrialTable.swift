import Diagnostics
import Digests
import Files
import Foundation
import HDF5
import PointSource
import Settings

/// A table of trials in an HDF5 file; the only code that reads and writes trials with HDF5.
///
/// The file's root holds the header's attributes, `format` and `format_version`, the datasets `trials` and `ranges`
/// and the group `provenance`, in a catalogue search also those of ``SourceColumns``; see docs/file-format.md. HDF5 cannot reopen a file after an interrupted write, so a file
/// with trials is never modified: each is written completely under a temporary name (``Publication``).
final class TrialTable {
    /// The kind of file that contains the table.
    enum Format: String {
        case chunk = "trialgen-chunk"
        case merged = "trialgen-merged"
    }

    static let formatVersion: Int64 = 1

    let path: String
    let file: File
    let format: Format
    let header: ChunkHeader
    /// The work of each host for the file.
    let ledger: HostLedger
    let layout: TrialTableLayout
    private let rows: TrialRows
    private(set) var rowCount: Int

    private init(
        path: String, file: File, format: Format, header: ChunkHeader, ledger: HostLedger, layout: TrialTableLayout,
        rows: TrialRows, rowCount: Int
    ) {
        self.path = path
        self.file = file
        self.format = format
        self.header = header
        self.ledger = ledger
        self.layout = layout
        self.rows = rows
        self.rowCount = rowCount
    }

    /// Opens a table for reading.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/missingInput``, or ``Fault/Kind/badData`` for a file that is damaged, is not a
    ///   table of trials, or has a later version than this program knows.
    static func open(_ path: String) throws(Fault) -> TrialTable {
        let file = try File.open(path)
        let root = try file.root
        let format = try readFormat(root, path)
        let trials = try TrialRows.trials(of: root)
        let mixture = try ProposalMixture(from: root, path)
        var layout = try TrialTableLayout(of: trials.layout, mixture: mixture, path: path)
        var header = try ChunkHeader(from: root, layout)
        let campaign = try header.checkedCampaign(path)
        if let sources = SourceColumns(campaign.configuration) {
            header.sources = sources
            layout = try TrialTableLayout(of: trials.layout, mixture: mixture, sources: sources, path: path)
            try sources.check(root, path)
        }
        let rows = try TrialRows(of: root, trials, layout.sources, path)
        return TrialTable(
            path: path, file: file, format: format, header: header, ledger: try HostLedger(from: root), layout: layout,
            rows: rows, rowCount: try rows.count)
    }

    /// Opens a table for reading; nil if it does not exist or is damaged.
    ///
    /// - Throws: ``Fault`` as ``open(_:)`` if the system, not the file, is the reason.
    static func openUnlessDamaged(_ path: String) throws(Fault) -> TrialTable? {
        do {
            return try open(path)
        } catch {
            guard error.kind == .badData || !exists(path) else { throw error }
            return nil
        }
    }

    /// Opens a table for reading, if it contains all its trials.
    ///
    /// - Throws: ``Fault`` as ``open(_:)``, and of kind ``Fault/Kind/temporary`` for a chunk with a journal beside it.
    static func openFinished(_ path: String) throws(Fault) -> TrialTable {
        try Journal.refuseUnfinished(path)
        return try open(path)
    }

    /// Creates an empty table in a new file, replacing an existing file.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/cannotCreate``, ``Fault/Kind/inputOutput``, or ``Fault/Kind/usage``
    ///   for a probe that is given twice.
    static func create(
        _ path: String, format: Format, header: ChunkHeader, ledger: HostLedger = HostLedger(), deflate: UInt32? = nil
    ) throws(Fault) -> TrialTable {
        let layout = try header.layout
        let file = try File.create(path)
        let root = try file.root
        try root.attributes.set("format", format.rawValue)
        try root.attributes.set("format_version", formatVersion)
        try header.write(to: root, ledger)
        let rows = try TrialRows.create(in: root, layout, chunkRows: format == .chunk ? 1024 : 8192, deflate: deflate)
        _ = try root.createTable("ranges", layout: try rangesLayout(layout), chunkRecords: 64)
        return TrialTable(
            path: path, file: file, format: format, header: header, ledger: ledger, layout: layout, rows: rows,
            rowCount: 0)
    }

    /// Adds packed rows.
    func append(_ rows: [UInt8]) throws(Fault) {
        try self.rows.append(rows)
        rowCount = try self.rows.count
    }

    /// Writes the remaining parts of a new file, and closes it.
    ///
    /// - Parameter coverage: the trials in the rows, written for readers; this program derives it from the rows.
    func finish(_ coverage: Coverage) throws(Fault) {
        try writeRanges(coverage, try file.root)
        try file.close()
    }

    /// Packed rows of a range.
    func read(_ range: Range<Int>) throws(Fault) -> [UInt8] { try rows.read(range) }

    func close() throws(Fault) { try file.close() }
}

extension TrialTable {
    /// Calls `body` with the rows in blocks, and the number of the block's first row.
    func forEachBlock(_ body: (_ bytes: [UInt8], _ firstRow: Int) throws(Fault) -> Void) throws(Fault) {
        var start = 0
        while start < rowCount {
            let end = min(rowCount, start + layout.blockRows)
            try body(try read(start..<end), start)
            start = end
        }
    }

    /// Calls `body` with the key of every row in turn.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` for an invalid key.
    func forEachKey(_ body: (_ key: TrialKey, _ row: Int) throws(Fault) -> Void) throws(Fault) {
        let shape = layout.shape
        try forEachBlock { bytes, firstRow throws(Fault) in
            try PackedRecord.forEach(in: bytes, shape, of: path, firstRow: firstRow) {
                _, key, row throws(Fault) in try body(key, row)
            }
        }
    }

    /// Reads the whole table and compares it with what the file states about it: the ranges that it covers and, in a
    /// merged file, the digest of its rows. HDF5's own checksums are checked meanwhile.
    ///
    /// - Parameter body: receives each row with its key and number, and whether the key occurs for the first time.
    /// - Returns: the trials in the table.
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if anything disagrees, and what `body` throws.
    func readThrough(
        _ body: (_ record: PackedRecord, _ key: TrialKey, _ row: Int, _ isNew: Bool) throws(Fault) -> Void
    ) throws(Fault) -> Coverage {
        var collector = CoverageCollector()
        var digest = SHA256()
        let shape = layout.shape
        try forEachBlock { bytes, firstRow throws(Fault) in
            if format == .merged { digest.update(bytes) }
            try PackedRecord.forEach(in: bytes, shape, of: path, firstRow: firstRow) {
                record, key, row throws(Fault) in
                try body(record, key, row, collector.insert(key))
            }
        }
        let coverage = collector.finish()
        if format == .merged,
            try file.root.attributes.string("table_sha256") != digest.finalize().hexadecimal
        {
            throw disagreement("its attribute table_sha256")
        }
        try checkRanges(coverage)
        return coverage
    }

    /// Compares the trials in the rows with those that the file states.
    func checkRanges(_ coverage: Coverage) throws(Fault) {
        if try ranges(try file.root) != rangesRows(coverage) { throw disagreement("its table \"ranges\"") }
    }

    private func disagreement(_ what: String) -> Fault {
        Fault(
            .badData, at: .file(path), "is damaged: its trials do not agree with \(what)",
            remedy: "use a sound copy, or make or merge its trials again")
    }

    /// The rows of the table `ranges`.
    private func ranges(_ root: Group) throws(Fault) -> [UInt8] {
        let table = try root.table("ranges", expecting: try TrialTable.rangesLayout(layout))
        return try table.read(0..<(try table.count))
    }

    /// The trials that the file claims to contain, without reading them.
    func claimedCoverage() throws(Fault) -> Coverage {
        let bytes = try ranges(try file.root)
        var coverage = Coverage()
        bytes.withUnsafeBytes { bytes in
            for start in Swift.stride(from: 0, to: bytes.count, by: layout.mixture == nil ? 32 : 40) {
                let row = PackedRecord(bytes: bytes, start: start)
                guard let range = TrialRange(first: row.int64(16), last: row.int64(24)) else { continue }
                let key = TrialKey(
                    meanSignal: row.double(8), seed: row.int64(0), trial: range.first,
                    tail: layout.mixture == nil ? 0 : row.double(32))
                coverage.insert(range, of: key.hypothesis)
            }
        }
        return coverage
    }

    private static func readFormat(_ root: Group, _ path: String) throws(Fault) -> Format {
        let attributes = root.attributes
        guard try attributes.contains("format"), let format = Format(rawValue: try attributes.string("format")) else {
            throw Fault(
                .badData, at: .file(path), "is an HDF5 file without trials",
                remedy: "give a file written by trialgen or trialmerge")
        }
        let version = try attributes.int64("format_version")
        guard version == formatVersion else {
            throw Fault(
                .badData, at: .file(path),
                "has version \(version) of the file format; this program reads version \(formatVersion)",
                remedy: "use the version of trialgen that wrote it, or a newer one")
        }
        return format
    }

    private static func rangesLayout(_ layout: TrialTableLayout) throws(Fault) -> RecordLayout {
        try RecordLayout(
            [("seed", .int64), ("mean_n_sig", .float64), ("first", .int64), ("last", .int64)]
                + (layout.mixture == nil ? [] : [("tail", .float64)]))
    }

    private func writeRanges(_ coverage: Coverage, _ root: Group) throws(Fault) {
        let table = try root.table("ranges", expecting: try TrialTable.rangesLayout(layout))
        try table.append(rangesRows(coverage))
    }

    private func rangesRows(_ coverage: Coverage) -> [UInt8] {
        var rows: [UInt8] = []
        for hypothesis in coverage.hypotheses {
            for range in coverage[hypothesis].ranges {
                rows.append(littleEndian: hypothesis.seed)
                rows.append(littleEndian: hypothesis.meanSignal.bitPattern)
                rows.append(littleEndian: range.first)
                rows.append(littleEndian: range.last)
                if layout.mixture != nil { rows.append(littleEndian: (hypothesis.tail ?? 0).bitPattern) }
            }
        }
        return rows
    }
}
