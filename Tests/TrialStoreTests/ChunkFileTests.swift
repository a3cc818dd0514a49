import Diagnostics
import Foundation
import HDF5
import PointSource
import TestSupport
import Testing

@testable import Files
@testable import TrialStore

@Suite("Chunk files")
struct ChunkFileTests {
    let folder: StoreFolder
    let hypothesis = Hypothesis(meanSignal: 0, seed: 1)

    init() throws { folder = try StoreFolder() }

    @Test("A chunk is created, continued, and read back")
    func continuing() throws {
        let path = folder.file("chunk.h5")
        let header = StoreFolder.header(probes: [Probe(signalEvents: 5, gamma: 2)])
        let chunk = try ChunkFile.open(path, header: header)
        #expect(chunk.coverage.isEmpty)
        try chunk.append((0..<2000).map { StoreFolder.record($0, probes: 1) })
        #expect(chunk.committedCount == 0)
        try chunk.commit()
        #expect(chunk.committedCount == 2000)
        try chunk.close()
        try chunk.close()

        var later = header
        later.provenance = ["host": "elsewhere"]
        later.softwareVersion = "0.2.0"
        let continued = try ChunkFile.open(path, header: later)
        #expect(continued.coverage[hypothesis].description == "0–1999")
        #expect(continued.header == header)
        try continued.append([2001, 2000].map { StoreFolder.record($0, probes: 1) })
        try continued.append((0..<5).map { StoreFolder.record($0, mu: 3, probes: 1) })
        try continued.close()

        let trials = try TrialSet(path)
        #expect(trials.header == header)
        #expect(trials.hypotheses == [hypothesis, Hypothesis(meanSignal: 3, seed: 1)])
        #expect(trials.meanSignals == [0, 3])
        #expect(trials.coverage[hypothesis].description == "0–2001")
        let expected = ((0..<2000) + [2001, 2000]).map { StoreFolder.record($0, probes: 1) }
        #expect(try trials.records(of: hypothesis) == expected)
        #expect(try trials.values(.testStatistic, of: hypothesis) == expected.map(\.testStatistic))
        #expect(try trials.values(.injected, meanSignal: 0) == expected.map { Double($0.injected) })
        #expect(try trials.values(.gamma, of: hypothesis) == expected.map(\.gamma))
        #expect(try trials.values(.signalEvents, of: hypothesis) == expected.map(\.signalEvents))
        #expect(try trials.values(.probe(0), of: hypothesis) == expected.map { $0.probes[0] })
        #expect(throws: Fault.self) { try trials.values(.probe(1), of: hypothesis) }
        #expect(trials.tableDigest == nil)

        #expect(try TrialSet.overview(path).rowCount == 2007)
        for column in [TrialSet.Column.testStatistic, .injected, .probe(0)] {
            var read: [Hypothesis: [Double]] = [:]
            let same = try TrialSet(path, reading: column) { hypothesis, values throws(Fault) in
                read[hypothesis, default: []] += values
            }
            #expect(same.coverage == trials.coverage)
            for hypothesis in trials.hypotheses {
                #expect(try read[hypothesis] == trials.values(column, of: hypothesis))
            }
        }
        #expect(throws: Fault.self) { try TrialSet(path, reading: .probe(1)) { _, _ throws(Fault) in } }

        let ranges = try File.open(path).root.table("ranges")
        #expect(ranges.layout.fields.map(\.name) == ["seed", "mean_n_sig", "first", "last"])
        #expect(try ranges.count == 2)
    }

    @Test("Nothing is left beside a closed chunk, and nothing at all where it cannot be made")
    func leftovers() throws {
        try folder.chunk("chunk.h5", 0..<10)
        #expect(try folder.names == ["chunk.h5"])
        expectFault(.cannotCreate, "no/chunk.h5: its folder", "does not exist") {
            _ = try ChunkFile.open(folder.file("no/chunk.h5"), header: StoreFolder.header())
        }
        let unwritable = try #require(
            expectFault(.cannotCreate, "/proc/chunk.h5: its folder /proc cannot") {
                _ = try ChunkFile.open("/proc/chunk.h5", header: StoreFolder.header())
            })
        #expect(!unwritable.description.contains(".lock"))
    }

    @Test("Trials that were not committed do not count")
    func uncommittedTrials() throws {
        let path = folder.file("chunk.h5")
        do {
            let chunk = try ChunkFile.open(path, header: StoreFolder.header())
            try chunk.append((0..<10).map { StoreFolder.record($0) })
            try chunk.commit()
            try chunk.append((10..<15).map { StoreFolder.record($0) })
        }
        let chunk = try ChunkFile.open(path, header: StoreFolder.header())
        #expect(chunk.coverage[hypothesis].description == "0–9")
        #expect(chunk.committedCount == 10)
        try chunk.append([StoreFolder.record(12)])
        try chunk.close()
        #expect(try TrialSet(path).coverage[hypothesis].description == "0–9, 12")
        #expect(try folder.names == ["chunk.h5"])
    }

    @Test("A trial is not taken twice")
    func duplicates() throws {
        let chunk = try ChunkFile.open(folder.file("chunk.h5"), header: StoreFolder.header())
        try chunk.append([StoreFolder.record(5)])
        expectFault(.usage, "trial 5 of mu 0, seed 1") { try chunk.append([4, 5].map { StoreFolder.record($0) }) }
        expectFault(.usage, "trial 6") { try chunk.append([6, 6].map { StoreFolder.record($0) }) }
        try chunk.append([StoreFolder.record(4), StoreFolder.record(5, mu: 1)])
        try chunk.close()
        #expect(try TrialSet(chunk.path).coverage.description == "mu 0, seed 1: 4–5\nmu 1, seed 1: 5")
    }

    @Test("Another campaign, other probes, or another kind of file is refused with what differs")
    func otherFiles() throws {
        let path = try folder.chunk("chunk.h5", 0..<10)
        let other = StoreFolder.campaign.replacing("dec: 5.7", with: "dec: -5.7")
        expectFault(.badData, path, "source.dec is -5.7 in this campaign and 5.7 in the file") {
            _ = try ChunkFile.open(path, header: StoreFolder.header(data: "aa", campaign: other))
        }
        expectFault(.badData, path, "the data differ (events.csv)") {
            _ = try ChunkFile.open(path, header: StoreFolder.header(data: "aa"))
        }
        expectFault(.badData, path, "log_lambda@5:2") {
            let probes = [Probe(signalEvents: 5, gamma: 2)]
            _ = try ChunkFile.open(path, header: StoreFolder.header(probes: probes))
        }

        let text = folder.file("notes.txt")
        try Data("not HDF5".utf8).write(to: URL(filePath: text))
        expectFault(.badData, text, "not an HDF5 file") {
            _ = try ChunkFile.open(text, header: StoreFolder.header())
        }
        expectFault(.badData, text) { _ = try TrialSet(text) }
        #expect(try String(contentsOfFile: text, encoding: .utf8) == "not HDF5", "a refused file is left alone")

        let plain = folder.file("plain.h5")
        try File.create(plain).close()
        expectFault(.badData, plain, "an HDF5 file without trials") { _ = try TrialSet(plain) }
        expectFault(.missingInput, "absent.h5") { _ = try TrialSet(folder.file("absent.h5")) }
        #expect(try folder.names == ["chunk.h5", "notes.txt", "plain.h5"])
    }

    @Test("An impossible key is found")
    func lies() throws {
        let spoilt = folder.file("spoilt.h5")
        let table = try TrialTable.create(spoilt, format: .chunk, header: StoreFolder.header())
        var rows = try table.layout.encode((0..<3).map { StoreFolder.record($0) })
        rows[68 + TrialTableLayout.Offset.trial + 7] = 0x80
        try table.append(rows)
        try table.finish(Coverage())
        expectFault(.badData, spoilt, "row 1", "trial is -") { _ = try TrialSet(spoilt) }
    }

    @Test("A chunk whose rows were changed by another program is not continued")
    func changed() throws {
        let path = folder.file("changed.h5")
        let table = try TrialTable.create(path, format: .chunk, header: StoreFolder.header())
        try table.append(try table.layout.encode([StoreFolder.record(0), StoreFolder.record(1, seed: 99)]))
        try table.finish(Coverage(of: [StoreFolder.record(0), StoreFolder.record(1)]))
        expectFault(.badData, path, "do not agree with its table \"ranges\"") {
            _ = try ChunkFile.open(path, header: StoreFolder.header())
        }
    }
}

@Suite("One writer at a time")
struct WriterLockTests {
    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    /// A process may be killed after it replaced a dead owner's lock, and before it let go of the right to do so.
    @Test("What is left of taking over a lock is removed by the next writer, if its owner is dead")
    func deadClaims() throws {
        let folder = try ScratchFolder()
        let (lock, own) = (folder.file("chunk.h5.lock"), WriterLock.Owner.current)
        let dead = WriterLock.Owner(host: own.host, process: own.process, started: own.started &+ 1)
        let other = WriterLock.Owner(host: "node-17", process: 1, started: 1)
        let digests = ["0123456789abcdef", "fedcba9876543210"]
        let left = [
            "\(lock).\(digests[0])": dead, "\(lock).\(digests[0]).\(digests[1])": dead,
            "\(lock).\(digests[0])-\(WriterLock.placeName)-2147483646": dead,
            "\(lock).\(digests[1])": other, "\(lock).mine": dead,
        ]
        for (path, owner) in left { try Data(owner.text.utf8).write(to: URL(filePath: path)) }
        do { _ = try WriterLock(for: folder.file("chunk.h5")) }
        // Another host's may be in use, and the last one is not a name of ours.
        #expect(try folder.names.sorted() == ["chunk.h5.lock.\(digests[1])", "chunk.h5.lock.mine"])
    }

    @Test("A second writer is refused until the first is gone")
    func secondWriter() throws {
        let path = folder.file("chunk.h5")
        let chunk = try ChunkFile.open(path, header: StoreFolder.header())
        expectFault(.temporary, path, "process \(getpid())") {
            _ = try ChunkFile.open(path, header: StoreFolder.header())
        }
        try chunk.close()
        try ChunkFile.open(path, header: StoreFolder.header()).close()
    }

    @Test("The lock of a dead process is taken over; that of another host or of a living process is not")
    func staleLocks() throws {
        let path = folder.file("chunk.h5")
        let lock = path + ".lock"
        let own = WriterLock.Owner.current
        func leave(_ owner: WriterLock.Owner) throws { try Data(owner.text.utf8).write(to: URL(filePath: lock)) }

        let child = Process()
        child.executableURL = URL(filePath: "/bin/sh")
        child.arguments = ["-c", "exit 0"]
        try child.start()
        child.waitUntilExit()
        try leave(.init(host: own.host, process: child.processIdentifier, started: 1))
        do { _ = try WriterLock(for: path) }
        #expect(!FileManager.default.fileExists(atPath: lock))

        // A living process, but not the one that left the lock: its number was given out again.
        try leave(.init(host: own.host, process: own.process, started: own.started &+ 1))
        do { _ = try WriterLock(for: path) }

        // An empty one may be another's who is about to sign: only the user's word removes it.
        for text in ["", "no owner", "\u{0}\u{0}\u{0}"] {
            try Data(text.utf8).write(to: URL(filePath: lock))
            expectFault(.temporary, "names no process", "--take-over") { _ = try WriterLock(for: path) }
            do { _ = try WriterLock(for: path, takesOver: true) }
            #expect(!exists(lock))
        }

        // The system was started again since, or the process is in another container of this machine.
        var earlier = own
        earlier.boot = "11111111-2222-3333-4444-555555555555"
        try leave(earlier)
        do { _ = try WriterLock(for: path) }
        var container = own
        container.namespace = "1"
        try leave(container)
        expectFault(.temporary, "in another container", "--take-over") { _ = try WriterLock(for: path) }
        do { _ = try WriterLock(for: path, takesOver: true) }
        // A line of version 0.1.
        try Data("\(own.host) \(own.process) \(own.started)\n".utf8).write(to: URL(filePath: lock))
        expectFault(.temporary, "of this machine") { _ = try WriterLock(for: path, takesOver: true) }

        try leave(own)
        expectFault(.temporary, path, "process \(own.process) of this machine") { _ = try WriterLock(for: path) }
        try leave(.init(host: "node-17", process: 4711, started: 5))
        expectFault(.temporary, "process 4711 on host node-17", "remove \(lock)") {
            _ = try WriterLock(for: path)
        }
        #expect(FileManager.default.fileExists(atPath: lock), "another host's lock is left alone")
    }

    @Test("A writer whose lock or folder is gone commits nothing more, and calls nothing safe")
    func lostLock() throws {
        for loss in ["removed", "replaced", "folder"] {
            let path = folder.file("\(loss)/chunk.h5")
            try FileManager.default.createDirectory(atPath: folder.file(loss), withIntermediateDirectories: true)
            let chunk = try ChunkFile.open(path, header: StoreFolder.header())
            try chunk.append([StoreFolder.record(1)])
            try chunk.commit()
            switch loss {
            case "removed": unlink(path + ".lock")
            case "replaced": try Data("node-17 1 1\n".utf8).write(to: URL(filePath: path + ".lock"))
            default: try FileManager.default.removeItem(atPath: folder.file(loss))
            }
            try chunk.append([StoreFolder.record(2)])
            expectFault(.temporary, "chunk.h5.lock was removed or taken over", "1 trials committed earlier") {
                try chunk.commit()
            }
            expectFault(.temporary, "was removed or taken over") { try chunk.close() }
            #expect(chunk.committedCount == 1)
        }
        #expect(exists(folder.file("replaced/chunk.h5.lock")), "another's lock is left alone")
    }

    @Test("A link to a chunk is the chunk: one lock, one journal, and the link stays")
    func links() throws {
        let path = folder.file("chunk.h5")
        for (link, target) in [("absolute.h5", path), ("relative.h5", "chunk.h5"), ("chain.h5", "relative.h5")] {
            try FileManager.default.createSymbolicLink(atPath: folder.file(link), withDestinationPath: target)
        }
        expectFault(.cannotCreate, "leads to no file") {
            _ = try ChunkFile.open(folder.file("absolute.h5"), header: StoreFolder.header())
        }
        try folder.chunk("chunk.h5", 0..<10)
        let chunk = try ChunkFile.open(path, header: StoreFolder.header())
        for link in ["absolute.h5", "relative.h5", "chain.h5"] {
            expectFault(.temporary, "process \(getpid())") {
                _ = try ChunkFile.open(folder.file(link), header: StoreFolder.header())
            }
        }
        try chunk.append([StoreFolder.record(20)])
        try chunk.commit()
        expectFault(.temporary, "chunk.h5.journal") { _ = try TrialSet(folder.file("chain.h5")) }
        try chunk.close()
        try folder.chunk("chain.h5", 30..<40)
        #expect(try TrialSet(path).coverage.count == 21)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("chain.h5")) == "relative.h5")
    }

    @Test("Files beside a chunk that are links or folders are refused, and what they lead to is left alone")
    func sideFiles() throws {
        let precious = folder.file("precious")
        try Data("mine".utf8).write(to: URL(filePath: precious))
        for suffix in [".lock", ".new", ".journal.new", ".journal"] {
            let path = folder.file("c\(suffix.count).h5")
            try FileManager.default.createSymbolicLink(atPath: path + suffix, withDestinationPath: precious)
            expectFault(.cannotCreate, suffix, "link") {
                _ = try ChunkFile.open(path, header: StoreFolder.header())
            }
            #expect(try Data(contentsOf: URL(filePath: precious)) == Data("mine".utf8), "\(suffix)")
            unlink(path + suffix)
            try FileManager.default.createDirectory(atPath: path + suffix, withIntermediateDirectories: false)
            #expect(throws: Fault.self, "\(suffix)") { _ = try ChunkFile.open(path, header: StoreFolder.header()) }
        }
        // A plain file that a killed writer left is no hindrance.
        let path = folder.file("left.h5")
        for suffix in [".new", ".journal.new"] { try Data("left".utf8).write(to: URL(filePath: path + suffix)) }
        try ChunkFile.open(path, header: StoreFolder.header()).close()
    }

    @Test("A name that leaves no room for those beside it is refused before any trial")
    func longNames() throws {
        let long = folder.file(String(repeating: "x", count: 240) + ".h5")
        expectFault(.cannotCreate, "the file system allows 255", "shorter name") {
            _ = try ChunkFile.open(long, header: StoreFolder.header())
        }
        #expect(try folder.names.isEmpty)
    }

    @Test("A merge that finishes while a run begins the same file replaces neither it nor its lock")
    func mergeAgainstRun() throws {
        let inputs = [try folder.chunk("a.h5", 0..<10)]
        let output = folder.file("out.h5")
        for replace in [false, true] {
            var begun: ChunkFile?
            #expect(throws: Fault.self) {
                _ = try TrialMerge.merge(inputs, into: output, replace: replace, softwareVersion: "1") {
                    _ throws(Fault) in
                    if begun == nil { begun = try ChunkFile.open(output, header: StoreFolder.header()) }
                }
            }
            let chunk = try #require(begun)
            try chunk.append([StoreFolder.record(replace ? 77 : 78)])
            try chunk.close()
            #expect(try TrialSet(output).coverage.count == (replace ? 2 : 1))
        }
        #expect(try !folder.names.contains { $0.contains(".new") || $0.contains(".lock") })
    }
}
