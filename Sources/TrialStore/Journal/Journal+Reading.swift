import Diagnostics
import Files
import Foundation

extension Journal {
    /// Opens the journal of a chunk and reads it up to the first incomplete block; changes nothing.
    ///
    /// - Returns: nil if there is none.
    /// - Throws: ``Fault``: ``Fault/Kind/badData`` if its header is damaged, ``Fault/Kind/inputOutput`` if it cannot be
    ///   read.
    static func open(
        for chunk: String, _ operations: FileOperations, _ mode: OpenFile.Mode = .updating
    ) throws(Fault) -> Journal? {
        let path = path(of: chunk)
        guard exists(path) else { return nil }
        let file = try OpenFile(path, mode, operations)
        let (header, checksum, end) = try JournalHeader.read(from: file)
        let journal = Journal(path: path, header: header, file: file, operations: operations, start: (end, checksum))
        while let (block, length) = try journal.block(journal.blockCount, at: journal.end) {
            journal.extend(by: block, length: length)
        }
        return journal
    }

    /// Removes everything after the last complete block.
    func dropTornRest() throws(Fault) {
        guard end.offset < (try file.length) else { return }
        try file.truncate(to: end.offset)
        try file.synchronize()
    }

    /// Calls `body` with the rows of each block in turn, and the number of the block's first row in the journal.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if a block has changed.
    func forEachBlock(_ body: (_ rows: [UInt8], _ firstRow: Int) throws(Fault) -> Void) throws(Fault) {
        var (place, firstRow) = (start, 0)
        for number in 0..<blockCount {
            guard let (block, length) = try block(number, at: place) else {
                throw Fault(
                    .badData, at: .file(path), "has changed since it was opened (block \(number))",
                    remedy:
                        "check the disk, and that no other program writes to the file; then run the same command again")
            }
            try body(block.rows, firstRow)
            place = (place.offset + Int64(length), block.checksum)
            firstRow += block.rows.count / header.stride
        }
    }

    /// Refuses a chunk with a journal that contains trials which the chunk lacks.
    ///
    /// A journal whose trials are all in the chunk is a leftover: from a writer that was killed between replacing the
    /// chunk and removing the journal, or restored by a scheduler from a failed attempt.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/temporary``.
    static func refuseUnfinished(_ chunk: String) throws(Fault) {
        guard exists(path(of: chunk)) else { return }
        if let table = try TrialTable.openUnlessDamaged(chunk) {
            let isLeftOver = try? open(for: chunk, .system, .reading).map {
                journal throws(Fault) in try !journal.isApart(from: table, chunk)
            }
            try table.close()
            if isLeftOver == true { return }
        }
        throw Fault(
            .temporary, at: .file(chunk),
            "is incomplete: its writer is running or was stopped, and some of its trials are in \(path(of: chunk))",
            remedy: "run the same command again to finish it")
    }

    /// The block with that number, if it is complete, and its length including everything before the rows.
    private func block(
        _ number: UInt64, at place: (offset: Int64, checksum: BlockChecksum)
    ) throws(Fault) -> (block: JournalBlock, length: Int)? {
        let prefix = try file.read(JournalBlock.prefixLength, at: place.offset)
        guard prefix.count == JournalBlock.prefixLength, prefix.starts(with: JournalBlock.marker),
            prefix.littleEndian(at: 8, as: UInt64.self) == number,
            let claimed = prefix.littleEndian(at: 16, as: UInt64.self), claimed > 0
        else { return nil }
        // A damaged count must not reserve more memory than the file's size.
        let left = try file.length - place.offset - Int64(JournalBlock.prefixLength)
        let (size, overflow) = claimed.multipliedReportingOverflow(by: UInt64(header.stride))
        guard !overflow, left >= 0, size <= UInt64(left), let count = Int(exactly: size) else { return nil }
        let rows = try file.read(count, at: place.offset + Int64(JournalBlock.prefixLength))
        guard rows.count == count else { return nil }
        let block = JournalBlock(number: number, rows: rows, stride: header.stride, after: place.checksum)
        guard block.checksum.bytes == Array(prefix.suffix(BlockChecksum.length)) else { return nil }
        return (block, JournalBlock.prefixLength + count)
    }
}
