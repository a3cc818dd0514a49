import Diagnostics
import Foundation
import Numerics

/// A file's bytes in memory of ``Numerics/LargePages``.
///
/// Read, not mapped: a file that someone truncates or overwrites later changes nothing that was checked, and a disk that
/// fails gives a fault instead of killing the process with SIGBUS. Reading what is in the page cache costs a few
/// milliseconds for 10 MB.
package final class FileContents: Sendable {
    /// Constant after `init`.
    nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer

    /// More than any file of ours has.
    private static let largestSize = 1 << 32

    /// - Parameters:
    ///   - what: what the file is, for the fault when it does not exist.
    ///   - check: is shown the first `headerSize` bytes, or fewer if there are no more, and the file's size, before the
    ///     rest is read.
    /// - Throws: `Fault`: missing input for a file that cannot be opened, input/output for one that cannot be read, bad
    ///   data for one that is far too large; what `check` throws.
    package init(
        of path: String, _ what: String, headerSize: Int,
        _ check: (_ header: UnsafeRawBufferPointer, _ size: Int) throws(Fault) -> Void
    ) throws(Fault) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw Fault(
                .missingInput, at: .file(path), "cannot be opened (\(reason)); it should be \(what)",
                remedy: "check the name, or make the file")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(.missingInput, at: .file(path), "is no file; it should be \(what)", remedy: "name a file")
        }
        let size = max(0, Int(status.st_size))
        guard size <= Self.largestSize else {
            throw Fault(
                .badData, at: .file(path), "has \(size) bytes, more than \(what) can have", remedy: "name another file")
        }
        let memory = LargePages.allocate(byteCount: size)
        do throws(Fault) {
            let header = min(headerSize, size)
            try Self.fill(memory, 0..<header, from: descriptor, path)
            try check(UnsafeRawBufferPointer(rebasing: memory[..<header]), size)
            try Self.fill(memory, header..<size, from: descriptor, path)
        } catch {
            memory.deallocate()
            throw error
        }
        bytes = UnsafeRawBufferPointer(memory)
    }

    deinit { bytes.deallocate() }

    private static func fill(
        _ memory: UnsafeMutableRawBufferPointer, _ range: Range<Int>, from descriptor: Int32, _ path: String
    ) throws(Fault) {
        var position = range.lowerBound
        while position < range.upperBound, let base = memory.baseAddress {
            let count = pread(descriptor, base + position, range.upperBound - position, off_t(position))
            if count < 0 {
                if errno == EINTR { continue }
                throw unreadable(path)
            }
            guard count > 0 else {
                throw Fault(
                    .badData, at: .file(path), "became shorter while it was read",
                    remedy: "copy it again, or make it anew")
            }
            position += count
        }
    }

    private static func unreadable(_ path: String) -> Fault {
        Fault(
            .inputOutput, at: .file(path), "cannot be read (\(String(cString: strerror(errno))))",
            remedy: "check the disk")
    }
}
