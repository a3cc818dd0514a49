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
    /// Nil once the lock is released.
    private var lockFile: OpenFile?

    /// - Parameter takesOver: whether a lock of another host is taken over: the user's word that nobody writes there.
    /// - Throws: ``Fault``: ``Fault/Kind/temporary`` if another process (or this one) writes the file,
    ///   ``Fault/Kind/cannotCreate`` if the lock file cannot be created.
    package init(for file: String, takesOver: Bool = false) throws(Fault) {
        path = file + ".lock"
        let folder = parentFolder(of: file)
        guard exists(folder) else {
            throw Fault(
                .cannotCreate, at: .file(file), "its folder \(folder) does not exist", remedy: "make the folder first")
        }
        let path = path
        let lockFile = try LockFile.hold(path, of: file) { text in
            WriterLock.refusal(file, path, WriterLock.lines(text).first.flatMap { Owner(parsing: $0) })
        }
        let lines = WriterLock.lines(try LockFile.text(of: lockFile))
        if let owner = lines.first.flatMap({ Owner(parsing: $0) }), owner.mayBeAlive,
            !(takesOver && owner.host != Owner.current.host)
        {
            throw WriterLock.refusal(file, path, owner)
        }
        predecessors = lines.prefix(WriterLock.historyLimit).compactMap { Owner(parsing: $0) }
        do {
            try LockFile.sign(lockFile, ([Owner.current] + predecessors).map(\.text).joined())
        } catch {
            unlink(path)
            throw Fault(
                error.kind, at: .file(file), "its lock \(path) \(error.problem)",
                remedy: "free space and run the same command again; what was committed is safe")
        }
        self.lockFile = lockFile
    }

    /// Lets the next writer in; harmless when done already.
    package func release() {
        guard let lockFile else { return }
        self.lockFile = nil
        // A lock file that someone removed by hand may be another writer's by now.
        if lockFile.stands(at: path) { unlink(path) }
    }

    deinit { release() }
}

extension WriterLock {
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Lines of a lock file that are kept: more starts of one job than any scheduler allows.
    private static let historyLimit = 10_000

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
