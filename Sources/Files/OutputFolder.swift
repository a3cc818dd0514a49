import Diagnostics
import Foundation

/// Folders for output.
package enum OutputFolder {
    /// Creates a folder and its parents, unless they exist.
    ///
    /// - Throws: a `Fault` as ``make(_:)``.
    package static func makeAll(_ path: String) throws(Fault) {
        try checkName(path)
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
            guard failure.code == EEXIST else { throw failure }
        }
        guard isFolder(path) else {
            throw Fault(
                .cannotCreate, at: .file(path), "already exists and is not a folder", remedy: "give another folder")
        }
    }

    /// Refuses an empty name, which would stand for the working folder or for nothing.
    package static func checkName(_ path: String) throws(Fault) {
        guard path.isEmpty else { return }
        throw Fault(.usage, "the name of the output is empty", remedy: "give a name")
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

    /// Checks that a file can be written, as far as its folder shows: a job should not read gigabytes before it finds that
    /// it cannot write.
    ///
    /// - Parameter example: the name of such a file, for messages.
    /// - Throws: a `Fault` of kind cannotCreate for a folder, or for a file whose folder does not exist or is not writable.
    package static func check(_ output: String, example: String = "chunk.h5") throws(Fault) {
        try checkName(output)
        guard !isFolder(output) else {
            throw Fault(
                .cannotCreate, at: .file(output), "is a folder",
                remedy: "give a file in it, such as \(output)/\(example)"
            )
        }
        if FileManager.default.fileExists(atPath: output) {
            guard isRegularFile(output) else {
                throw Fault(
                    .cannotCreate, at: .file(output), "is not a regular file",
                    remedy: "choose another name; pipes and devices are not written to")
            }
            return
        }
        let folder = parentFolder(of: output)
        guard isFolder(folder) else {
            throw Fault(
                .cannotCreate, at: .file(output), "its folder does not exist",
                remedy: "create the folder \(folder) first"
            )
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw Fault(
                .cannotCreate, at: .file(output),
                "its folder \(folder) cannot be written to (\(SystemFailure.last.reason))",
                remedy: "choose a folder that can be written to")
        }
    }
}
