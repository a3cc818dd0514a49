import Diagnostics
import Files
import Numerics

/// A file's bytes in memory of ``Numerics/LargePages``.
///
/// The file is read, not mapped: if someone truncates or overwrites it later, the checked bytes stay the same. Reading
/// a file in the page cache costs a few milliseconds for 10 MB.
final class FileContents: Sendable {
    /// Constant after `init`.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// In bytes; more than any prepared file has.
    private static let largestSize = 1 << 32

    /// - Parameters:
    ///   - what: the expected contents, for the fault if the file does not exist.
    ///   - check: receives the first `headerSize` bytes, or fewer if there are no more, and the file's size, before the
    ///     rest is read.
    /// - Throws: `Fault`: missing input for a file that cannot be opened, input/output for one that cannot be read, bad
    ///   data for one that is far too large; what `check` throws.
    init(
        of path: String, _ what: String, headerSize: Int,
        _ check: (_ header: UnsafeRawBufferPointer, _ size: Int) throws(Fault) -> Void
    ) throws(Fault) {
        let file: OpenFile
        do {
            file = try OpenFile(path)
        } catch {
            throw Fault(
                error.kind, at: error.place, "\(error.problem); it should be \(what)", remedy: error.remedy)
        }
        let size = Int(try file.length)
        guard size <= Self.largestSize else {
            throw Fault(
                .badData, at: .file(path), "has \(size) bytes, more than \(what) can have", remedy: "give another file")
        }
        let memory = LargePages.allocate(byteCount: size)
        do throws(Fault) {
            let header = min(headerSize, size)
            try Self.fill(memory, 0..<header, from: file)
            try check(UnsafeRawBufferPointer(rebasing: memory[..<header]), size)
            try Self.fill(memory, header..<size, from: file)
        } catch {
            memory.deallocate()
            throw error
        }
        bytes = UnsafeRawBufferPointer(memory)
    }

    deinit { bytes.deallocate() }

    private static func fill(
        _ memory: UnsafeMutableRawBufferPointer, _ range: Range<Int>, from file: OpenFile
    ) throws(Fault) {
        let part = UnsafeMutableRawBufferPointer(rebasing: memory[range])
        guard try file.read(into: part, at: Int64(range.lowerBound)) == part.count else {
            throw Fault(
                .badData, at: .file(file.path), "became shorter while it was read",
                remedy: "copy it again, or make it again")
        }
    }
}
