import Diagnostics
import Foundation
import HDF5

/// A table of trials in an HDF5 file, and how much of it is committed: all that stands between trials and the disk.
///
/// The file's root holds the header's attributes, `format`, `format_version` and `committed` (the number of rows that
/// count), the datasets `trials` and `ranges` and the group `provenance`; docs/file-format.md. Whoever makes commits
/// survive a crash in the middle of one does it here: ``append(_:)`` and ``commit(_:)`` are all that writes rows.
final class TrialTable {
    /// What kind of file a table stands in.
    enum Format: String {
        case chunk = "trialgen-chunk"
        case merged = "trialgen-merged"
    }

    static let formatVersion: Int64 = 1

    let path: String
    let file: File
    let format: Format
    let header: ChunkHeader
    let layout: TrialTableLayout
    private let records: RecordDataset
    /// Rows that count; those beyond were not finished and are to be made again.
    private(set) var committed: Int

    private init(
        path: String, file: File, format: Format, header: ChunkHeader, layout: TrialTableLayout,
        records: RecordDataset, committed: Int
    ) {
        self.path = path
        self.file = file
        self.format = format
        self.header = header
        self.layout = layout
        self.records = records
        self.committed = committed
    }

    /// Opens a table; one that may be written loses its rows beyond the committed.
    ///
    /// - Throws: ``Fault``: ``Fault/Kind/missingInput``, or ``Fault/Kind/badData`` for a file that is no table of
    ///   trials, of a later version than this program knows, or damaged.
    static func open(_ path: String, _ access: File.Access) throws(Fault) -> TrialTable {
        let file = try File.open(path, access)
        let root = try file.root
        let format = try readFormat(root, path)
        let records = try root.table("trials")
        let layout = try TrialTableLayout(of: records.layout, path: path)
        let header = try ChunkHeader(from: root, probes: layout.probes)
        let (claimed, present) = (try root.attributes.int64("committed"), try records.count)
        guard let committed = Int(exactly: claimed), (0...present).contains(committed) else {
            throw Fault(
                .badData, at: .file(path), "claims \(claimed) committed trials but holds \(present)",
                remedy: "the file is damaged; use a sound copy or make its trials again")
        }
        if access != .readOnly { try records.truncate(to: committed) }
        return TrialTable(
            path: path, file: file, format: format, header: header, layout: layout, records: records,
            committed: committed)
    }

    /// Creates an empty table.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/cannotCreate``, ``Fault/Kind/inputOutput``, or ``Fault/Kind/usage``
    ///   for a probe that is named twice.
    static func create(
        _ path: String, _ creation: File.Creation, format: Format, header: ChunkHeader
    ) throws(Fault) -> TrialTable {
        let layout = try TrialTableLayout(probes: header.probes)
        let file = try File.create(path, creation)
        let root = try file.root
        try root.attributes.set("format", format.rawValue)
        try root.attributes.set("format_version", formatVersion)
        try header.write(to: root)
        try root.attributes.set("committed", Int64(0))
        // HDF5 keeps up to 1 MiB of chunks at hand: larger ones would be read and checked again for every few rows.
        let chunkRecords = max(64, min(format == .chunk ? 1024 : 8192, (512 << 10) / layout.stride))
        let records = try root.createTable("trials", layout: layout.recordLayout, chunkRecords: chunkRecords)
        _ = try root.createTable("ranges", layout: try rangesLayout, chunkRecords: 64)
        return TrialTable(
            path: path, file: file, format: format, header: header, layout: layout, records: records, committed: 0)
    }

    /// Adds packed rows; they count only after ``commit(_:)``.
    func append(_ rows: [UInt8]) throws(Fault) { try records.append(rows) }

    /// Makes all rows added so far count, once they are on the device.
    ///
    /// - Parameter coverage: what the rows hold, written for readers; this program derives it from the rows.
    func commit(_ coverage: Coverage) throws(Fault) {
        let count = try records.count
        try file.synchronize()
        let root = try file.root
        try root.attributes.set("committed", Int64(count))
        try writeRanges(coverage, root)
        try file.synchronize()
        committed = count
    }

    /// Packed rows of a range of the committed ones.
    func read(_ rows: Range<Int>) throws(Fault) -> [UInt8] { try records.read(rows) }

    func close() throws(Fault) { try file.close() }
}

extension TrialTable {
    /// Calls `body` with the committed rows in blocks, and the number of the block's first row.
    func forEachBlock(
        rows: Int = 16_384, _ body: (_ bytes: [UInt8], _ firstRow: Int) throws(Fault) -> Void
    ) throws(Fault) {
        var start = 0
        while start < committed {
            let end = min(committed, start + rows)
            try body(try read(start..<end), start)
            start = end
        }
    }

    /// Calls `body` with the key of every committed row in turn.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` for a key that no trial has.
    func forEachKey(_ body: (_ key: TrialKey, _ row: Int) throws(Fault) -> Void) throws(Fault) {
        let stride = layout.stride
        try forEachBlock { bytes, firstRow throws(Fault) in
            let outcome = bytes.withUnsafeBytes { bytes in
                Result { () throws(Fault) in
                    for index in 0..<bytes.count / stride {
                        let key = PackedRecord(bytes: bytes, start: index * stride).key
                        if let problem = key.problem { throw impossible(problem, row: firstRow + index) }
                        try body(key, firstRow + index)
                    }
                }
            }
            try outcome.get()
        }
    }

    private func impossible(_ problem: String, row: Int) -> Fault {
        Fault(
            .badData, at: .file(path), "row \(row) of its trials is impossible: \(problem)",
            remedy: "the file is damaged; use a sound copy or make its trials again")
    }

    private static func readFormat(_ root: Group, _ path: String) throws(Fault) -> Format {
        let attributes = root.attributes
        guard try attributes.contains("format"), let format = Format(rawValue: try attributes.string("format")) else {
            throw Fault(
                .badData, at: .file(path), "is an HDF5 file, but not one of trials",
                remedy: "name a file that trialgen or trialmerge wrote")
        }
        let version = try attributes.int64("format_version")
        guard version == formatVersion else {
            throw Fault(
                .badData, at: .file(path),
                "has version \(version) of the file format, this program reads \(formatVersion)",
                remedy: "use the version of trialgen that wrote it, or a newer one")
        }
        return format
    }

    private static var rangesLayout: RecordLayout {
        get throws(Fault) {
            try RecordLayout([("seed", .int64), ("mean_n_sig", .float64), ("first", .int64), ("last", .int64)])
        }
    }

    private func writeRanges(_ coverage: Coverage, _ root: Group) throws(Fault) {
        var rows: [UInt8] = []
        for hypothesis in coverage.hypotheses {
            for range in coverage[hypothesis].ranges {
                let mean = hypothesis.meanSignal.bitPattern.littleEndian
                withUnsafeBytes(of: hypothesis.seed.littleEndian) { rows.append(contentsOf: $0) }
                withUnsafeBytes(of: mean) { rows.append(contentsOf: $0) }
                withUnsafeBytes(of: range.first.littleEndian) { rows.append(contentsOf: $0) }
                withUnsafeBytes(of: range.last.littleEndian) { rows.append(contentsOf: $0) }
            }
        }
        let table = try root.table("ranges", expecting: try TrialTable.rangesLayout)
        try table.truncate(to: 0)
        try table.append(rows)
    }
}
