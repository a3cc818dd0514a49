import Diagnostics
import Foundation

/// The exclusive right to write a file, represented by a small file beside it.
///
/// The lock file names its owner: host, process, the start time of the process (so that a reused process number is not
/// mistaken for it), the boot of the system, the namespace of process numbers, and a number of the lock. It is written
/// under a temporary name and linked to its final one, so that it appears complete, and for one process only: this
/// works without locks of the file system. If the file system has locks (`flock`), the owner holds one as well, which
/// the system releases when the process ends.
///
/// A lock is taken over if its process, of this host and namespace, has ended; if it is from an earlier boot of this
/// host; or if it is from an earlier start of the same Slurm job, since Slurm restarts a job only after its end. Any
/// other lock counts as held, even an empty or damaged one, unless the user states that nobody writes there
/// (`--take-over`). To replace the lock of a dead owner a process first takes a lock whose name depends on that owner,
/// so that only one process does.
///
/// A lock can be lost: removed by hand, with its folder, or taken over in error. ``check()`` finds that out.
///
/// Dead owners stay in the file, one line each below the owner's, until the chunk is closed normally.
package final class WriterLock {
    package let path: String
    /// The earlier owners, the latest first, that left the lock behind: their processes were killed.
    package let predecessors: [Owner]
    private let file: String
    private let text: String
    /// Nil after the lock is released.
    private var lockFile: OpenFile?

    /// - Parameter takesOver: whether a lock of another host is taken over, because the user states that nobody writes
    ///   there.
    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` if another process (or this one) writes the file,
    ///   ``Fault/Kind/cannotCreate`` if the lock file cannot be created.
    package convenience init(for file: String, takesOver: Bool = false) throws(Fault) {
        let folder = parentFolder(of: file)
        guard exists(folder) else {
            throw Fault(
                .cannotCreate, at: .file(file), "its folder \(folder) does not exist", remedy: "create the folder first"
            )
        }
        try self.init(WriterLock.path(of: file), of: file, takesOver: takesOver, depth: 0)
        removeDeadClaims()
    }

    /// Acquires a lock file with any name.
    ///
    /// - Parameter depth: the number of dead owners of dead owners' locks found so far.
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
            // Another process may have replaced it, and released the claim, after it was read.
            guard let now = try WriterLock.open(path, of: file), try WriterLock.read(now) == found else { continue }
            if let new = try WriterLock.create(path, of: file, after: found) {
                acquired = (new.file, new.text, WriterLock.owners(found))
                break
            }
        }
        guard let acquired else {
            throw Fault(
                .temporary, at: .file(file), "several processes want to write it at the same time",
                remedy: "run only one of them")
        }
        self.path = path
        self.file = file
        (lockFile, text, predecessors) = acquired
    }

    /// Refuses to continue if the lock no longer belongs to this process.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/temporary``.
    package func check() throws(Fault) {
        // Opened again, since a network file system answers from its cache for an open file.
        if let now = try WriterLock.open(path, of: file), try WriterLock.read(now) == text { return }
        throw Fault(
            .temporary, at: .file(file),
            "its lock \(path) was removed or taken over by another process: writing stops",
            remedy: "check that the folder exists and which process writes there, then run the same command again")
    }

    /// Refuses a file that another process is writing, and changes nothing.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/temporary``.
    package static func refuseIfHeld(_ file: String) throws(Fault) {
        let path = path(of: file)
        guard let other = try open(path, of: file) else { return }
        guard other.lock() else { throw refusal(file, path, nil) }
        try refuse(try read(other), file, path, takesOver: false)
    }

    /// Releases the lock; releasing it twice has no effect.
    package func release() {
        guard let lockFile else { return }
        self.lockFile = nil
        // If someone removed the lock file by hand, it may belong to another writer now.
        if lockFile.stands(at: path), (try? WriterLock.read(lockFile)) == text { unlink(path) }
    }

    deinit { release() }
}

extension WriterLock {
    private static func path(of file: String) -> String { file + ".lock" }

    /// The longest suffix that a lock adds to the name of its file: two claims, and a process.
    static let longestSuffix =
        path(of: "") + String(repeating: "." + shortDigest(""), count: 2) + "-\(placeName)-0000000000"

    /// The context in which this process's number is valid: host and namespace.
    static let placeName = String(shortDigest("\(Provenance.hostName) \(Owner.currentNamespace)").prefix(8))

    /// The number of lines of a lock file that are kept: more starts of one job than any scheduler allows.
    private static let historyLimit = 10_000

    /// Creates a lock file of this process, complete from the beginning.
    ///
    /// - Parameter dead: the text of the lock file to replace; nil if none may exist.
    /// - Returns: nil if one exists.
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
                remedy: "free space and run the same command again; committed trials are safe")
        }
        if dead != nil {
            try Publication.move(temporary, to: path)
            return (new, text)
        }
        let failure: Int32 = link(temporary, path) == 0 ? 0 : errno
        // A network file system may report a failure for a link that it made.
        if failure == 0 || new.stands(at: path) { return (new, text) }
        if failure == EEXIST || failure == ENOENT { return nil }
        guard [EPERM, ENOTSUP, ENOSYS, EMLINK].contains(failure) else {
            throw SystemFailure(code: failure).fault(.writing, at: file, "its lock \(path) cannot be created")
        }
        // Without links it is empty at first, which counts as held.
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

    /// The existing lock file; nil if there is none.
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

    /// FNV-1a of 64 bits, in hexadecimal: identifies the text of a lock file.
    private static func shortDigest(_ text: String) -> String {
        text.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            .digits(radix: 16, atLeast: 16)
    }

    /// Throws unless the owner in a lock file is dead, or the user allows to take over.
    private static func refuse(_ text: String, _ file: String, _ lock: String, takesOver: Bool) throws(Fault) {
        let first = text.split(separator: "\n", omittingEmptySubsequences: false).first.map(String.init) ?? ""
        guard let owner = Owner(parsing: first) else {
            if takesOver { return }
            throw Fault(
                .temporary, at: .file(file), "is locked by \(lock), which names no process",
                remedy:
                    "wait until that process ends; if nobody writes there for certain, give --take-over or remove \(lock)"
            )
        }
        if owner.mayBeAlive, !(takesOver && !owner.isVisible) { throw refusal(file, lock, owner) }
    }

    /// - Parameter owner: nil if the system reports that an unknown process holds the lock.
    private static func refusal(_ file: String, _ lock: String, _ owner: Owner?) -> Fault {
        let named =
            owner
            ?? (try? open(lock, of: file)).flatMap { $0 }.flatMap { try? read($0) }.flatMap {
                owners($0).first
            }
        guard let named else {
            return Fault(
                .temporary, at: .file(file), "is being written by another process",
                remedy: "wait until that process ends")
        }
        if named.isVisible {
            return Fault(
                .temporary, at: .file(file), "is being written by process \(named.process) of this machine",
                remedy: "wait until that process ends, or choose another output")
        }
        let place = named.host == Owner.current.host ? "in another container of this machine" : "on host \(named.host)"
        return Fault(
            .temporary, at: .file(file), "is being written by process \(named.process) \(place)",
            remedy: "wait until that process ends; if it has ended for certain, give --take-over or remove \(lock)")
    }
}

extension WriterLock {
    /// The process in a lock file.
    package struct Owner: Equatable {
        package let host: String
        let process: Int32
        /// The start of the process, in clock ticks since the boot of the system; 0 if unknown.
        let started: UInt64
        /// The boot of the system, and the namespace of process numbers; "-" if unknown.
        var boot = "-"
        var namespace = "-"
        /// Distinguishes two locks of one process.
        var number: UInt64 = 0
        /// The Slurm job of the process, and the number of its earlier starts.
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

        /// Whether this process can see whether the owner is alive: both are on the same host with the same numbering.
        var isVisible: Bool {
            host == Provenance.hostName
                && (namespace == Owner.currentNamespace || namespace == "-" || Owner.currentNamespace == "-")
        }

        /// Whether the host was rebooted since.
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

        /// Field 22 of Linux's /proc/PID/stat; the second field, a name in parentheses, may contain anything.
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
    /// Nil for a line without a valid owner. Version 0.1 wrote three fields, or five in a Slurm job.
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
