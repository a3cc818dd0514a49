import Diagnostics
import Foundation

/// Files that stand under their name as a whole or not at all, whatever happens while they are written.
package enum Publication {
    /// What a file does about one that has its name already.
    package enum Collision: Sendable {
        case replaces
        /// It is refused, even if that other file appeared a moment ago.
        case isRefused
    }

    /// The name under which a file is written until it is complete.
    ///
    /// - Parameter isLocked: whether a lock makes this process the only writer. What a writer left behind that was
    ///   killed then has the same name; without a lock each process needs its own.
    package static func temporaryPath(of path: String, isLocked: Bool = false) -> String {
        isLocked ? path + ".new" : "\(path).new-\(getpid())"
    }

    /// Writes a file under a temporary name in the same folder, brings it to the device, and gives it its name in one
    /// step. If anything fails, what had the name stays, and nothing else is left.
    ///
    /// - Parameters:
    ///   - isLocked: see ``temporaryPath(of:isLocked:)``.
    ///   - body: writes the file under the path that it is given, replacing what stands there.
    /// - Throws: ``Fault`` that names `path`: what `body` throws, ``Fault/Kind/cannotCreate`` or
    ///   ``Fault/Kind/inputOutput``.
    package static func write<Outcome>(
        _ path: String, _ collision: Collision = .replaces, isLocked: Bool = false,
        _ operations: FileOperations = .system, _ body: (_ temporary: String) throws(Fault) -> Outcome
    ) throws(Fault) -> Outcome {
        let temporary = temporaryPath(of: path, isLocked: isLocked)
        do {
            let outcome = try body(temporary)
            // Whoever wrote the file may have written more after its own last synchronization, while closing.
            try OpenFile(temporary, .updating, operations).synchronize()
            switch collision {
            case .replaces: try move(temporary, to: path, operations)
            case .isRefused: try moveExclusively(temporary, to: path)
            }
            try OutputFolder.synchronize(parentFolder(of: path), for: path, operations)
            return outcome
        } catch {
            try? operations.remove(temporary)
            guard error.place == .file(temporary) else { throw error }
            throw Fault(error.kind, at: .file(path), error.problem, remedy: error.remedy)
        }
    }

    /// Writes a file of some bytes; see ``write(_:_:isLocked:_:_:)``.
    package static func write(
        _ bytes: some Sequence<UInt8>, to path: String, _ collision: Collision = .replaces, isExecutable: Bool = false
    ) throws(Fault) {
        try write(path, collision) { temporary throws(Fault) in
            try OpenFile(temporary, .replacing).append(Array(bytes))
            guard isExecutable else { return }
            try systemCall(.writing, path) { () throws(SystemFailure) in
                guard chmod(temporary, 0o755) == 0 else { throw .last }
            }
        }
    }

    /// Renames a file or folder, in place of what has the new name.
    package static func move(
        _ path: String, to newPath: String, _ operations: FileOperations = .system
    ) throws(Fault) {
        try systemCall(.writing, newPath) { () throws(SystemFailure) in try operations.rename(path, newPath) }
    }

    /// Renames a file unless something has the new name.
    private static func moveExclusively(_ path: String, to newPath: String) throws(Fault) {
        do throws(SystemFailure) {
            if link(path, newPath) == 0 {
                guard unlink(path) == 0 else { throw .last }
                return
            }
            // On a file system without links an empty file keeps the name until it is replaced.
            guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno) else { throw .last }
            let placeholder = try FileOperations.system.open(newPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
            close(placeholder)
            try FileOperations.system.rename(path, newPath)
        } catch {
            throw error.code == EEXIST ? existsAlready(newPath) : error.fault(.writing, at: newPath)
        }
    }

    /// The refusal to replace a file.
    package static func existsAlready(_ path: String) -> Fault {
        Fault(.cannotCreate, at: .file(path), "exists already", remedy: "name another output or remove it first")
    }
}
