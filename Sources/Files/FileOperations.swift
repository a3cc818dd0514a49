import Diagnostics
import Foundation

/// What the system said when a call failed.
package struct SystemFailure: Error, Equatable {
    /// `errno`, such as `ENOSPC`.
    package let code: Int32

    package static var last: SystemFailure { SystemFailure(code: errno) }

    /// "No space left on device".
    package var reason: String { String(cString: strerror(code)) }

    /// The sentence for it: of kind ``Fault/Kind/cannotCreate`` where the folder is at fault, else
    /// ``Fault/Kind/inputOutput``.
    package func fault(at path: String, _ problem: String = "cannot be written") -> Fault {
        switch code {
        case EACCES, EPERM, EROFS, EISDIR, ENOENT, ENOTDIR:
            Fault(.cannotCreate, at: .file(path), "\(problem) (\(reason))", remedy: "check its folder and permissions")
        case ENOSPC, EDQUOT, EFBIG:
            Fault(.inputOutput, at: .file(path), "\(problem) (\(reason))", remedy: "free space")
        default:
            Fault(.inputOutput, at: .file(path), "\(problem) (\(reason))", remedy: "check the disk")
        }
    }
}

/// The system calls by which trials are made safe: a table of their own, so that each can be made to fail in turn.
///
/// Each entry is one call: `EINTR` and short writes are the caller's business (``RawFile``).
package struct FileOperations: Sendable {
    /// Opens a file, with the flags of `open(2)`.
    package var open: @Sendable (_ path: String, _ flags: Int32) throws(SystemFailure) -> Int32
    /// Writes bytes at an offset; returns how many it wrote.
    package var write:
        @Sendable (_ file: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: Int64) throws(SystemFailure) -> Int
    /// Has the device keep what was written.
    package var synchronize: @Sendable (_ file: Int32) throws(SystemFailure) -> Void
    package var truncate: @Sendable (_ file: Int32, _ length: Int64) throws(SystemFailure) -> Void
    package var rename: @Sendable (_ path: String, _ newPath: String) throws(SystemFailure) -> Void
    package var remove: @Sendable (_ path: String) throws(SystemFailure) -> Void

    package static let system = FileOperations(
        open: { path, flags throws(SystemFailure) in
            let file = Foundation.open(path, flags | O_CLOEXEC, 0o666)
            guard file >= 0 else { throw .last }
            return file
        },
        write: { file, bytes, offset throws(SystemFailure) in
            let count = pwrite(file, bytes.baseAddress, bytes.count, off_t(offset))
            guard count >= 0 else { throw .last }
            return count
        },
        synchronize: { file throws(SystemFailure) in guard fsync(file) == 0 else { throw .last } },
        truncate: { file, length throws(SystemFailure) in
            guard ftruncate(file, off_t(length)) == 0 else { throw .last }
        },
        rename: { path, newPath throws(SystemFailure) in
            guard Foundation.rename(path, newPath) == 0 else { throw .last }
        },
        remove: { path throws(SystemFailure) in guard unlink(path) == 0 else { throw .last } })
}

/// Makes a system call, again for as long as a signal interrupts it.
///
/// - Throws: ``Fault`` that names the file, with the system's reason; see ``SystemFailure/fault(at:_:)``.
package func systemCall<Outcome>(
    _ path: String, _ problem: String = "cannot be written", _ call: () throws(SystemFailure) -> Outcome
) throws(Fault) -> Outcome {
    while true {
        do throws(SystemFailure) {
            return try call()
        } catch {
            if error.code != EINTR { throw error.fault(at: path, problem) }
        }
    }
}
