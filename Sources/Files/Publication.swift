import Diagnostics
import Foundation

/// Files that stand under their name as a whole or not at all, whatever happens while they are written.
package enum Publication {
    /// Writes a file under a passing name in the same folder, brings it to the device, and gives it its name; what
    /// had that name is replaced in the same instant. If anything fails, what had the name stays, and nothing else is
    /// left.
    ///
    /// - Parameters:
    ///   - path: the file's name.
    ///   - passing: the name under which `body` writes it; what stands under it is replaced.
    /// - Throws: ``Fault`` that names `path`: what `body` throws, ``Fault/Kind/cannotCreate`` or
    ///   ``Fault/Kind/inputOutput``.
    package static func write<Outcome>(
        _ path: String, passing: String, _ operations: FileOperations = .system,
        _ body: (_ passing: String) throws(Fault) -> Outcome
    ) throws(Fault) -> Outcome {
        do {
            let outcome = try body(passing)
            try publish(passing, as: path, operations)
            return outcome
        } catch {
            try? operations.remove(passing)
            guard error.place == .file(passing) else { throw error }
            throw Fault(error.kind, at: .file(path), error.problem, remedy: error.remedy)
        }
    }

    /// The folder that a file stands in.
    package static func folder(of path: String) -> String { URL(filePath: path).deletingLastPathComponent().path }

    /// Whether there is anything under a name.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    private static func publish(_ passing: String, as path: String, _ operations: FileOperations) throws(Fault) {
        // Whoever wrote the file may have written more after its own last synchronization, while closing.
        try RawFile(passing, O_RDONLY, operations).synchronize()
        try systemCall(path) { () throws(SystemFailure) in try operations.rename(passing, path) }
        try systemCall(path) { () throws(SystemFailure) in try synchronizeFolder(of: path, operations) }
    }

    /// Has the device keep the names in a file's folder.
    private static func synchronizeFolder(of path: String, _ operations: FileOperations) throws(SystemFailure) {
        do throws(SystemFailure) {
            let descriptor = try operations.open(folder(of: path), O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            try operations.synchronize(descriptor)
        } catch {
            // A folder may be writable but not readable, and some network file systems keep names at once and have
            // nothing to synchronize.
            guard [EACCES, EINVAL, ENOTSUP, EBADF].contains(error.code) else { throw error }
        }
    }
}
