import Diagnostics
import Digests
import Files
import Foundation
import Numerics

/// Consecutive rows of a table.
struct TableBlock: Sendable {
    /// Row-major, one value for each of the reader's columns.
    let values: [Double]
    let columnCount: Int
    let rowCount: Int
    /// The line number of the first row if no line before it in the block were skipped.
    fileprivate let firstLine: Int
    fileprivate let skips: [(row: Int, lines: Int)]

    /// The line of the file, counted from 1, of a row of this block.
    ///
    /// - Complexity: O(log n) in the number of skipped lines: there may be a comment between any two rows.
    func line(ofRow row: Int) -> Int {
        let before = prefixCount(skips.count) { skips[$0].row <= row }
        return firstLine + row + (before == 0 ? 0 : skips[before - 1].lines)
    }

    @inline(__always)
    subscript(row: Int, column: Int) -> Double { values[row * columnCount + column] }
}

/// Reads whitespace-separated tables of numbers whose first line is a `#` header that names the columns.
///
/// Columns are found by name, in any order; other columns are skipped. Every number is rounded correctly. The file is
/// read once, in waves of a few megabytes; line-aligned pieces of a wave are parsed in parallel while another thread
/// hashes the same bytes, and are passed on in order.
struct TableReader: Sendable {
    /// Path of the file, also in faults.
    let file: String
    /// The contents of the file, for faults: `events of IC40`.
    let purpose: String
    /// The wanted columns.
    let columns: [TableColumn]

    /// Bytes parsed by a thread at a time.
    private static let pieceSize = 1 << 20

    /// Calls `body` with the table's rows, block by block in the order of the file.
    ///
    /// - Returns: SHA-256 of the file's bytes.
    /// - Throws: a `Fault` that names file, line and column of the first error in the text, after
    ///   `body` has seen all rows before it; any error of `body`.
    func read(_ body: (TableBlock) throws -> Void) throws -> FileDigest {
        let input = try OpenFile.ofRelease(file, purpose: purpose)
        let threads = max(1, ProcessInfo.processInfo.activeProcessorCount)
        let capacity = min(threads * 2 * Self.pieceSize, Int(try input.length) + 1)
        var wave = [UInt8](repeating: 0, count: capacity + 1)
        var kept = 0
        var layout: ColumnLayout?
        var line = 1
        var rowCount = 0
        var isAtEnd = false
        var warnings: [String] = []
        let hash = Slots<SHA256>([SHA256()])

        while !isAtEnd {
            // Space for one more byte is kept free: the newline that a last line may lack.
            let room = wave.count - 1 - kept
            let fresh = try wave.withUnsafeMutableBytes { bytes in
                try input.fill(UnsafeMutableRawBufferPointer(rebasing: bytes[kept..<kept + room]))
            }
            isAtEnd = fresh < room || fresh == 0
            var filled = kept + fresh
            let hashed = kept..<filled
            let lacksNewline = isAtEnd && filled > 0 && wave[filled - 1] != UInt8(ascii: "\n")
            if lacksNewline {
                wave[filled] = UInt8(ascii: "\n")
                filled += 1
                warnings.append(
                    "\(file): the last line has no newline at its end; check that the file was copied completely")
            }
            guard let lastNewline = wave[..<filled].lastIndex(of: UInt8(ascii: "\n")) else {
                hash.update(0) { $0.update(wave[hashed]) }
                if isAtEnd { break }
                // A line longer than the wave: not one of our tables, unless the first read was short.
                guard wave.count < 64 << 20 else {
                    throw Fault(
                        .badData, at: .line(file: file, line: line), "the line is longer than 64 MiB",
                        remedy: "check that this is a text table; download the file again"
                    )
                }
                wave.append(contentsOf: repeatElement(0, count: wave.count))
                kept = filled
                continue
            }
            var start = 0
            if layout == nil {
                let headerEnd = wave.firstIndex(of: UInt8(ascii: "\n")) ?? lastNewline
                layout = try columnLayout(header: wave[..<headerEnd])
                start = headerEnd + 1
                line = 2
            }
            guard let layout else { break }
            let pieces = parse(
                wave, lines: start..<lastNewline + 1, layout: layout, threads: threads, hash: hash, hashed: hashed
            )
            for (index, piece) in pieces.enumerated() {
                if piece.rowCount > 0 {
                    try body(
                        TableBlock(
                            values: piece.values, columnCount: columns.count, rowCount: piece.rowCount,
                            firstLine: line, skips: piece.skips
                        ))
                }
                if let failure = piece.failure {
                    let isTruncated =
                        lacksNewline && index == pieces.count - 1
                        && isLastLine(failure.line, ofText: wave[..<filled], pieces: pieces, start: start)
                    throw fault(failure.problem, line: line + failure.line - 1, layout: layout, truncated: isTruncated)
                }
                line += piece.lineCount
                rowCount += piece.rowCount
            }
            kept = filled - (lastNewline + 1)
            wave.replaceSubrange(0..<kept, with: Array(wave[lastNewline + 1..<filled]))
        }
        guard layout != nil else {
            throw Fault(
                .badData, at: .line(file: file, line: 1), "the file is empty", remedy: "download the \(purpose) again"
            )
        }
        guard rowCount > 0 else {
            throw Fault(
                .badData, at: .line(file: file, line: 2), "the file has a header but no rows",
                remedy: "download the \(purpose) again"
            )
        }
        return FileDigest(path: file, sha256: hash.values[0].finalize().hexadecimal, warnings: warnings)
    }

    /// Parses whole lines in line-aligned pieces, one per thread, and meanwhile hashes the new bytes.
    private func parse(
        _ wave: [UInt8], lines: Range<Int>, layout: ColumnLayout, threads: Int, hash: Slots<SHA256>, hashed: Range<Int>
    ) -> [ParsedPiece] {
        let count = max(1, min(threads, lines.count / (Self.pieceSize / 4)))
        var bounds = [lines.lowerBound]
        for index in 1..<max(2, count) where count > 1 {
            let guess = max(bounds[index - 1], lines.lowerBound + lines.count / count * index)
            let newline = wave[guess..<lines.upperBound].firstIndex(of: UInt8(ascii: "\n")) ?? lines.upperBound - 1
            bounds.append(newline + 1)
        }
        bounds.append(lines.upperBound)
        let pieces = Slots<ParsedPiece>(Array(repeating: ParsedPiece(), count: count))
        let edges = bounds
        wave.withUnsafeBufferPointer { buffer in
            // Read-only while the loop runs, which ends before this closure does.
            nonisolated(unsafe) let text = buffer
            performConcurrently(count + 1) { index in
                if index == count {
                    let bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: text[hashed]))
                    hash.update(0) { $0.update(bytes) }
                } else {
                    var scanner = FieldScanner(UnsafeBufferPointer(rebasing: text[edges[index]..<edges[index + 1]]))
                    let piece = scanner.parse(layout)
                    pieces.update(index) { $0 = piece }
                }
            }
        }
        return pieces.values
    }

    /// Whether an invalid line of the last piece is the last line of the text.
    private func isLastLine(_ line: Int, ofText text: ArraySlice<UInt8>, pieces: [ParsedPiece], start: Int) -> Bool {
        let linesBefore = pieces.dropLast().reduce(0) { $0 + $1.lineCount }
        return text[start...].count { $0 == UInt8(ascii: "\n") } == linesBefore + line
    }
}

/// A file and SHA-256 of its bytes.
public struct FileDigest: Sendable, Equatable {
    /// Path of the file.
    public let path: String
    /// 64 lower-case hexadecimal digits.
    public let sha256: String
    /// Unusual facts about a readable file, a sentence each.
    public let warnings: [String]
}
