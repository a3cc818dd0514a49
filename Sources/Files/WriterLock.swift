import Diagnostics
import Foundation

/// The right to write a file, held by one process at a time through a small file beside it.
///
/// The lock file names its owner: host, process, when that process started (so that a number given out again is not
/// mistaken for it), the boot of the system, the namespace of process numbers, and a number of its own. It is written
/// under another name and linked to its own, so that it appears whole, and for one process only: that needs no locks of
/// the file system. Where there are some (`flock`), the owner holds one as well, which the system releases when the
/// process ends.
///
/// The lock of a process of this host and namespace that has ended is taken over, so is one of an earlier boot of this
/// host, and one of an earlier start of the same Slurm job, which Slurm starts again only once the earlier one is over.
/// Any other counts as held, even an empty or damaged one, unless the user says that nobody writes there
/// (`--take-over`). To replace the lock of a dead owner a process first takes a lock whose name depends on that owner,
/// so that only one does.
///
/// A lock can be lost: removed by hand, with its folder, or taken over on a wrong word. ``check()`` finds that out.
///
/// Who was found dead stays in the file, a line each below the owner's, until the chunk is closed in order.
package final class WriterLock {
    package let path: String
    /// The owners before, the latest first, who left the lock behind: their processes were killed.
    package let predecessors: [Owner]
    private let file: String
    private let text: String
    /// Nil once the lock is released.
    private var lockFile: OpenFile?

    /// - Parameter takesOver: whether a lock of another host is taken over: the user's word that nobody writes there.
    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` if another process (or this one) writes the file,
    ///   ``Fault/Kind/cannotCreate`` if the lock file cannot be created.
    package convenience init(for file: String, takesOver: Bool = false) throws(Fault) {
        let folder = parentFolder(of: file)
        guard exists(folder) else {
            throw Fault(
                .cannotCreate, at: .file(file), "its folder \(folder) does not exist", remedy: "make the folder first")
        }
        try self.init(WriterLock.path(of: file), of: file, takesOver: takesOver, depth: 0)
        removeDeadClaims()
    }

    /// Acquires a lock file of any name.
    ///
    /// - Parameter depth: how many dead owners of dead owners' locks were met.
    private init(_ path: String, of file: String, takesOver: Bool, depth: Int) throws(Fault) {
        var acquired: (file: OpenFile, text: String, dead: [Owner])?
        attempts: for _ in 0..<16 {
            if let new = try WriterLock.create(path, of: file, after: nil) {
                acquired = (new.file, new.text, [])
                break
            }
            guard let other = try WriterLock.open(path, of: file) else { continue }
            guard other.lock() else { throw WriterLock.refusal(file, path, nil) }
            let found = try WriterLock.read(other)
            try WriterLock.refuse(found, file, path, takesOver: takesOver)
            guard depth < 4 else { break attempts }
            let claim = try WriterLock(
                path + "." + WriterLock.shortDigest(found), of: file, takesOver: takesOver, depth: depth + 1)
            defer { claim.release() }
            // Another process may have replaced it, and released the claim, since it was read.
            guard let now = try WriterLock.open(path, of: file), try WriterLock.read(now) == found else { continue }
            if let new = try WriterLock.create(path, of: file, after: found) {
                acquired = (new.file, new.text, WriterLock.owners(found))
                break
            }
        }
        guard let acquired else {
            throw Fault(
                .temporary, at: .file(file), "several processes want to write it at the same time",
                remedy: "let one of them do it")
        }
        self.path = path
        self.file = file
        (lockFile, text, predecessors) = acquired
    }

    /// Refuses to go on when the lock is no longer this process's.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/temporary``.
    package func check() throws(Fault) {
        // Opened again, since a network file system answers from its memory about a file that is open.
        if let now = try WriterLock.open(path, of: file), try WriterLock.read(now) == text { return }
        throw Fault(
            .temporary, at: .file(file),
            "its lock \(path) was removed or taken over by another process, so nothing more is written",
            remedy: "check that the folder exists and which process writes there, then run the same command again")
    }

    /// Refuses a file that another process writes, and leaves all as it is.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/temporary``.
    package static func refuseIfHeld(_ file: String) throws(Fault) {
        let path = path(of: file)
        guard let other = try open(path, of: file) else { return }
        guard other.lock() else { throw refusal(file, path, nil) }
        try refuse(try read(other), file, path, takesOver: false)
    }

    /// Lets the next writer in; harmless when done already.
    package func release() {
        guard let lockFile else { return }
        self.lockFile = nil
        // A lock file that someone removed by hand may be another writer's by now.
        if lockFile.stands(at: path), (try? WriterLock.read(lockFile)) == text { unlink(path) }
    }

    deinit { release() }
}

extension WriterLock {
    private static func path(of file: String) -> String { file + ".lock" }

    /// As long as any that a lock adds to the name of its file: two claims, and a process.
    static let longestSuffix =
        path(of: "") + String(repeating: "." + shortDigest(""), count: 2) + "-\(placeName)-0000000000"

    /// Stands in names of files for where this process's number means what it means here: host and namespace.
    static let placeName = String(shortDigest("\(Provenance.hostName) \(Owner.currentNamespace)").prefix(8))

    /// Lines of a lock file that are kept: more starts of one job than any scheduler allows.
    private static let historyLimit = 10_000

    /// Makes a lock file of this process, complete from the beginning.
    ///
    /// - Parameter dead: what the lock file holds that is replaced; nil if there must be none.
    /// - Returns: nil if there is one.
    private static func create(
        _ path: String, of file: String, after dead: String?
    ) throws(Fault) -> (file: OpenFile, text: String)? {
        let beginning = "\(path)-\(placeName)-"
        let temporary = beginning + String(getpid())
        Publication.removeLeftovers(beginning)
        let text = ([Owner.current] + owners(dead ?? "").prefix(historyLimit)).map(\.text).joined()
        try Publication.removeLeftover(temporary, of: file)
        defer { unlink(temporary) }
        let new: OpenFile
        do {
            new = try OpenFile(
                temporary, .creating, named: file, problem: "its folder \(parentFolder(of: path)) cannot be written to")
            _ = new.lock()
            try LockFile.sign(new, text)
        } catch {
            guard error.kind == .inputOutput else { throw error }
            throw Fault(
                error.kind, at: .file(file), "its lock \(path) \(error.problem)",
                remedy: "free space and run the same command again; what was committed is safe")
        }
        if dead != nil {
            try Publication.move(temporary, to: path)
            return (new, text)
        }
        let failure: Int32 = link(temporary, path) == 0 ? 0 : errno
        // A network file system may report a failure of a link that it made.
        if failure == 0 || new.stands(at: path) { return (new, text) }
        if failure == EEXIST || failure == ENOENT { return nil }
        guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(failure) else {
            throw SystemFailure(code: failure).fault(.writing, at: file, "its lock \(path) cannot be made")
        }
        // Without links it appears empty, which counts as held.
        guard let only = try? OpenFile(path, .creating, named: file) else { return nil }
        _ = only.lock()
        try LockFile.sign(only, text)
        return (only, text)
    }

    /// Removes the locks on locks of processes that were killed while they took one over. This lock names another owner than
    /// any that they were for, so nobody needs them any more.
    private func removeDeadClaims() {
        let (folder, prefix) = (parentFolder(of: path), (path as NSString).lastPathComponent + ".")
        let temporary = "-\(WriterLock.placeName)-"
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where entry.hasPrefix(prefix)
        {
            let claim = folder + "/" + entry
            if let range = claim.range(of: temporary, options: .backwards) {
                Publication.removeLeftovers(String(claim[..<range.upperBound]))
                continue
            }
            let digests = entry.dropFirst(prefix.count).split(separator: ".", omittingEmptySubsequences: false)
            guard digests.allSatisfy({ $0.count == 16 && $0.allSatisfy(\.isHexDigit) }),
                let file = try? OpenFile(claim, .updating), let text = try? WriterLock.read(file),
                let owner = WriterLock.owners(text).first, !owner.mayBeAlive
            else { continue }
            unlink(claim)
        }
    }

    /// A lock file that stands there; nil if there is none.
    private static func open(_ path: String, of file: String) throws(Fault) -> OpenFile? {
        guard exists(path) else { return nil }
        do {
            return try OpenFile(path, .updating)
        } catch {
            guard exists(path) else { return nil }
            throw Fault(error.kind, at: .file(file), "its lock \(path) \(error.problem)", remedy: error.remedy)
        }
    }

    private static func read(_ lock: OpenFile) throws(Fault) -> String { try LockFile.text(of: lock) }

    private static func owners(_ text: String) -> [Owner] {
        text.split(separator: "\n").compactMap { Owner(parsing: String($0)) }
    }

    /// FNV-1a of 64 bits, in hexadecimal: a name for what a lock file held.
    private static func shortDigest(_ text: String) -> String {
        let value = text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Refuses unless the owner that a lock file names is dead, or the user's word allows to take over.
    private static func refuse(_ text: String, _ file: String, _ lock: String, takesOver: Bool) throws(Fault) {
        let first = text.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard let owner = Owner(parsing: first) else {
            if takesOver { return }
            throw Fault(
                .temporary, at: .file(file), "is locked by \(lock), which does not say by which process",
                remedy: "wait until that one ends; if it is certain that nobody writes there, give --take-over")
        }
        if owner.mayBeAlive, !(takesOver && !owner.isVisible) { throw refusal(file, lock, owner) }
    }

    /// - Parameter owner: nil where the system says that a process holds the lock, whoever it is.
    private static func refusal(_ file: String, _ lock: String, _ owner: Owner?) -> Fault {
        let named =
            owner
            ?? (try? open(lock, of: file)).flatMap { $0 }.flatMap { try? read($0) }.flatMap {
                owners($0).first
            }
        guard let named else {
            return Fault(
                .temporary, at: .file(file), "is being written by another process", remedy: "wait until that one ends")
        }
        if named.isVisible {
            return Fault(
                .temporary, at: .file(file), "is being written by process \(named.process) of this machine",
                remedy: "wait until that one ends, or write to another file")
        }
        let place = named.host == Owner.current.host ? "in another container of this machine" : "on host \(named.host)"
        return Fault(
            .temporary, at: .file(file), "is being written by process \(named.process) \(place)",
            remedy: "wait until that one ends; if it is certain that it has, give --take-over or remove \(lock)")
    }
}

extension WriterLock {
    /// The process that a lock file names.
    package struct Owner: Equatable {
        package let host: String
        let process: Int32
        /// When the process started, in clock ticks since the system did; 0 where that cannot be told.
        let started: UInt64
        /// Which start of the system it belongs to, and which namespace of process numbers; "-" where that cannot be
        /// told.
        var boot = "-"
        var namespace = "-"
        /// Tells two locks of one process apart.
        var number: UInt64 = 0
        /// The Slurm job that the process belongs to, and how many times it had been started before.
        var slurmJob: String?
        var slurmRestarts = 0

        static var current: Owner {
            let process = getpid()
            let environment = ProcessInfo.processInfo.environment
            return Owner(
                host: Provenance.hostName, process: process, started: startTime(of: process) ?? 0, boot: currentBoot,
                namespace: currentNamespace, number: UInt64.random(in: 1 ... .max),
                slurmJob: environment["SLURM_JOB_ID"].flatMap { $0.allSatisfy(\.isNumber) && !$0.isEmpty ? $0 : nil },
                slurmRestarts: environment["SLURM_RESTART_COUNT"].flatMap { Int($0) } ?? 0)
        }

        var text: String {
            "\(host) \(process) \(started) \(boot) \(namespace) \(number)"
                + (slurmJob.map { " \($0) \(slurmRestarts)" } ?? "") + "\n"
        }

        /// Whether this process can see whether that one is alive: it is of this host and numbers mean the same.
        var isVisible: Bool {
            host == Provenance.hostName
                && (namespace == Owner.currentNamespace || namespace == "-" || Owner.currentNamespace == "-")
        }

        /// Whether the host was started again since.
        private var isOfEarlierBoot: Bool {
            host == Provenance.hostName && boot != "-" && Owner.currentBoot != "-" && boot != Owner.currentBoot
        }

        /// False only for a process that has certainly ended.
        var mayBeAlive: Bool {
            let own = Owner.current
            if let slurmJob, slurmJob == own.slurmJob, slurmRestarts < own.slurmRestarts { return false }
            if isOfEarlierBoot { return false }
            guard isVisible else { return true }
            guard kill(process, 0) == 0 || errno == EPERM else { return false }
            guard started != 0, let now = Owner.startTime(of: process) else { return true }
            return now == started
        }

        private static let currentBoot: String = {
            let data = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
            let text = String(decoding: data, as: UTF8.self).filter { !$0.isWhitespace }
            return text.isEmpty ? "-" : text
        }()

        fileprivate static let currentNamespace: String = {
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
            let number = (link ?? "").filter(\.isNumber)
            return number.isEmpty ? "-" : number
        }()

        /// Field 22 of Linux's /proc/PID/stat; the second, a name in parentheses, may hold anything.
        private static func startTime(of process: Int32) -> UInt64? {
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
            let text = String(decoding: data, as: UTF8.self)
            guard let end = text.lastIndex(of: ")") else { return nil }
            let fields = text[text.index(after: end)...].split(separator: " ")
            return fields.count > 19 ? UInt64(fields[19]) : nil
        }
    }
}

extension WriterLock.Owner {
    /// Nil for a line that is none of an owner. Version 0.1 wrote three fields, or five in a Slurm job.
    package init?(parsing text: String) {
        var parts = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if [3, 5].contains(parts.count) { parts.insert(contentsOf: ["-", "-", "0"], at: 3) }
        guard parts.count == 6 || parts.count == 8, let process = Int32(parts[1]), process > 0,
            let started = UInt64(parts[2]), let number = UInt64(parts[5])
        else { return nil }
        self.init(
            host: parts[0], process: process, started: started, boot: parts[3], namespace: parts[4], number: number)
        if parts.count == 8, let restarts = Int(parts[7]) { (slurmJob, slurmRestarts) = (parts[6], restarts) }
    }
}
