import Diagnostics
import Foundation
import HDF5
import PointSource
import TestSupport
import Testing

@testable import TrialStore

@Suite("Merging")
struct TrialMergeTests {
    let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    private func merge(_ paths: [String], into name: String) throws -> MergeResult {
        try TrialMerge.merge(paths, into: folder.file(name), softwareVersion: "0.1.0")
    }

    @Test("A merge that is stopped at any stage leaves nothing")
    func stopped() throws {
        let chunks = try [folder.chunk("a.h5", 0..<50), folder.chunk("b.h5", 50..<100)]
        for stage in 0...2 {
            var stages = 0
            let fault = #expect(throws: Fault.self) {
                try TrialMerge.merge(chunks, into: folder.file("all.h5"), softwareVersion: "0.1.0") {
                    (_: MergeProgress) throws(Fault) in
                    guard stages == stage else {
                        stages += 1
                        return
                    }
                    throw Fault(.temporary, "enough")
                }
            }
            #expect(fault?.problem == "enough")
            #expect(try folder.names == ["a.h5", "b.h5"], "stage \(stage)")
        }
    }

    @Test("Gaps of more trials than can be counted do not stop a merge")
    func endlessGaps() throws {
        let last = Int64.max - 1
        let chunk = try folder.chunk("a.h5", [last])
        try folder.chunk("a.h5", [last], mu: 5)
        #expect(try merge([chunk], into: "all.h5").hypotheses.map(\.gaps.count) == [last, last])
        #expect(try TrialSet(folder.file("all.h5")).missing?.count == .max)
    }

    @Test("Any cut of a campaign into chunks gives the same table")
    func sameTable() throws {
        let whole = try folder.chunk("whole.h5", 0..<3000)
        try folder.chunk("whole.h5", 0..<500, mu: 5)
        try folder.chunk("whole.h5", 0..<40, mu: 5, seed: -2)

        let uneven = try [
            folder.chunk("a.h5", 1000..<2999), folder.chunk("b.h5", (0..<1000).reversed()),
            folder.chunk("c.h5", stride(from: 1, to: 500, by: 2), mu: 5),
            folder.chunk("d.h5", stride(from: 0, to: 500, by: 2), mu: 5),
            folder.chunk("e.h5", [2999]), folder.chunk("f.h5", [Int64]()),
            folder.chunk("g.h5", 0..<40, mu: 5, seed: -2, header: StoreFolder.header(host: "there")),
        ]
        try folder.chunk("e.h5", [7], mu: 5, seed: -2)

        let one = try merge([whole], into: "one.h5")
        let many = try merge(uneven.shuffledWithSeed(5), into: "many.h5")
        #expect(try StoreFolder.rawRows(folder.file("one.h5")) == StoreFolder.rawRows(folder.file("many.h5")))
        #expect(one.tableDigest == many.tableDigest)
        #expect(one.rows == 3540)
        #expect(one.duplicateRows == 0)
        #expect(many.duplicateRows == 1)
        #expect(many.hypotheses.map(\.hypothesis.description) == ["mu 0, seed 1", "mu 5, seed -2", "mu 5, seed 1"])
        #expect(many.hypotheses.map(\.count) == [3000, 40, 500])
        #expect(many.hypotheses.map(\.duplicates.description) == ["none", "7", "none"])
        #expect(!many.hasGaps)

        // Merging merged files changes nothing.
        let again = try merge([folder.file("many.h5"), whole, folder.file("one.h5")], into: "again.h5")
        #expect(again.tableDigest == one.tableDigest)
        #expect(again.duplicateRows == 2 * 3540)

        do {
            let trials = try TrialSet(folder.file("many.h5"))
            #expect(trials.tableDigest == one.tableDigest)
            let background = Hypothesis(meanSignal: 0, seed: 1)
            #expect(try trials.records(of: background) == (0..<3000).map { StoreFolder.record($0) })
        }
        expectFault(.badData, "merged file") {
            _ = try ChunkFile.open(folder.file("many.h5"), header: StoreFolder.header())
        }
    }

    @Test("The digest is the SHA-256 of the raw rows")
    func digest() throws {
        let empty = try merge([folder.chunk("empty.h5", [Int64]())], into: "merged.h5")
        #expect(empty.tableDigest == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(empty.rows == 0)
        #expect(empty.hypotheses.isEmpty)
    }

    @Test("More inputs than are kept open at a time, all interleaved")
    func manyInputs() throws {
        let paths = try (0..<70).map { try folder.chunk("\($0).h5", stride(from: $0, to: 700, by: 70)) }
        let report = try merge(paths, into: "merged.h5")
        #expect(report.hypotheses.map(\.present.description) == ["0–699"])
        let expected = (0..<700).map { StoreFolder.record($0) }
        #expect(try StoreFolder.rawRows(folder.file("merged.h5")) == TrialTableLayout().encode(expected))
    }

    @Test("Gaps are reported, duplicates only dropped if equal")
    func gapsAndConflicts() throws {
        let first = try folder.chunk("first.h5", Array(0..<10) + Array(20..<30))
        let report = try merge([first, folder.chunk("second.h5", 5..<15)], into: "merged.h5")
        #expect(report.hypotheses.map(\.gaps.description) == ["15–19"])
        #expect(report.hypotheses.map(\.duplicates.description) == ["5–9"])
        #expect(report.duplicateRows == 5)
        #expect(report.rows == 25)
        #expect(report.hasGaps)

        let wrong = folder.file("wrong.h5")
        let chunk = try ChunkFile.open(wrong, header: StoreFolder.header())
        var record = StoreFolder.record(8)
        record.testStatistic = record.testStatistic.nextUp
        try chunk.append([record])
        try chunk.close()
        expectFault(.badData, "trial 8 of mu 0, seed 1", wrong, first) {
            _ = try merge([first, wrong], into: "no.h5")
        }
        #expect(try !folder.names.contains { $0.hasPrefix("no.h5") }, "a merge that fails leaves nothing")
    }

    @Test("Mixed campaigns and probes are refused with file names and what differs")
    func mixtures() throws {
        let first = try folder.chunk("first.h5", 0..<10)
        let campaign = StoreFolder.campaign.replacing("DR2-v2", with: "DR2")
        let other = try folder.chunk(
            "other.h5", 10..<20, header: StoreFolder.header(data: "aa", campaign: campaign))
        expectFault(.badData, first, other, "sample is IceTracks-DR2 in \(other) and IceTracks-DR2-v2 in \(first)") {
            _ = try merge([first, other], into: "merged.h5")
        }
        let probed = try folder.chunk(
            "probed.h5", 10..<20, header: StoreFolder.header(probes: [Probe(signalEvents: 5, gamma: 2)]))
        expectFault(.badData, first, probed, "log_lambda@5:2") {
            _ = try merge([first, probed], into: "merged.h5")
        }
        #expect(try folder.names == ["first.h5", "other.h5", "probed.h5"])
    }

    @Test("Outputs: inputs are never replaced, others only when asked")
    func outputs() throws {
        let first = try folder.chunk("first.h5", 0..<10)
        expectFault(.usage, first, "also an input") { _ = try merge([first], into: "./first.h5") }
        expectFault(.usage, "nothing to merge") { _ = try merge([], into: "merged.h5") }
        _ = try merge([first], into: "merged.h5")
        expectFault(.cannotCreate, "merged.h5", "already exists") { _ = try merge([first], into: "merged.h5") }
        let report = try TrialMerge.merge(
            [first], into: folder.file("merged.h5"), replace: true, softwareVersion: "0.1.0")
        #expect(report.rows == 10)
        let nowhere = expectFault(.cannotCreate, "no/such.h5: ", "does not exist") {
            _ = try merge([first], into: "no/such.h5")
        }
        #expect(nowhere?.description.contains(".new") == false, "the passing name is nobody's business")
        expectFault(.missingInput, "absent.h5") { _ = try merge([folder.file("absent.h5")], into: "more.h5") }
    }

    @Test("A damaged input is named and nothing is written")
    func damage() throws {
        let sound = try folder.chunk("sound.h5", 0..<10)
        let damaged = try folder.chunk("damaged.h5", 10..<1034)
        var bytes = try Data(contentsOf: URL(filePath: damaged))
        // Shuffling lays the first bytes of all seeds side by side: 1024 ones.
        let run = try #require(bytes.range(of: Data(repeating: 1, count: 1024)))
        bytes[run.lowerBound + 100] = 2
        try bytes.write(to: URL(filePath: damaged))
        expectFault(.badData, damaged, "Fletcher32") { _ = try merge([sound, damaged], into: "merged.h5") }
        #expect(try folder.names == ["damaged.h5", "sound.h5"])
    }
}

extension Array {
    /// Fisher–Yates by a fixed sequence.
    fileprivate func shuffledWithSeed(_ seed: UInt64) -> [Element] {
        var (state, result) = (seed, self)
        for index in result.indices.dropFirst().reversed() {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            result.swapAt(index, Int((state >> 33) % UInt64(index + 1)))
        }
        return result
    }
}
