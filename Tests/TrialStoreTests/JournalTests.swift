import Diagnostics
import Foundation
import HDF5
import PointSource
import TestSupport
import Testing

@testable import Settings
@testable import TrialStore

@Suite("The journal of a chunk")
struct JournalTests {
    let folder: StoreFolder
    let path: String
    let journalPath: String
    let hypothesis = Hypothesis(meanSignal: 0, seed: 1)
    let header = StoreFolder.header(probes: [Probe(signalEvents: 5, gamma: 2.5)])

    init() throws {
        folder = try StoreFolder()
        path = folder.file("chunk.h5")
        journalPath = path + ".journal"
    }

    private func records(_ trials: Range<Int64>) -> [TrialRecord] {
        trials.map { StoreFolder.record($0, probes: 1) }
    }

    /// Commits blocks of trials and ends without closing, as a process that is killed does.
    private func interrupt(_ blocks: Range<Int64>..., header: ChunkHeader? = nil) throws {
        let chunk = try ChunkFile.open(path, header: header ?? self.header)
        for block in blocks {
            try chunk.append(records(block))
            try chunk.commit()
        }
    }

    /// Makes what the chunk lacks of the first trials and closes it.
    private func complete(_ count: Int64) throws {
        let chunk = try ChunkFile.open(path, header: header)
        let whole = try #require(TrialRange(first: 0, last: count - 1))
        for range in chunk.coverage[hypothesis].missing(in: whole).ranges {
            try chunk.append(records(range.first..<range.last + 1))
        }
        try chunk.close()
    }

    private func expectFinished(_ count: Int64) throws {
        let expected = try TrialTableLayout(probes: header.probes).encode(records(0..<count))
        #expect(try StoreFolder.rawRows(path) == expected)
        #expect(try folder.names == ["chunk.h5"])
    }

    @Test("A writer that is stopped again and again leaves the same table as one that is not")
    func interruptions() throws {
        try interrupt(0..<4, 4..<9)
        #expect(try folder.names == ["chunk.h5", "chunk.h5.journal"])
        try interrupt(9..<10)
        try complete(20)
        try expectFinished(20)
        try interrupt(20..<25)
        try interrupt()
        try interrupt(25..<26, 26..<30)
        #expect(try ChunkFile.open(path, header: header).committedCount == 30)
        try complete(40)
        try expectFinished(40)
    }

    @Test("A journal without its chunk is enough, and the header stays that of the beginning")
    func journalAlone() throws {
        try interrupt(0..<4)
        try FileManager.default.removeItem(atPath: path)
        var later = header
        later.provenance = ["host": "elsewhere"]
        do {
            let chunk = try ChunkFile.open(path, header: later)
            #expect(chunk.header == header)
            #expect(chunk.coverage[hypothesis].description == "0–3")
        }
        try complete(10)
        try expectFinished(10)
        #expect(try TrialSet(path).header == header)
    }

    @Test("Nobody reads a chunk that is not finished")
    func readers() throws {
        try interrupt(0..<4)
        let remedy = "Run the same command again to finish it"
        expectFault(.temporary, path + ": ", journalPath, remedy) { _ = try TrialSet(path) }
        let merged = folder.file("merged.h5")
        expectFault(.temporary, path + ": ", remedy) {
            _ = try TrialMerge.merge([path], into: merged, softwareVersion: "0")
        }
        try FileManager.default.removeItem(atPath: path)
        expectFault(.temporary, remedy) { _ = try TrialSet(path) }
    }

    @Test("The journal of another campaign, of other probes or of another chunk is refused and left alone")
    func foreignJournals() throws {
        try interrupt(0..<4)
        try FileManager.default.removeItem(atPath: path)
        let before = FileManager.default.contents(atPath: journalPath)
        let campaign = StoreFolder.campaign.replacing("dec: 5.7", with: "dec: -5.7")
        expectFault(.badData, journalPath, "source.dec is -5.7 in this campaign and 5.7 in the file") {
            let other = StoreFolder.header(data: "aa", campaign: campaign, probes: header.probes)
            _ = try ChunkFile.open(path, header: other)
        }
        expectFault(.badData, journalPath, "log_lambda@5:2.5") {
            _ = try ChunkFile.open(path, header: StoreFolder.header())
        }
        try folder.chunk("chunk2.h5", 10..<12, header: header)
        try FileManager.default.moveItem(atPath: folder.file("chunk2.h5"), toPath: path)
        expectFault(.badData, journalPath, "a chunk of 0 trials, but \(path) contains 2") {
            _ = try ChunkFile.open(path, header: header)
        }
        #expect(FileManager.default.contents(atPath: journalPath) == before)

        try FileManager.default.removeItem(atPath: journalPath)
        try interrupt(0..<4)
        try FileManager.default.removeItem(atPath: path)
        expectFault(.badData, journalPath, "a chunk of 2 trials, but \(path) contains 0") {
            _ = try ChunkFile.open(path, header: header)
        }
    }

    @Test("A journal that outlived its chunk's replacement adds nothing")
    func staleJournal() throws {
        try interrupt(0..<4, 4..<6)
        let kept = try #require(FileManager.default.contents(atPath: journalPath))
        try complete(9)
        try kept.write(to: URL(filePath: journalPath))
        // It holds a part of what its chunk does, though no longer all.
        #expect(try ChunkFile.open(path, header: header).committedCount == 9)
        #expect(try folder.names == ["chunk.h5"])
        try complete(12)
        try expectFinished(12)
    }

    @Test("A journal cut at any byte of its last block gives the blocks before, and the same table in the end")
    func tornTails() throws {
        try interrupt(0..<3)
        let first = try #require(FileManager.default.contents(atPath: journalPath))
        try interrupt(3..<5)
        let whole = try #require(FileManager.default.contents(atPath: journalPath))
        let chunk = try #require(FileManager.default.contents(atPath: path))
        for length in first.count...whole.count {
            try chunk.write(to: URL(filePath: path))
            try whole.prefix(length).write(to: URL(filePath: journalPath))
            let expected = length == whole.count ? 5 : 3
            do { #expect(try ChunkFile.open(path, header: header).committedCount == expected, "cut to \(length)") }
            let left = try #require(FileManager.default.contents(atPath: journalPath))
            #expect(left == whole.prefix(expected == 5 ? whole.count : first.count), "cut to \(length)")
            try interrupt(Int64(expected)..<7)
            try complete(8)
            try expectFinished(8)
        }
    }

    @Test("No flipped bit of a journal changes a record")
    func flippedBits() throws {
        try interrupt(0..<3, 3..<5, 5..<6)
        let sound = try #require(FileManager.default.contents(atPath: journalPath))
        let chunk = try #require(FileManager.default.contents(atPath: path))
        let layout = try TrialTableLayout(probes: header.probes)
        let expected = try layout.encode(records(0..<6))
        var outcomes: [Int: Int] = [:]
        for byte in sound.indices {
            for bit in 0..<8 {
                var flipped = sound
                flipped[byte] ^= 1 << UInt8(bit)
                try flipped.write(to: URL(filePath: journalPath))
                do {
                    let journal = try #require(try Journal.open(for: path, .system))
                    var rows: [UInt8] = []
                    try journal.forEachBlock { block, _ throws(Fault) in rows += block }
                    #expect(expected.starts(with: rows) && rows.count < expected.count, "byte \(byte), bit \(bit)")
                    outcomes[rows.count / layout.stride, default: 0] += 1
                } catch let fault as Fault {
                    #expect(fault.kind == .badData && fault.place == .file(journalPath), "byte \(byte): \(fault)")
                    outcomes[-1, default: 0] += 1
                }
            }
            guard byte % 41 == 0, (try? Journal.open(for: path, .system)) != nil else { continue }
            try chunk.write(to: URL(filePath: path))
            try complete(8)
            try expectFinished(8)
        }
        // The header is refused; a damaged block is dropped with all that follow it.
        let rowBits = (JournalBlock.prefixLength + 3 * layout.stride) * 8
        #expect(outcomes[0] == rowBits)
        #expect(outcomes.keys.sorted() == [-1, 0, 3, 5])
    }
}
