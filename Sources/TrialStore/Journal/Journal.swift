import Diagnostics
import Files
import Foundation

/// The trials of a chunk that is being written, in a file beside it that is only ever appended to: `CHUNK.journal`.
///
/// It has a header, then a block for each commit; see docs/file-format.md. A block is on the device before
/// ``append(_:)`` returns, and a journal gets its name only when its header and first block are complete, so that only
/// its end, which was never acknowledged, can be incomplete. Journal+Reading.swift has the readers.
final class Journal {
    let path: String
    let header: JournalHeader
    let file: OpenFile
    private let operations: FileOperations
    /// The start of the first block, and the checksum that precedes it.
    let start: (offset: Int64, checksum: BlockChecksum)
    /// The number of committed blocks.
    private(set) var blockCount: UInt64 = 0
    /// The rows in them.
    private(set) var rowCount = 0
    /// The end of the blocks, and the checksum of the last.
    private(set) var end: (offset: Int64, checksum: BlockChecksum)

    init(
        path: String, header: JournalHeader, file: OpenFile, operations: FileOperations,
        start: (offset: Int64, checksum: BlockChecksum)
    ) {
        self.path = path
        self.header = header
        self.file = file
        self.operations = operations
        self.start = start
        end = start
    }

    /// The name of a chunk's journal.
    static func path(of chunk: String) -> String {
        Publication.journalPath(of: (try? followingLinks(chunk)) ?? chunk)
    }

    /// Creates the journal of a chunk with the rows of its first block, replacing an existing one.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput`` or ``Fault/Kind/cannotCreate``; the rows are then not
    ///   safe.
    static func create(
        for chunk: String, header: JournalHeader, rows: [UInt8], _ operations: FileOperations
    ) throws(Fault) -> Journal {
        let path = path(of: chunk)
        return try Publication.write(path, .replaces, isLocked: true, operations) { temporary throws(Fault) in
            let file = try OpenFile(temporary, .replacing, operations, named: path)
            let (bytes, checksum) = try header.encoded()
            try file.write(bytes, at: 0)
            let journal = Journal(
                path: path, header: header, file: file, operations: operations, start: (Int64(bytes.count), checksum))
            try journal.append(rows)
            return journal
        }
    }

    /// Adds a block of packed rows; they are on the device when this returns.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/inputOutput``; the rows are then not safe, and can be appended again.
    func append(_ rows: [UInt8]) throws(Fault) {
        let block = JournalBlock(number: blockCount, rows: rows, stride: header.stride, after: end.checksum)
        let bytes = block.encoded
        do {
            try file.write(bytes, at: end.offset)
            try file.synchronize()
        } catch {
            // If even this fails, the next block overwrites the incomplete one, or the next reader removes it.
            try? file.truncate(to: end.offset)
            throw error
        }
        extend(by: block, length: bytes.count)
    }

    /// Counts a block written at ``end`` as committed.
    func extend(by block: JournalBlock, length: Int) {
        blockCount += 1
        rowCount += block.rows.count / header.stride
        end = (end.offset + Int64(length), block.checksum)
    }

    /// Removes the file, when its rows are safe elsewhere.
    func remove() throws(Fault) {
        try systemCall(.writing, path, "cannot be removed") { () throws(SystemFailure) in try operations.remove(path) }
    }
}

/// A block of a journal: marker (8 bytes), number of the block (uint64), number of rows (uint64), ``BlockChecksum`` of
/// the two numbers and the rows, the rows.
struct JournalBlock {
    let rows: [UInt8]
    let checksum: BlockChecksum
    private let numbers: [UInt8]

    static let marker = Array("TGBLOCK\n".utf8)
    /// Bytes before the rows.
    static let prefixLength = 24 + BlockChecksum.length

    init(number: UInt64, rows: [UInt8], stride: Int, after previous: BlockChecksum) {
        var numbers: [UInt8] = []
        numbers.append(littleEndian: number)
        numbers.append(littleEndian: UInt64(rows.count / stride))
        self.numbers = numbers
        self.rows = rows
        checksum = BlockChecksum(after: previous, numbers[...], rows[...])
    }

    var encoded: [UInt8] { JournalBlock.marker + numbers + checksum.bytes + rows }
}
