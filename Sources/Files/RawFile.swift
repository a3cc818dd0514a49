import Diagnostics
import Foundation

/// An open file of bytes: the only place that handles a descriptor of the journal.
///
/// Whole transfers only: interrupted calls are made again, short writes and reads are gone on with; what
/// fails throws a ``Fault`` that names the file. The file closes when its last reference goes.
package final class RawFile {
    package let path: String
    private let operations: FileOperations
    private let descriptor: Int32

    /// Opens a file with the flags of `open(2)`.
    ///
    /// - Parameter name: what faults call the file, if it is soon to be renamed.
    package init(_ path: String, _ flags: Int32, _ operations: FileOperations, named name: String? = nil) throws(Fault)
    {
        self.path = name ?? path
        descriptor = try systemCall(name ?? path) { () throws(SystemFailure) in try operations.open(path, flags) }
        self.operations = operations
    }

    deinit { close(descriptor) }

    /// Length in bytes.
    package var length: Int64 {
        get throws(Fault) {
            try systemCall(path, "cannot be read") { () throws(SystemFailure) in
                var status = stat()
                guard fstat(descriptor, &status) == 0 else { throw .last }
                return Int64(status.st_size)
            }
        }
    }

    /// Writes all the bytes at an offset.
    package func write(_ bytes: [UInt8], at offset: Int64) throws(Fault) {
        var done = 0
        while done < bytes.count {
            let count = try systemCall(path) { () throws(SystemFailure) in
                let outcome = bytes.withUnsafeBytes { whole in
                    Result { () throws(SystemFailure) in
                        try operations.write(
                            descriptor, UnsafeRawBufferPointer(rebasing: whole[done...]), offset + Int64(done))
                    }
                }
                return try outcome.get()
            }
            // A system that writes nothing and gives no reason would be asked for ever.
            guard count > 0 else { throw SystemFailure(code: ENOSPC).fault(at: path) }
            done += count
        }
    }

    /// The bytes from an offset on, fewer than asked for at the file's end.
    package func read(_ count: Int, at offset: Int64) throws(Fault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let transferred = try systemCall(path, "cannot be read") { () throws(SystemFailure) in
                let transferred = bytes.withUnsafeMutableBytes { whole in
                    let rest = UnsafeMutableRawBufferPointer(rebasing: whole[done...])
                    return pread(descriptor, rest.baseAddress, rest.count, off_t(offset + Int64(done)))
                }
                guard transferred >= 0 else { throw .last }
                return transferred
            }
            if transferred == 0 { break }
            done += transferred
        }
        return Array(bytes.prefix(done))
    }

    /// Has the device keep what was written.
    package func synchronize() throws(Fault) {
        try systemCall(path) { () throws(SystemFailure) in try operations.synchronize(descriptor) }
    }

    package func truncate(to length: Int64) throws(Fault) {
        try systemCall(path) { () throws(SystemFailure) in try operations.truncate(descriptor, length) }
    }
}
