import Diagnostics
import Foundation

/// A file that grows at its end while it is downloaded or unpacked; closed when the last reference goes.
package final class PartialFile {
    package let path: String
    package private(set) var byteCount: Int
    private let descriptor: CInt

    /// Opens a file, or makes it.
    ///
    /// - Parameter isNew: whether what is there already is thrown away.
    /// - Throws: a `Fault` of kind cannotCreate when it cannot be opened.
    package init(_ path: String, isNew: Bool) throws(Fault) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (isNew ? O_TRUNC : 0), 0o666)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
            throw .cannotWrite(path, "cannot be created", errno, kind: .cannotCreate)
        }
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// - Throws: a `Fault` of kind inputOutput when the disk is full or fails.
    package func append(_ bytes: ArraySlice<UInt8>) throws(Fault) {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .cannotWrite(path, "cannot be written", count < 0 ? errno : ENOSPC) }
            byteCount += count
            rest = rest.dropFirst(count)
        }
    }

    /// Throws away what is there.
    package func clear() throws(Fault) {
        guard ftruncate(descriptor, 0) == 0 else { throw .cannotWrite(path, "cannot be written", errno) }
        byteCount = 0
    }

    /// Has the device keep what was written.
    package func synchronize() throws(Fault) {
        guard fsync(descriptor) == 0 else { throw .cannotWrite(path, "cannot be written", errno) }
    }
}

extension Fault {
    /// What the system said when something in an output folder could not be made or written.
    package static func cannotWrite(_ path: String, _ problem: String, _ code: CInt, kind: Kind = .inputOutput) -> Fault
    {
        let isFull = code == ENOSPC || code == EDQUOT
        return Fault(
            isFull ? .inputOutput : kind, at: .file(path), "\(problem) (\(String(cString: strerror(code))))",
            remedy: isFull
                ? "free some space, or choose another output folder" : "choose an output folder that you can write to"
        )
    }
}
