import Diagnostics
import Foundation

/// The purpose of a file; it decides the kind of the fault when a system call fails.
package enum FileUse: Sendable {
    case reading, writing
}

/// The error code of a system call that failed.
package struct SystemFailure: Error, Equatable {
    /// `errno`, such as `ENOSPC`.
    package let code: Int32

    package init(code: Int32) { self.code = code }

    package static var last: SystemFailure { SystemFailure(code: errno) }

    /// The system's message: "No space left on device".
    package var reason: String { String(cString: strerror(code)) }

    /// The fault for this failure; the only code that turns `errno` into a ``Fault``.
    ///
    /// - Parameters:
    ///   - use: a file that cannot be reached is ``Fault/Kind/missingInput`` for reading and
    ///     ``Fault/Kind/cannotCreate`` for writing. A full or failing disk is ``Fault/Kind/inputOutput``, and a lack of
    ///     descriptors or memory ``Fault/Kind/temporary``, regardless of the use.
    ///   - problem: a clause followed by the system's message in parentheses; nil for "cannot be read" or "cannot be
    ///     written".
    package func fault(_ use: FileUse, at path: String, _ problem: String? = nil) -> Fault {
        let clause = "\(problem ?? (use == .reading ? "cannot be read" : "cannot be written")) (\(reason))"
        switch code {
        case ELOOP where use == .writing:
            return Fault(
                .cannotCreate, at: .file(path), "is a symbolic link, and links are not followed here",
                remedy: "remove the link")
        case ENOENT where problem == nil, ENOTDIR where problem == nil:
            return use == .reading
                ? Fault(.missingInput, at: .file(path), "does not exist", remedy: "check the path")
                : Fault(.cannotCreate, at: .file(path), "its folder does not exist", remedy: "create the folder first")
        case EACCES, EPERM, EROFS, EISDIR, ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EEXIST, ENXIO, ENODEV, ETXTBSY:
            return use == .reading
                ? Fault(.missingInput, at: .file(path), clause, remedy: "check the path and its permissions")
                : Fault(.cannotCreate, at: .file(path), clause, remedy: "check its folder and permissions")
        case ENOSPC, EDQUOT, EFBIG:
            return Fault(.inputOutput, at: .file(path), clause, remedy: "free space")
        case EMFILE, ENFILE, ENOMEM, ESTALE, EAGAIN:
            return Fault(.temporary, at: .file(path), clause, remedy: "run the same command again later")
        default:
            return Fault(.inputOutput, at: .file(path), clause, remedy: "check the disk")
        }
    }
}

/// The system calls that commit trials, as a table, so that tests can make each of them fail.
///
/// Each entry is one call: ``OpenFile`` and ``systemCall(_:_:_:_:)`` handle `EINTR` and short writes.
package struct FileOperations: Sendable {
    /// Opens a file, with the flags of `open(2)`.
    package var open: @Sendable (_ path: String, _ flags: Int32) throws(SystemFailure) -> Int32
    /// Writes bytes at an offset; returns how many it wrote.
    package var write:
        @Sendable (_ file: Int32, _ bytes: UnsafeRawBufferPointer, _ offset: Int64) throws(SystemFailure) -> Int
    /// Waits until the written bytes are on the device.
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

/// Makes a system call, and repeats it as long as signals interrupt it.
///
/// - Throws: ``SystemFailure/fault(_:at:_:)``, which names the file.
package func systemCall<Outcome>(
    _ use: FileUse, _ path: String, _ problem: String? = nil, _ call: () throws(SystemFailure) -> Outcome
) throws(Fault) -> Outcome {
    while true {
        do throws(SystemFailure) {
            return try call()
        } catch {
            if error.code != EINTR { throw error.fault(use, at: path, problem) }
        }
    }
}
