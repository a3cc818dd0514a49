import Diagnostics
import Foundation

/// A file opened for reading, closed when the last reference goes.
///
/// Files are read, not mapped: a file that another process truncates under way then ends early instead of killing
/// the process with SIGBUS.
package final class InputFile {
    package let path: String
    private let descriptor: CInt

    /// - Parameter purpose: what the file is, for the fault when it does not exist, such as `events of IC40`.
    /// - Throws: a `Fault` of kind missingInput when there is no such file or it cannot be opened.
    package init(path: String, purpose: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor < 0 else { return }
        let code = errno
        guard code == ENOENT || code == ENOTDIR else {
            throw Fault(
                .missingInput, at: .file(path), "the \(purpose) cannot be opened: \(String(cString: strerror(code)))",
                remedy: "make the file readable"
            )
        }
        let tabFile = path.hasSuffix(".csv") ? String(path.dropLast(3)) + "tab" : path + ".tab"
        if access(tabFile, F_OK) == 0 {
            throw Fault(
                .missingInput, at: .file(path), "there is no such file, but there is \"\(tabFile)\"",
                remedy: "download the release in its original format (format=original), which has .csv files"
            )
        }
        throw Fault(
            .missingInput, at: .file(path), "there is no such file; it should hold the \(purpose)",
            remedy: "check --data and --sample, or put the file there"
        )
    }

    deinit { close(descriptor) }

    /// Bytes of the file, or 0 where that cannot be told (a pipe).
    package var byteCount: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? max(0, Int(status.st_size)) : 0
    }

    /// Fills as much of `buffer` as the file still holds; returns the number of bytes read, 0 at the end.
    ///
    /// - Throws: a `Fault` of kind inputOutput when the system cannot read, missingInput for a folder.
    package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count, let base = buffer.baseAddress {
            let count = read(descriptor, base + filled, buffer.count - filled)
            if count == 0 { break }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                if code == EISDIR {
                    throw Fault(.missingInput, at: .file(path), "is a folder", remedy: "put the file in its place")
                }
                throw Fault(
                    .inputOutput, at: .file(path), "reading failed: \(String(cString: strerror(code)))",
                    remedy: "check the disk and try again"
                )
            }
            filled += count
        }
        return filled
    }
}
