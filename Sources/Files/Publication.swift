import Diagnostics
import Foundation

/// Files that have their name only when complete, whatever interrupts their writing; the only code that replaces a
/// file.
///
/// The rule for all outputs: an input, a chunk in use, a folder, a pipe or a device is never replaced; any other file
/// is replaced only if it contains such an output of this program, or with `--replace`. An output that is a symbolic
/// link means the file to which it leads.
package enum Publication {
    /// How an existing file with the same name is treated.
    package enum Collision: Sendable {
        /// It is refused, even if it appeared a moment ago.
        case isRefused
        /// It is replaced if it is empty or contains such an output of this program; any other is refused.
        case replacesOwn(OwnOutput)
        /// It is replaced if it is a regular file, by request of the user or of the holder of the file's lock.
        case replaces

        /// - Parameter replace: whether the user gave `--replace`.
        package init(replace: Bool, own: OwnOutput? = nil) {
            self = replace ? .replaces : own.map { .replacesOwn($0) } ?? .isRefused
        }
    }

    /// The name of the file that stores committed trials of a chunk.
    package static func journalPath(of chunk: String) -> String { chunk + ".journal" }

    /// The name of a file while it is incomplete.
    ///
    /// - Parameter isLocked: whether a lock makes this process the only writer. The name is then the same for every
    ///   writer, so that the file of a killed writer is found; without a lock each process uses its own name.
    package static func temporaryPath(of path: String, isLocked: Bool = false) -> String {
        isLocked ? path + ".new" : "\(path)\(temporarySuffix)\(getpid())"
    }

    private static var temporarySuffix: String { ".new-\(WriterLock.placeName)-" }

    /// Refuses an output before work is done for it; ``write(_:_:inputs:isLocked:_:_:)`` checks again.
    ///
    /// - Parameter inputs: files that must not be replaced.
    /// - Returns: the file that `path` leads to; see ``followingLinks(_:)``.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for an empty name and for an input; ``Fault/Kind/cannotCreate`` for a
    ///   file that must not be replaced, a folder that does not exist and a name that is too long for those of the
    ///   files beside it; ``Fault/Kind/temporary`` for a chunk in use.
    @discardableResult
    package static func check(
        _ path: String, _ collision: Collision = .isRefused, inputs: [String] = []
    ) throws(Fault) -> String {
        try OutputFolder.checkName(path)
        let target = try followingLinks(path)
        let folder = parentFolder(of: target)
        guard isFolder(folder) else { throw SystemFailure(code: ENOENT).fault(.writing, at: path) }
        try checkLength(of: target, named: path)
        try refuseForeign(target, named: path, collision, inputs)
        try refuseChunkInUse(target, named: path)
        return target
    }

    /// Writes a file under a temporary name in the same folder, waits until it is on the device, and renames it. If
    /// anything fails, an existing file stays, and no temporary file is left.
    ///
    /// - Parameters:
    ///   - inputs: files that must not be replaced.
    ///   - isLocked: whether this process holds the ``WriterLock`` of the file; see ``temporaryPath(of:isLocked:)``.
    ///   - body: writes the file at the path that it receives, replacing any file there.
    /// - Throws: ``Fault`` that names `path`: what `body` throws, as ``check(_:_:inputs:)``, and
    ///   ``Fault/Kind/inputOutput``.
    package static func write<Outcome>(
        _ path: String, _ collision: Collision, inputs: [String] = [], isLocked: Bool = false,
        _ operations: FileOperations = .system, _ body: (_ temporary: String) throws(Fault) -> Outcome
    ) throws(Fault) -> Outcome {
        let target = isLocked ? path : try check(path, collision, inputs: inputs)
        let temporary = temporaryPath(of: target, isLocked: isLocked)
        if !isLocked { removeLeftovers(target + temporarySuffix) }
        try removeLeftover(temporary, of: path, operations)
        do {
            // Its lock tells others that the file is in use. A link that appears meanwhile is not followed.
            let file = try OpenFile(temporary, .creating, operations)
            _ = file.lock()
            defer { withExtendedLifetime(file) {} }
            let outcome = try body(temporary)
            // The writer may have written more after its last synchronization, while closing.
            try OpenFile(temporary, .updating, operations).synchronize()
            try settle(temporary, target, named: path, collision, inputs, isLocked: isLocked, operations)
            try OutputFolder.synchronize(parentFolder(of: target), for: path, operations)
            return outcome
        } catch {
            try? operations.remove(temporary)
            guard error.place == .file(temporary) else { throw error }
            throw Fault(error.kind, at: .file(path), error.problem, remedy: error.remedy)
        }
    }

    /// Writes bytes to a file; see ``write(_:_:inputs:isLocked:_:_:)``.
    package static func write(
        _ bytes: some Sequence<UInt8>, to path: String, _ collision: Collision, inputs: [String] = [],
        isExecutable: Bool = false
    ) throws(Fault) {
        try write(path, collision, inputs: inputs) { temporary throws(Fault) in
            try OpenFile(temporary, .replacing).append(Array(bytes))
            guard isExecutable else { return }
            try systemCall(.writing, path) { () throws(SystemFailure) in
                guard chmod(temporary, 0o755) == 0 else { throw .last }
            }
        }
    }

    /// Renames a file or folder, replacing one with the new name.
    package static func move(
        _ path: String, to newPath: String, _ operations: FileOperations = .system
    ) throws(Fault) {
        try systemCall(.writing, newPath) { () throws(SystemFailure) in try operations.rename(path, newPath) }
    }

    /// Removes what a killed writer left behind: only a regular file.
    ///
    /// - Parameter file: the intended final file, for faults.
    package static func removeLeftover(_ path: String, of file: String, _ operations: FileOperations = .system)
        throws(Fault)
    {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(
                .cannotCreate, at: .file(file), "needs the name \(path), which is a link, folder or special file",
                remedy: "remove it, or choose another output")
        }
        try? operations.remove(path)
    }
}

extension Publication {
    /// Gives a complete file its name.
    private static func settle(
        _ temporary: String, _ target: String, named path: String, _ collision: Collision, _ inputs: [String],
        isLocked: Bool, _ operations: FileOperations
    ) throws(Fault) {
        if isLocked, case .replaces = collision { return try move(temporary, to: target, operations) }
        if !isLocked { try refuseChunkInUse(target, named: path) }
        if try moveExclusively(temporary, to: target) { return }
        if isLocked { throw existsAlready(path, collision) }
        // Nobody may start to write a chunk there or replace the file between the last check and the renaming.
        let lock = try WriterLock(for: target)
        defer { lock.release() }
        try refuseForeign(target, named: path, collision, inputs)
        try refuseJournal(target, named: path)
        try move(temporary, to: target, operations)
    }

    /// Renames a file unless the new name exists; returns whether it did.
    private static func moveExclusively(_ path: String, to newPath: String) throws(Fault) -> Bool {
        do throws(SystemFailure) {
            if link(path, newPath) == 0 {
                guard unlink(path) == 0 else { throw .last }
                return true
            }
            // On a file system without links an empty file reserves the name until it is replaced.
            guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(errno) else { throw .last }
            let placeholder = try FileOperations.system.open(newPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
            close(placeholder)
            try FileOperations.system.rename(path, newPath)
            return true
        } catch {
            if error.code == EEXIST { return false }
            throw error.fault(.writing, at: newPath)
        }
    }

    /// Refuses to replace a file that must be kept.
    private static func refuseForeign(
        _ target: String, named path: String, _ collision: Collision, _ inputs: [String]
    ) throws(Fault) {
        var status = stat()
        guard lstat(target, &status) == 0 else { return }
        for input in inputs {
            var other = stat()
            guard stat(input, &other) == 0, other.st_dev == status.st_dev, other.st_ino == status.st_ino else {
                continue
            }
            throw Fault(
                .usage, at: .file(path), "is also an input (\(input)), and inputs are never replaced",
                remedy: "choose another output")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw Fault(
                .cannotCreate, at: .file(path), isFolder ? "is a folder" : "is not a regular file",
                remedy: isFolder ? "give a file in it" : "choose another output")
        }
        switch collision {
        case .replaces: return
        case .isRefused: throw existsAlready(path, collision)
        case .replacesOwn(let own):
            if status.st_size == 0 { return }
            guard own.recognizes(try OpenFile(target)) else { throw existsAlready(path, collision) }
        }
    }

    /// Refuses the name of a chunk that is being written, or whose writer was killed.
    private static func refuseChunkInUse(_ target: String, named path: String) throws(Fault) {
        try refuseJournal(target, named: path)
        try WriterLock.refuseIfHeld(target)
    }

    private static func refuseJournal(_ target: String, named path: String) throws(Fault) {
        guard exists(journalPath(of: target)) else { return }
        throw Fault(
            .temporary, at: .file(path),
            "is a chunk that is being written: some of its trials are in \(journalPath(of: target))",
            remedy: "choose another output, or let its run finish first")
    }

    /// Refuses a name that is too long for the names of the files beside it.
    package static func checkLength(of target: String, named path: String) throws(Fault) {
        let longest = pathconf(parentFolder(of: target), Int32(_PC_NAME_MAX))
        let name = target.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.count
        let suffixes = [journalPath(of: "") + ".new", temporaryPath(of: ""), WriterLock.longestSuffix]
        let room = suffixes.map(\.utf8.count).max() ?? 0
        guard longest > 0, name + room > longest else { return }
        throw Fault(
            .cannotCreate, at: .file(path),
            "its name has \(name) bytes, and the names of the files beside it (such as .journal) need \(room) more; "
                + "the file system allows \(longest)",
            remedy: "choose a shorter name")
    }

    /// Removes temporary files of processes of this machine that have ended.
    ///
    /// - Parameter beginning: the beginning of their paths, followed by the number of the process.
    static func removeLeftovers(_ beginning: String) {
        let folder = parentFolder(of: beginning)
        let prefix = beginning.split(separator: "/").last.map(String.init) ?? beginning
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where entry.hasPrefix(prefix)
        {
            guard let process = Int32(entry.dropFirst(prefix.count)), process > 0, process != getpid(),
                kill(process, 0) != 0, errno == ESRCH,
                let file = try? OpenFile(folder + "/" + entry, .updating), file.lock()
            else { continue }
            unlink(folder + "/" + entry)
        }
    }

    /// The refusal to replace a file.
    private static func existsAlready(_ path: String, _ collision: Collision) -> Fault {
        if case .replacesOwn(let own) = collision {
            return Fault(
                .cannotCreate, at: .file(path), "already exists and is not \(own.name) of this program",
                remedy: "choose another output, or give --replace")
        }
        return Fault(
            .cannotCreate, at: .file(path), "already exists", remedy: "choose another output, or give --replace")
    }
}

/// How the contents of a file show that it is an output of a certain kind.
package struct OwnOutput: Sendable {
    /// The kind of output, with its article: "a list of jobs".
    let name: String
    let recognizes: @Sendable (OpenFile) -> Bool

    /// - Parameter recognizes: whether a file's contents are such an output.
    package init(_ name: String, _ recognizes: @escaping @Sendable (OpenFile) -> Bool) {
        self.name = name
        self.recognizes = recognizes
    }

    /// A file that begins with all of certain bytes.
    package static func beginning(_ name: String, _ bytes: [UInt8]) -> OwnOutput {
        OwnOutput(name) { file in (try? file.read(bytes.count, at: 0)) == bytes }
    }

    /// A text of short lines that each fulfil a condition.
    package static func lines(_ name: String, _ isOwn: @escaping @Sendable (Substring) -> Bool) -> OwnOutput {
        OwnOutput(name) { file in
            let size = 1 << 26
            guard let bytes = try? file.read(size, at: 0), bytes.count < size,
                let text = String(validating: bytes, as: UTF8.self), text.hasSuffix("\n")
            else { return false }
            return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).allSatisfy(isOwn)
        }
    }

    /// A text with a mark in its first or last 4 KiB.
    package static func marked(_ name: String, _ mark: String) -> OwnOutput {
        OwnOutput(name) { file in
            let (length, size) = ((try? file.length) ?? 0, 4096)
            return [0, max(0, length - Int64(size))].contains { offset in
                ((try? file.read(size, at: offset)) ?? []).contains(subsequence: Array(mark.utf8))
            }
        }
    }
}

extension [UInt8] {
    fileprivate func contains(subsequence: [UInt8]) -> Bool {
        guard count >= subsequence.count else { return false }
        return (0...count - subsequence.count).contains { self[$0...].starts(with: subsequence) }
    }
}
