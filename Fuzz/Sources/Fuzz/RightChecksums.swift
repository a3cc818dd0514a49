@testable import Files
@testable import TrialMaking
@testable import TrialStore

/// Files as a forger would make them: what a checksum covers is anything, and the checksum is right.
extension [UInt8] {
    /// As a prepared file; bytes too few for one are left as they are.
    var withRightPreparedChecksum: [UInt8] {
        var file = self
        guard file.count >= PreparedHeader.length, file.count.isMultiple(of: PreparedHeader.length) else { return file }
        let checksum = file.withUnsafeBytes { PreparedHeader.checksum(of: $0) }
        file.replaceSubrange(PreparedHeader.length - checksum.count..<PreparedHeader.length, with: checksum)
        return file
    }

    /// As a journal: of the header, and of every block as far as the counts lead from one to the next.
    var withRightJournalChecksums: [UInt8] {
        var file = self
        let (length, textStart) = (BlockChecksum.length, 16)
        guard let text: UInt32 = file.littleEndian(at: 12), textStart + Int(text) + length <= file.count else {
            return file
        }
        var position = textStart + Int(text)
        var checksum = BlockChecksum(after: nil, file[..<position])
        file.replaceSubrange(position..<position + length, with: checksum.bytes)
        position += length
        // The stride is what the text says; of anything else the reader wants none.
        guard let stride = JournalHeader.rowBytes(of: file[textStart..<textStart + Int(text)]) else { return file }
        while let rows: UInt64 = file.littleEndian(at: position + 16) {
            let start = position + JournalBlock.prefixLength
            let (size, overflow) = rows.multipliedReportingOverflow(by: UInt64(stride))
            guard !overflow, start <= file.count, size <= UInt64(file.count - start) else { break }
            let end = start + Int(size)
            checksum = BlockChecksum(after: checksum, file[position + 8..<position + 24], file[start..<end])
            file.replaceSubrange(position + 24..<start, with: checksum.bytes)
            if end == position { break }
            position = end
        }
        return file
    }
}

extension JournalHeader {
    /// The number behind `row_bytes` in a header's text.
    fileprivate static func rowBytes(of text: ArraySlice<UInt8>) -> Int? {
        let key = Array("\"row_bytes\":".utf8)
        guard let start = text.firstRange(of: key)?.upperBound else { return nil }
        let digits = text[start...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return Int(String(decoding: digits, as: UTF8.self)).flatMap { (1...65_536).contains($0) ? $0 : nil }
    }
}
