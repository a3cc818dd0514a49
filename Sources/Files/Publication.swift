import Diagnostics
import Foundation

/// Files that stand under their name as a whole or not at all, whatever happens while they are written; the only place
/// that replaces a file.
///
/// The rule for all outputs: an input, a chunk in use, a folder, a pipe or a device is never replaced; any other file
/// only if it holds what this program writes as such an output, or if the user says so (`--replace`). An output that is
/// a symbolic link stands for the file that it leads to.
package enum Publication {
    /// What a file does about one that has its name already.
    package enum Collision: Sendable {
        /// It is refused, even if that other file appeared a moment ago.
        case isRefused
        /// It replaces a file that holds what we write as such an output, or nothing; any other is refused.
        case replacesOwn(OwnOutput)
        /// It replaces any regular file: the user's word, or that of the one who holds the file's lock.
        case replaces

        /// - Parameter replace: whether the user gave `--replace`.
        package init(replace: Bool, own: OwnOutput? = nil) {
            self = replace ? .replaces : own.map { .replacesOwn($0) } ?? .isRefused
        }
    }

    /// The name of the file that keeps committed trials of a chunk.
    package static func journalPath(of chunk: String) -> String { chunk + ".journal" }

    /// The name under which a file is written until it is complete.
    ///
    /// - Parameter isLocked: whether a lock makes this process the only writer. What a writer left behind that was
    ///   killed then has the same name; without a lock each process needs its own.
    package static func temporaryPath(of path: String, isLocked: Bool = false) -> String {
        isLocked ? path + ".new" : "\(path)\(temporarySuffix)\(getpid())"
    }

    private static var temporarySuffix: String { ".new-\(WriterLock.placeName)-" }

    /// Refuses an output before any work is done for it; ``write(_:_:inputs:isLocked:_:_:)`` checks the same again.
    ///
    /// - Parameter inputs: files that must not be replaced.
    /// - Returns: the file that `path` stands for; see ``followingLinks(_:)``.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for an empty name and for an input; ``Fault/Kind/cannotCreate`` for a
    ///   file that must not be replaced, a folder that does not exist and a name without room for those of the files
    ///   beside it; ``Fault/Kind/temporary`` for a chunk in use.
    @discardableResult
    package static func check(
        _ path: String, _ collision: Collision = .isRefused, inputs: [String] = []
    ) throws(Fault) -> String {
        guard !path.isEmpty else {
            throw Fault(.usage, "the name of the output is empty", remedy: "name a file")
        }
        let target = try followingLinks(path)
        let folder = parentFolder(of: target)
        guard isFolder(folder) else { throw SystemFailure(code: ENOENT).fault(.writing, at: path) }
        try checkLength(of: target, named: path)
        try refuseForeign(target, named: path, collision, inputs)
        try refuseChunkInUse(target, named: path)
        return target
    }

    /// Writes a file under a temporary name in the same folder, brings it to the device, and gives it its name in one
    /// step. If anything fails, what had the name stays, and nothing else is left.
    ///
    /// - Parameters:
    ///   - inputs: files that must not be replaced.
    ///   - isLocked: whether this process holds the ``WriterLock`` of the file; see ``temporaryPath(of:isLocked:)``.
    ///   - body: writes the file under the path that it is given, replacing what stands there.
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
            // Its lock tells others that the file is not left over. A link that appears meanwhile is not followed.
            let file = try OpenFile(temporary, .creating, operations)
            _ = file.lock()
            defer { withExtendedLifetime(file) {} }
            let outcome = try body(temporary)
            // Whoever wrote the file may have written more after its own last synchronization, while closing.
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

    /// Writes a file of some bytes; see ``write(_:_:inputs:isLocked:_:_:)``.
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

    /// Renames a file or folder, in place of what has the new name.
    package static func move(
        _ path: String, to newPath: String, _ operations: FileOperations = .system
    ) throws(Fault) {
        try systemCall(.writing, newPath) { () throws(SystemFailure) in try operations.rename(path, newPath) }
    }

    /// Removes what a writer left behind that was killed: a regular file, and nothing else.
    ///
    /// - Parameter file: the file that it was to become, for faults.
    package static func removeLeftover(_ path: String, of file: String, _ operations: FileOperations = .system)
        throws(Fault)
    {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Fault(
                .cannotCreate, at: .file(file), "needs the name \(path), which is a link, folder or special file",
                remedy: "remove that, or name another output")
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
        // Nobody may begin to write a chunk there, nor replace the file, between the last look at it and its end.
        let lock = try WriterLock(for: target)
        defer { lock.release() }
        try refuseForeign(target, named: path, collision, inputs)
        try refuseJournal(target, named: path)
        try move(temporary, to: target, operations)
    }

    /// Renames a file unless something has the new name; returns whether it did.
    private static func moveExclusively(_ path: String, to newPath: String) throws(Fault) -> Bool {
        do throws(SystemFailure) {
            if link(path, newPath) == 0 {
                guard unlink(path) == 0 else { throw .last }
                return true
            }
            // On a file system without links an empty file keeps the name until it is replaced.
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

    /// Refuses to replace what must stay.
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
                remedy: "name another output")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            throw Fault(
                .cannotCreate, at: .file(path), isFolder ? "is a folder" : "is not a regular file",
                remedy: isFolder ? "name a file in it" : "name another output")
        }
        switch collision {
        case .replaces: return
        case .isRefused: throw existsAlready(path, collision)
        case .replacesOwn(let own):
            if status.st_size == 0 { return }
            guard own.recognizes(try OpenFile(target)) else { throw existsAlready(path, collision) }
        }
    }

    /// Refuses the name of a chunk that a process writes, or whose writer was killed.
    private static func refuseChunkInUse(_ target: String, named path: String) throws(Fault) {
        try refuseJournal(target, named: path)
        try WriterLock.refuseIfHeld(target)
    }

    private static func refuseJournal(_ target: String, named path: String) throws(Fault) {
        guard exists(journalPath(of: target)) else { return }
        throw Fault(
            .temporary, at: .file(path),
            "is a chunk that is being written: some of its trials are in \(journalPath(of: target))",
            remedy: "name another output, or let its run finish first")
    }

    /// Refuses a name that leaves no room for those of the files that may stand beside it.
    package static func checkLength(of target: String, named path: String) throws(Fault) {
        let longest = pathconf(parentFolder(of: target), Int32(_PC_NAME_MAX))
        let name = target.utf8.reversed().prefix { $0 != UInt8(ascii: "/") }.count
        let suffixes = [journalPath(of: "") + ".new", temporaryPath(of: ""), WriterLock.longestSuffix]
        let room = suffixes.map(\.utf8.count).max() ?? 0
        guard longest > 0, name + room > longest else { return }
        throw Fault(
            .cannotCreate, at: .file(path),
            "its name has \(name) bytes, and those of the files beside it (such as .journal) need \(room) more; "
                + "the file system allows \(longest)",
            remedy: "choose a shorter name")
    }

    /// Removes files that processes of this machine, which have ended, did not come to give their final name.
    ///
    /// - Parameter beginning: of their paths; the number of the process follows.
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
                .cannotCreate, at: .file(path), "exists already and is not \(own.name) of this program",
                remedy: "name another output, or give --replace")
        }
        return Fault(
            .cannotCreate, at: .file(path), "exists already", remedy: "name another output, or give --replace")
    }
}

/// How a file shows that it was written as an output of a certain kind: by what it holds.
package struct OwnOutput: Sendable {
    /// What it is, with its article: "a list of jobs".
    let name: String
    let recognizes: @Sendable (OpenFile) -> Bool

    /// - Parameter recognizes: whether a file's contents are such an output's.
    package init(_ name: String, _ recognizes: @escaping @Sendable (OpenFile) -> Bool) {
        self.name = name
        self.recognizes = recognizes
    }

    /// A file that begins with certain bytes, all of which must be there.
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
