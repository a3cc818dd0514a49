import Diagnostics
import Foundation
import PointSource
import TestSupport
import Testing

@testable import TrialStore

/// Every flipped bit of a file is found when the file is read, or changes nothing that is read.
@Suite("Flipped bits")
struct BitFlipTests {
    private let folder: StoreFolder

    init() throws { folder = try StoreFolder() }

    /// All that a file says.
    private struct Content: Equatable {
        let header: ChunkHeader
        let ledger: HostLedger
        let coverage: Coverage
        let missing: MissingTrials?
        let digest: String

        init(_ path: String) throws {
            let set = try TrialSet(path)
            header = set.header
            ledger = try TrialTable.open(path).ledger
            coverage = set.coverage
            missing = set.missing
            digest = try set.rowsDigest()
        }
    }

    /// Flips bits at random, one at a time. Most of a file are rows: half of the positions lie in the first and the
    /// last 4 kB, where HDF5 has its metadata.
    ///
    /// - Returns: how many flips were found, and how many changed nothing.
    private func flip(_ path: String, count: Int, seed: UInt64) throws -> (detected: Int, harmless: Int) {
        let sound = try Content(path)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var stream = SplitMix(state: seed)
        var (detected, harmless) = (0, 0)
        let copy = folder.file("flipped.h5")
        for number in 0..<count {
            let size = UInt64(bytes.count)
            var position = Int(stream.next() % size)
            if number % 2 == 1 {
                let near = Int(stream.next() % min(4096, size))
                position = number % 4 == 1 ? near : bytes.count - 1 - near
            }
            let bit = UInt8(stream.next() % 8)
            var flipped = bytes
            flipped[position] ^= 1 << bit
            try Data(flipped).write(to: URL(filePath: copy))
            do {
                let content = try Content(copy)
                #expect(content == sound, "bit \(bit) of byte \(position) is accepted with another content")
                harmless += 1
            } catch let fault as Fault {
                #expect(fault.kind == .badData, "byte \(position): \(fault)")
                detected += 1
            }
        }
        return (detected, harmless)
    }

    private func makeChunk(
        _ header: ChunkHeader = StoreFolder.header(),
        _ record: (Int64, Double) -> TrialRecord = { StoreFolder.record($0, mu: $1) }
    ) throws -> String {
        let path = folder.file("chunk.h5")
        for (mu, count) in [(0.0, Int64(700)), (2, 300)] {
            let chunk = try ChunkFile.open(path, header: header)
            try chunk.append((0..<count).map { record($0, mu) })
            try chunk.close(SessionEnd(seconds: 1, threads: 1, isStopped: mu == 0))
        }
        return path
    }

    @Test("200 of a chunk, seed 20")
    func chunk() throws {
        let (detected, harmless) = try flip(try makeChunk(), count: 200, seed: 20)
        #expect(detected + harmless == 200 && detected >= 100)
    }

    @Test("200 of a merged file, seed 21")
    func merged() throws {
        let (chunk, output) = (try makeChunk(), folder.file("merged.h5"))
        _ = try TrialMerge.merge([chunk], into: output, softwareVersion: "0.1.0", provenance: ["host": "here"])
        let (detected, harmless) = try flip(output, count: 200, seed: 21)
        #expect(detected + harmless == 200 && detected >= 100)
    }

    @Test("200 of a chunk and 200 of a merged file of a catalogue search, seeds 22 and 23")
    func catalogue() throws {
        let chunk = try makeChunk(try CatalogueFileTests.header(fits: true)) {
            CatalogueFileTests.record($0, mu: $1, fits: true)
        }
        let output = folder.file("merged.h5")
        _ = try TrialMerge.merge([chunk], into: output, softwareVersion: "0.1.0", provenance: ["host": "here"])
        for (path, seed) in [(chunk, UInt64(22)), (output, 23)] {
            let (detected, harmless) = try flip(path, count: 200, seed: seed)
            #expect(detected + harmless == 200 && detected >= 100)
        }
    }

    @Test("A merged file whose table is another than the one it names is refused")
    func exchangedTable() throws {
        let path = folder.file("lying.h5")
        let table = try TrialTable.create(path, format: .merged, header: StoreFolder.header())
        try table.append(try table.layout.encode((0..<9).map { StoreFolder.record($0) }))
        try table.file.root.attributes.set("table_sha256", String(repeating: "0", count: 64))
        var coverage = Coverage()
        for trial in 0..<Int64(9) { coverage.insert(trial, of: Hypothesis(meanSignal: 0, seed: 1)) }
        try table.finish(coverage)
        expectFault(.badData, path, "do not agree with its attribute table_sha256") { _ = try TrialSet(path) }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
