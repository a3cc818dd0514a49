import Diagnostics
import Foundation

/// The right to write a file, held by one process at a time through a small file beside it.
///
/// The lock file names its owner: host, process, and when that process started (so that a number given out again is
/// no false friend). The owner also holds a `flock` on it, which the system releases when the process ends however
/// it ends; on a file system without `flock` the name alone decides. A lock of a process of this host that has ended
/// is taken over, and so is one of an earlier start of the same Slurm job, which Slurm starts again only once the
/// earlier one is over. One of another host never is otherwise, since from here nobody can tell, unless the user can.
///
/// Who was found dead stays in the file, a line each below the owner's, until the chunk is closed in order.
package final class WriterLock {
    package let path: String
    /// The owners before, the latest first, who left the lock behind: their processes were killed.
    package private(set) var predecessors: [Owner] = []
    /// Whether the owner, on another host, is known to be dead.
    private let takesOver: Bool
    /// The open lock file, nil once the lock is released.
    private var descriptor: Int32?

    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` if another process (or this one) writes the file,
    ///   ``Fault/Kind/cannotCreate`` if the lock file cannot be created.
    ///
    /// - Parameter takesOver: whether a lock of another host is taken over; the user's word that no one writes there.
    package init(for file: String, takesOver: Bool = false) throws(Fault) {
        path = file + ".lock"
        self.takesOver = takesOver
        // Again if the former owner removed the lock file between our opening and our locking it.
        for _ in 0..<16 {
            guard let descriptor = try WriterLock.openLockFile(path, of: file) else { continue }
            do {
                guard let dead = try WriterLock.take(descriptor, lock: path, file: file, takesOver) else {
                    close(descriptor)
                    continue
                }
                predecessors = dead
            } catch {
                close(descriptor)
                throw error
            }
            self.descriptor = descriptor
            return
        }
        throw Fault(.temporary, at: .file(file), "is fought over by several writers", remedy: "let one of them write")
    }

    /// Lets the next writer in; harmless when done already.
    package func release() {
        guard let descriptor else { return }
        self.descriptor = nil
        // A lock file that someone removed by hand may be another writer's by now.
        if WriterLock.stands(descriptor, at: path) { unlink(path) }
        close(descriptor)
    }

    deinit { release() }
}

extension WriterLock {
    /// Nil if the lock file vanished meanwhile.
    private static func openLockFile(_ path: String, of file: String) throws(Fault) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        if descriptor >= 0 { return descriptor }
        let failure = SystemFailure.last
        let folder = Publication.folder(of: file)
        switch failure.code {
        case EINTR: return nil
        case ENOENT where !Publication.exists(folder):
            throw Fault(
                .cannotCreate, at: .file(file), "its folder \(folder) does not exist", remedy: "make the folder first")
        case ENOSPC, EDQUOT:
            throw Fault(
                .inputOutput, at: .file(file), "its folder \(folder) has no room (\(failure.reason))",
                remedy: "free space")
        default:
            throw Fault(
                .cannotCreate, at: .file(file), "its folder \(folder) cannot be written to (\(failure.reason))",
                remedy: "choose a folder that can be written to")
        }
    }

    /// - Returns: the owners before, nil if the lock file is no longer the one at its path.
    private static func take(
        _ descriptor: Int32, lock: String, file: String, _ takesOver: Bool
    ) throws(Fault) -> [Owner]? {
        let locked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        let isHeld = !locked && errno == EWOULDBLOCK
        let lines = content(of: descriptor).split(separator: "\n", omittingEmptySubsequences: false)
        let owner = Owner(parsing: lines.first.map(String.init) ?? "")
        if isHeld { throw refusal(file, lock, owner) }

        guard stands(descriptor, at: lock) else { return nil }
        if let owner, owner.mayBeAlive, !(takesOver && owner.host != Owner.current.host) {
            throw refusal(file, lock, owner)
        }

        let dead = lines.prefix(historyLimit).compactMap { Owner(parsing: String($0)) }
        let bytes = Array(([Owner.current] + dead).map(\.text).joined().utf8)
        guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count,
            ftruncate(descriptor, off_t(bytes.count)) == 0, fsync(descriptor) == 0
        else {
            let failure = SystemFailure.last
            unlink(lock)
            throw Fault(
                .inputOutput, at: .file(file), "its lock \(lock) cannot be written (\(failure.reason))",
                remedy: "free space and run the same command again, what was safe still is")
        }
        return dead
    }

    /// Lines of a lock file that are kept: more starts of one job than any scheduler allows.
    private static let historyLimit = 10_000

    /// Whether an open file is still the one at a path.
    private static func stands(_ descriptor: Int32, at path: String) -> Bool {
        var (opened, atPath) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &atPath) == 0
            && opened.st_ino == atPath.st_ino && opened.st_dev == atPath.st_dev
    }

    private static func content(of descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func refusal(_ file: String, _ lock: String, _ owner: Owner?) -> Fault {
        guard let owner else {
            return Fault(
                .temporary, at: .file(file), "is being written by another process", remedy: "wait until that one ends")
        }
        if owner.host == Owner.current.host {
            return Fault(
                .temporary, at: .file(file), "is being written by process \(owner.process) of this machine",
                remedy: "wait until that one ends, or write to another file")
        }
        return Fault(
            .temporary, at: .file(file), "is being written by process \(owner.process) on host \(owner.host)",
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
        /// The Slurm job that the process belongs to, and how many times it had been started before.
        var slurmJob: String?
        var slurmRestarts = 0

        static var current: Owner {
            let process = getpid()
            let environment = ProcessInfo.processInfo.environment
            return Owner(
                host: Provenance.hostName, process: process, started: startTime(of: process) ?? 0,
                slurmJob: environment["SLURM_JOB_ID"].flatMap { $0.allSatisfy(\.isNumber) && !$0.isEmpty ? $0 : nil },
                slurmRestarts: environment["SLURM_RESTART_COUNT"].flatMap { Int($0) } ?? 0)
        }

        var text: String {
            "\(host) \(process) \(started)" + (slurmJob.map { " \($0) \(slurmRestarts)" } ?? "") + "\n"
        }

        /// False only for a process of this host that has certainly ended, and for an earlier start of this Slurm job.
        var mayBeAlive: Bool {
            let own = Owner.current
            if let slurmJob, slurmJob == own.slurmJob, slurmRestarts < own.slurmRestarts { return false }
            guard host == own.host else { return true }
            guard kill(process, 0) == 0 || errno == EPERM else { return false }
            guard started != 0, let now = Owner.startTime(of: process) else { return true }
            return now == started
        }

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
    /// Nil for a lock file that is empty or spoilt: its maker ended before it could sign.
    package init?(parsing text: String) {
        let parts = text.split(whereSeparator: \.isWhitespace)
        guard parts.count == 3 || parts.count == 5, let process = Int32(parts[1]), process > 0,
            let started = UInt64(parts[2])
        else { return nil }
        self.init(host: String(parts[0]), process: process, started: started)
        if parts.count == 5, let restarts = Int(parts[4]) { (slurmJob, slurmRestarts) = (String(parts[3]), restarts) }
    }
}
