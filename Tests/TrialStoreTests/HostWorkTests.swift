import Diagnostics
import Foundation
import PointSource
import TestSupport
import Testing

@testable import Files
@testable import TrialStore

/// What each host did for a chunk, through sessions that end in every way.
@Suite("Hosts of a chunk")
struct HostWorkTests {
    private let folder: StoreFolder
    private let path: String

    init() throws {
        folder = try StoreFolder()
        path = folder.file("chunk.h5")
    }

    /// A session on a host that makes some trials.
    ///
    /// - Parameter end: nil for one that is not closed; its lock file is left behind if `leavesLock`.
    private func session(
        _ host: String, _ trials: Range<Int64>, _ end: SessionEnd?, leavesLock: Bool = false
    ) throws {
        var text: Data?
        do {
            let chunk = try ChunkFile.open(path, header: StoreFolder.header(host: host))
            try chunk.append(trials.map { StoreFolder.record($0) })
            try chunk.commit()
            text = FileManager.default.contents(atPath: path + ".lock")
            if let end { try chunk.close(end) }
        }
        guard leavesLock, let text else { return }
        // As if a process of that host had written it, which is dead: restarted by Slurm, or its number long gone.
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").dropFirst()
        let own = WriterLock.Owner.current
        let dead = WriterLock.Owner(host: own.host, process: own.process, started: own.started &+ 1)
        try Data(([dead.text] + lines.map { $0 + "\n" }).joined().utf8).write(to: URL(filePath: path + ".lock"))
    }

    private var ledger: HostLedger { get throws { try TrialTable.open(path).ledger } }

    @Test("Sessions that end in order are counted with their trials and time, by host")
    func sessions() throws {
        try session("a", 0..<100, SessionEnd(seconds: 2, threads: 4, isStopped: true))
        try session("b", 100..<150, SessionEnd(seconds: 1, threads: 1, isStopped: false))
        try session("a", 150..<160, SessionEnd(seconds: 1, threads: 2, isStopped: false))
        let hosts = try ledger.hosts
        #expect(hosts.map(\.host) == ["a", "b"])
        #expect(hosts.map(\.sessions) == [2, 1])
        #expect(hosts.map(\.stopped) == [1, 0])
        #expect(hosts.map(\.failures) == [0, 0])
        #expect(hosts.map(\.trials) == [110, 50])
        #expect(hosts[0].threadSeconds == 10)
        #expect(hosts[0].trialsPerThreadSecond == 11)
        #expect(hosts[0].cpu == "any")

        // A merged file has the sum.
        _ = try TrialMerge.merge([path], into: folder.file("m.h5"), softwareVersion: "1")
        #expect(try TrialTable.open(folder.file("m.h5")).ledger.hosts == hosts)
        #expect(try ChunkSurvey([path]).ledger.hosts == hosts)
    }

    @Test("A session that failed is counted for the host that began the journal")
    func failures() throws {
        try session("a", 0..<10, nil)
        try session("b", 10..<30, SessionEnd(seconds: 1, threads: 1, isStopped: false))
        let hosts = try ledger.hosts
        #expect(hosts.map(\.host) == ["a", "b"])
        #expect(hosts.map(\.failures) == [1, 0])
        #expect(hosts.map(\.trials) == [10, 20])
        #expect(hosts[0].trialsPerThreadSecond == nil)
    }

    @Test("Killed sessions are counted each, by the locks that they left behind")
    func kills() throws {
        let own = WriterLock.Owner.current.host
        for part in 0..<Int64(5) { try session("here", 10 * part..<10 * part + 10, nil, leavesLock: true) }
        try session(own, 50..<60, SessionEnd(seconds: 1, threads: 1, isStopped: false))
        #expect(try ledger[own].failures == 5)
        #expect(try ledger[own].trials == 60)
        #expect(try ledger[own].timedTrials == 10)
        #expect(!FileManager.default.fileExists(atPath: path + ".lock"))
    }

    @Test("An earlier start of the same Slurm job is dead, another job's is not")
    func slurmJobs() {
        var own = WriterLock.Owner(host: "node-1", process: 1, started: 1)
        (own.slurmJob, own.slurmRestarts) = ("77", 2)
        let written = WriterLock.Owner(parsing: own.text)
        #expect(written == own)
        #expect(WriterLock.Owner(parsing: "node-1 1 1\n")?.slurmJob == nil)
        #expect(WriterLock.Owner(parsing: "node-1 1 1 77\n") == nil)
        // This process is no Slurm job with that number.
        #expect(own.mayBeAlive)
    }

    @Test("Numbers that no machine has come by are not believed")
    func impossible() throws {
        func text(_ number: String) -> String {
            """
            [{"host": "a", "cpu": "", "sessions": 1, "stopped": 0, "failures": 0, "trials": \(number), "timed_trials": 0, \
            "thread_seconds": 1}]
            """
        }
        #expect(HostLedger(text: text("7")).hosts.map(\.trials) == [7])
        for number in ["\(Int64.max)", "\(Int64.min)", "-1"] { #expect(HostLedger(text: text(number)).hosts.isEmpty) }
    }

    @Test("A lock of another host gives way to the user's word")
    func takingOver() throws {
        let foreign = WriterLock.Owner(host: "node-17", process: 4711, started: 5)
        try Data(foreign.text.utf8).write(to: URL(filePath: path + ".lock"))
        expectFault(.temporary, "--take-over") { _ = try ChunkFile.open(path, header: StoreFolder.header()) }
        let chunk = try ChunkFile.open(path, header: StoreFolder.header(), takesOver: true)
        try chunk.append([StoreFolder.record(0)])
        try chunk.close()
        #expect(try ledger["node-17"].failures == 1)
        // A living process of this host is not to be taken over.
        try Data(WriterLock.Owner.current.text.utf8).write(to: URL(filePath: path + ".lock"))
        expectFault(.temporary, "of this machine") {
            _ = try ChunkFile.open(path, header: StoreFolder.header(), takesOver: true)
        }
    }
}
