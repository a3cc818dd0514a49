import Diagnostics
import Foundation
import HDF5

/// The work of one machine for a chunk: stored in the chunk so that a slow or failing host can be found.
///
/// A session is one run of a writer, from opening the chunk to closing it.
public struct HostWork: Sendable, Equatable, Codable {
    public let host: String
    /// The processor's model; empty if unknown.
    public var cpu: String
    /// Sessions that ended normally.
    public var sessions = 0
    /// Those of them that were asked to stop before their work was complete.
    public var stopped = 0
    /// Sessions that were killed, lost power or failed.
    public var failures = 0
    /// Committed trials made there.
    public var trials: Int64 = 0
    /// Those of them made by sessions that ended normally, whose time is known.
    public var timedTrials: Int64 = 0
    /// The sum of threads times seconds of those sessions.
    public var threadSeconds = 0.0

    public init(host: String, cpu: String = "") {
        self.host = host
        self.cpu = cpu
    }

    /// Trials per second and thread; nil if no session's time is known.
    public var trialsPerThreadSecond: Double? {
        timedTrials > 0 && threadSeconds > 0 ? Double(timedTrials) / threadSeconds : nil
    }

    /// Whether the numbers are possible, so that those of all hosts can be added without overflow.
    fileprivate var isPossible: Bool {
        let counts = [Int64(sessions), Int64(stopped), Int64(failures), trials, timedTrials]
        return counts.allSatisfy { (0...1 << 48).contains($0) } && threadSeconds >= 0 && threadSeconds < 1e15
    }

    private enum CodingKeys: String, CodingKey {
        case host, cpu, sessions, stopped, failures, trials
        case timedTrials = "timed_trials"
        case threadSeconds = "thread_seconds"
    }
}

/// The work of each host, in the order in which the hosts first appear.
public struct HostLedger: Sendable, Equatable {
    public private(set) var hosts: [HostWork] = []

    /// The attribute of `provenance` that holds a ledger, as JSON.
    static let key = "work"
    /// A ledger with more hosts is rejected.
    private static let mostHosts = 10_000

    public init() {}

    /// Reads ``text``; empty if there is none or it is not valid: trials do not depend on it.
    init(text: String?) {
        guard let text, let hosts = try? JSONDecoder().decode([HostWork].self, from: Data(text.utf8)),
            hosts.count <= HostLedger.mostHosts, hosts.allSatisfy(\.isPossible)
        else { return }
        self.hosts = hosts
    }

    /// The ledger in a file's provenance, empty for a file without one.
    init(from root: Group) throws(Fault) {
        var text: String?
        if try root.contains("provenance") {
            let attributes = try root.group("provenance").attributes
            if try attributes.contains(HostLedger.key) { text = try attributes.string(HostLedger.key) }
        }
        self.init(text: text)
    }

    /// The ledger as JSON.
    var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(hosts)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    /// Trials of all hosts.
    var trials: Int64 { hosts.reduce(0) { $0 &+ $1.trials } }

    /// The entry of a host; empty for an unknown host.
    public subscript(host: String) -> HostWork {
        get { hosts.first { $0.host == host } ?? HostWork(host: host) }
        set {
            if let index = hosts.firstIndex(where: { $0.host == host }) {
                hosts[index] = newValue
            } else {
                hosts.append(newValue)
            }
        }
    }

    /// Adds the entries of another ledger.
    public mutating func add(_ other: HostLedger) {
        for work in other.hosts {
            var sum = self[work.host]
            if sum.cpu.isEmpty { sum.cpu = work.cpu }
            sum.sessions &+= work.sessions
            sum.stopped &+= work.stopped
            sum.failures &+= work.failures
            sum.trials &+= work.trials
            sum.timedTrials &+= work.timedTrials
            sum.threadSeconds += work.threadSeconds
            self[work.host] = sum
        }
    }
}

extension HostLedger {
    /// The work done for a chunk before it was opened now.
    ///
    /// Trials without an entry were made by a session that did not end normally: the last of those whose lock was
    /// found, else the one that created the journal.
    ///
    /// - Parameter dead: hosts of the sessions that left their lock behind, the latest first.
    init(_ found: ChunkContents, _ dead: [String]) {
        let journalProvenance = found.journal?.header.chunk.provenance
        self = journalProvenance.map { HostLedger(text: $0[HostLedger.key]) } ?? found.ledger
        for host in dead { self[host].failures += 1 }
        if dead.isEmpty, let host = journalProvenance?["host"] { self[host].failures += 1 }
        let safe = Int64(found.standingRows + (found.journal?.rowCount ?? 0))
        if safe > trials, let host = dead.first ?? journalProvenance?["host"] ?? found.header.provenance["host"] {
            self[host].trials += safe - trials
        }
        if let host = journalProvenance?["host"], let cpu = journalProvenance?["cpu"] { self[host].cpu = cpu }
    }

    /// The ledger including a session that ends now.
    ///
    /// - Parameters:
    ///   - session: the session's provenance.
    ///   - made: the number of trials that it committed.
    func adding(_ session: [String: String], _ made: Int64, _ end: SessionEnd?) -> HostLedger {
        guard let host = session["host"] else { return self }
        var sum = self
        sum[host].cpu = session["cpu"] ?? ""
        sum[host].sessions += 1
        sum[host].trials += made
        if let end {
            if end.isStopped { sum[host].stopped += 1 }
            sum[host].timedTrials += made
            sum[host].threadSeconds += end.seconds * Double(end.threads)
        }
        return sum
    }
}

/// Facts about a session at its end; see ``ChunkFile/close(_:)``.
public struct SessionEnd: Sendable {
    public let seconds: Double
    public let threads: Int
    /// Whether it was asked to stop before its work was complete.
    public let isStopped: Bool

    public init(seconds: Double, threads: Int, isStopped: Bool) {
        self.seconds = seconds
        self.threads = threads
        self.isStopped = isStopped
    }
}
