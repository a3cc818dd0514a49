import Diagnostics
import Foundation

/// An open regular file; the only code that handles file descriptors.
///
/// Transfers are complete: interrupted calls are repeated and short ones continued. The file is closed with its last
/// reference. Files are read, not mapped: when another process truncates a file, it ends early instead of killing this
/// process with SIGBUS.
package final class OpenFile {
    /// How a file is opened.
    package enum Mode: Sendable {
        /// For reading only.
        case reading
        /// For reading and writing an existing file. A symbolic link is not followed.
        case updating
        /// For reading and writing; created if needed. A symbolic link is not followed. ``position`` is the end.
        case appending
        /// For reading and writing; created if needed, otherwise emptied. A symbolic link is not followed.
        case replacing
        /// For reading and writing a new file: fails if the name exists, even as a symbolic link.
        case creating

        fileprivate var flags: Int32 {
            switch self {
            case .reading: O_RDONLY
            case .updating: O_RDWR | O_NOFOLLOW
            case .appending: O_RDWR | O_CREAT | O_NOFOLLOW
            case .replacing: O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW
            case .creating: O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW
            }
        }
    }

    /// The file's name in faults.
    package let path: String
    /// The position at which ``fill(_:)`` and ``append(_:)`` continue, in bytes from the file's beginning.
    package private(set) var position: Int64 = 0
    private let operations: FileOperations
    private let use: FileUse
    /// −1 after the file is closed.
    private var descriptor: Int32

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - name: the file's name in faults, if it will be renamed soon.
    ///   - problem: the clause of faults when it cannot be opened; nil for the usual one.
    /// - Throws: ``Fault`` as ``SystemFailure/fault(_:at:_:)``; for a folder and for a special file (pipe, device) of
    ///   kind ``Fault/Kind/missingInput`` or ``Fault/Kind/cannotCreate``.
    package init(
        _ path: String, _ mode: Mode = .reading, _ operations: FileOperations = .system, named name: String? = nil,
        problem: String? = nil
    ) throws(Fault) {
        self.path = name ?? path
        self.operations = operations
        use = mode == .reading ? .reading : .writing
        // O_NONBLOCK: opening a pipe must not wait for its other end. Regular files ignore it.
        descriptor = try systemCall(use, name ?? path, problem) { () throws(SystemFailure) in
            try operations.open(path, mode.flags | O_NONBLOCK | O_NOCTTY)
        }
        let status = try status
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw Fault(
                use == .reading ? .missingInput : .cannotCreate, at: .file(self.path),
                isFolder ? "is a folder" : "is not a regular file",
                remedy: isFolder ? "name a file" : "name a regular file; pipes and devices are not read or written")
        }
        if mode == .appending { position = Int64(status.st_size) }
    }

    deinit { if descriptor >= 0 { Foundation.close(descriptor) } }

    /// Closes the file; a network file system may report a failed write only now.
    package func close() throws(Fault) {
        let open = descriptor
        descriptor = -1
        guard open >= 0, Foundation.close(open) != 0, errno != EINTR else { return }
        throw SystemFailure.last.fault(use, at: path)
    }

    private var status: stat {
        get throws(Fault) {
            try systemCall(use, path) { () throws(SystemFailure) in
                var status = stat()
                guard fstat(descriptor, &status) == 0 else { throw .last }
                return status
            }
        }
    }

    /// Length in bytes.
    package var length: Int64 {
        get throws(Fault) { Int64(try status.st_size) }
    }

    /// Whether a path still leads to this file: false after it was removed, renamed or replaced.
    package func stands(at path: String) -> Bool {
        var atPath = stat()
        guard let opened = try? status, stat(path, &atPath) == 0 else { return false }
        return opened.st_ino == atPath.st_ino && opened.st_dev == atPath.st_dev
    }

    /// Locks the file for this process with `flock`, without waiting. The system releases the lock when the file is
    /// closed and when the process ends.
    ///
    /// - Returns: false while another process holds the lock. True also on a file system without locks.
    package func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }
}

extension OpenFile {
    /// Fills a buffer from an offset on, as far as the file reaches; returns the number of bytes.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(Fault) -> Int {
        var done = 0
        while done < buffer.count, let base = buffer.baseAddress {
            let count = try systemCall(.reading, path) { () throws(SystemFailure) in
                let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + Int64(done)))
                guard count >= 0 else { throw .last }
                return count
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// The bytes from an offset on; fewer than requested at the file's end.
    package func read(_ count: Int, at offset: Int64) throws(Fault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let outcome = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(Fault) in try read(into: buffer, at: offset) }
        }
        bytes.removeLast(count - (try outcome.get()))
        return bytes
    }

    /// Fills a buffer from ``position`` on, as far as the file reaches; returns the number of bytes, 0 at the end.
    package func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int {
        let count = try read(into: buffer, at: position)
        position += Int64(count)
        return count
    }

    /// Calls `body` with the rest of the file from ``position`` on, piece by piece.
    package func forEachPiece(_ body: (UnsafeRawBufferPointer) -> Void) throws(Fault) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        while case let count = try fill(buffer), count > 0 { body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
    }

    /// All bytes of a small file named by the user; a pipe or a device is refused at once, without waiting for it.
    ///
    /// - Parameters:
    ///   - most: the number of bytes that are accepted.
    ///   - kind: what the file should be, for messages: "a configuration".
    /// - Throws: ``Fault``: as ``init(_:_:_:named:problem:)``; of kind ``Fault/Kind/badData`` for a file that is larger.
    package static func contents(of path: String, atMost most: Int, _ kind: String) throws(Fault) -> [UInt8] {
        let file = try OpenFile(path)
        var bytes: [UInt8] = []
        while bytes.count <= most {
            let piece = try file.read(min(1 << 20, most + 1 - bytes.count), at: Int64(bytes.count))
            if piece.isEmpty { return bytes }
            bytes += piece
        }
        throw tooLarge(path, most, kind)
    }

    /// All bytes of standard input; see ``contents(of:atMost:_:)``.
    package static func standardInput(atMost most: Int, _ kind: String) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= most {
            let count = try systemCall(.reading, "standard input") { () throws(SystemFailure) in
                let count = Foundation.read(STDIN_FILENO, &piece, piece.count)
                guard count >= 0 else { throw .last }
                return count
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
        throw tooLarge("standard input", most, kind)
    }

    private static func tooLarge(_ path: String, _ most: Int, _ kind: String) -> Fault {
        Fault(
            .badData, at: .file(path), "has more than \(most) bytes, and so is not \(kind)", remedy: "name another file"
        )
    }

    /// Writes all bytes at an offset.
    package func write(_ bytes: ArraySlice<UInt8>, at offset: Int64) throws(Fault) {
        var done = 0
        while done < bytes.count {
            let count = try systemCall(.writing, path) { () throws(SystemFailure) in
                let outcome = bytes.withUnsafeBytes { whole in
                    Result { () throws(SystemFailure) in
                        try operations.write(
                            descriptor, UnsafeRawBufferPointer(rebasing: whole[done...]), offset + Int64(done))
                    }
                }
                return try outcome.get()
            }
            // A system that writes nothing and gives no reason would be asked forever.
            guard count > 0 else { throw SystemFailure(code: ENOSPC).fault(.writing, at: path) }
            done += count
        }
    }

    package func write(_ bytes: [UInt8], at offset: Int64) throws(Fault) { try write(bytes[...], at: offset) }

    /// Writes all bytes at ``position``.
    package func append(_ bytes: ArraySlice<UInt8>) throws(Fault) {
        try write(bytes, at: position)
        position += Int64(bytes.count)
    }

    package func append(_ bytes: [UInt8]) throws(Fault) { try append(bytes[...]) }

    /// Waits until the written bytes are on the device.
    package func synchronize() throws(Fault) {
        try systemCall(.writing, path) { () throws(SystemFailure) in try operations.synchronize(descriptor) }
    }

    /// Truncates the file; ``position`` is then at most at its end.
    package func truncate(to length: Int64) throws(Fault) {
        try systemCall(.writing, path) { () throws(SystemFailure) in try operations.truncate(descriptor, length) }
        position = min(position, length)
    }
}
