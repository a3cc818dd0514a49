import Diagnostics
import Foundation
import HDF5

/// What one machine did for a chunk: kept in the chunk so that a slow or failing host can be found.
///
/// A session is one run of a writer, from opening the chunk to closing it.
public struct HostWork: Sendable, Equatable, Codable {
    public let host: String
    /// The processor's model; empty if not known.
    public var cpu: String
    /// Sessions that ended by themselves.
    public var sessions = 0
    /// Those of them that were asked to stop before their work was done.
    public var stopped = 0
    /// Sessions that ended without a word (killed, power lost) or with a failure.
    public var failures = 0
    /// Trials made there that are safe.
    public var trials: Int64 = 0
    /// Those of them made by sessions that ended by themselves, whose time is known.
    public var timedTrials: Int64 = 0
    /// Threads times seconds that those took.
    public var threadSeconds = 0.0

    public init(host: String, cpu: String = "") {
        self.host = host
        self.cpu = cpu
    }

    /// Trials per second and thread; nil if no session's time is known.
    public var trialsPerThreadSecond: Double? {
        timedTrials > 0 && threadSeconds > 0 ? Double(timedTrials) / threadSeconds : nil
    }

    /// Whether a machine can have done this: what all hosts did can then be summed up.
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

/// What each host did: one entry a host, in the order in which they came.
public struct HostLedger: Sendable, Equatable {
    public private(set) var hosts: [HostWork] = []

    /// The attribute of `provenance` that holds a ledger, as JSON.
    static let key = "work"
    /// A ledger of more is not believed.
    private static let mostHosts = 10_000

    public init() {}

    /// Reads ``text``; empty if there is none or it cannot be understood: no trial depends on it.
    init(text: String?) {
        guard let text, let hosts = try? JSONDecoder().decode([HostWork].self, from: Data(text.utf8)),
            hosts.count <= HostLedger.mostHosts, hosts.allSatisfy(\.isPossible)
        else { return }
        self.hosts = hosts
    }

    /// The ledger among a file's provenance, an empty one for a file without.
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

    /// The entry of a host, an empty one for a host that has none.
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

    /// Adds what another ledger holds.
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
    /// What was done for a chunk before it was opened now.
    ///
    /// Trials that no entry accounts for were made by a session that did not end in order: the last of those whose
    /// lock was found, else the one that began the journal.
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

    /// The ledger with a session that ends now.
    ///
    /// - Parameters:
    ///   - session: where it ran.
    ///   - made: trials that it made safe.
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

/// What a session says about itself when it ends; see ``ChunkFile/close(_:)``.
public struct SessionEnd: Sendable {
    public let seconds: Double
    public let threads: Int
    /// Whether it was asked to stop before its work was done.
    public let isStopped: Bool

    public init(seconds: Double, threads: Int, isStopped: Bool) {
        self.seconds = seconds
        self.threads = threads
        self.isStopped = isStopped
    }
}
