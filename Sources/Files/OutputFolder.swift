import Diagnostics
import Foundation

/// Folders for output.
package enum OutputFolder {
    /// Creates a folder and its parents, unless they exist.
    ///
    /// - Throws: a `Fault` as ``make(_:)``.
    package static func makeAll(_ path: String) throws(Fault) {
        if isFolder(path) { return }
        let parent = parentFolder(of: path)
        if parent != path { try makeAll(parent) }
        try make(path)
    }

    /// Creates a folder unless it exists.
    ///
    /// - Throws: a `Fault` of kind cannotCreate when the system refuses, inputOutput for a full or failing disk.
    package static func make(_ path: String) throws(Fault) {
        try systemCall(.writing, path, "the folder cannot be created") { () throws(SystemFailure) in
            guard mkdir(path, 0o777) != 0 else { return }
            let failure = SystemFailure.last
            guard failure.code == EEXIST, isFolder(path) else { throw failure }
        }
    }

    /// Waits until the names in a folder are on the device.
    ///
    /// - Parameter file: the file in it, for faults.
    package static func synchronize(
        _ folder: String, for file: String, _ operations: FileOperations = .system
    ) throws(Fault) {
        try systemCall(.writing, file) { () throws(SystemFailure) in
            do throws(SystemFailure) {
                let descriptor = try operations.open(folder, O_RDONLY | O_DIRECTORY)
                defer { close(descriptor) }
                try operations.synchronize(descriptor)
            } catch {
                // A folder may be writable but not readable, and some network file systems store names at once and have
                // nothing to synchronize.
                guard [EACCES, EINVAL, ENOTSUP, EBADF].contains(error.code) else { throw error }
            }
        }
    }
}
