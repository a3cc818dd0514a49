import Diagnostics
import Foundation
import HDF5
import PointSource
import Settings
import TestSupport

@testable import TrialStore

/// A temporary folder for one test of the store, with the campaign that its files belong to.
struct StoreFolder {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    var path: String { folder.path }

    func file(_ name: String) -> String { folder.file(name) }

    var names: [String] { get throws { try folder.names } }

    static let campaign = """
        sample: IceTracks-DR2-v2
        source:
          name: TXS 0506+056
          ra: 77.35
          dec: 5.7
        trials:
        - mu: 0
          count: 1000
        - mu: 5
          count: 100
        model_version: 1
        files:
          events.csv: 00ff
        flux_per_event: 1e-15

        """

    /// - Parameter data: digest of the release's events: another one makes another campaign.
    static func header(
        data: String = "00ff", campaign: String = campaign, probes: [Probe] = [], host: String = "here"
    ) -> ChunkHeader {
        let text = campaign.replacingOccurrences(of: "00ff", with: data)
        return ChunkHeader(
            fingerprint: (try? Campaign(text: text, file: "test").fingerprint) ?? "unreadable", campaign: text,
            modelVersion: "1", softwareVersion: "0.1.0", probes: probes,
            provenance: ["host": host, "cpu": "any"])
    }

    /// Writes a chunk, each list of records in a session of its own.
    @discardableResult
    func chunk(_ name: String, sessions: [(header: ChunkHeader, records: [TrialRecord])]) throws -> String {
        for (header, records) in sessions {
            let chunk = try ChunkFile.open(file(name), header: header)
            try chunk.append(records)
            try chunk.close()
        }
        return file(name)
    }

    func merge(_ paths: [String], into output: String) throws -> MergeResult {
        try TrialMerge.merge(paths, into: file(output), softwareVersion: "0.1.0")
    }

    /// Writes a chunk with the given trials of one hypothesis.
    @discardableResult
    func chunk(
        _ name: String, _ trials: some Sequence<Int64>, mu: Double = 0, seed: Int64 = 1,
        header: ChunkHeader = header()
    ) throws -> String {
        let chunk = try ChunkFile.open(file(name), header: header)
        try chunk.append(trials.map { Self.record($0, mu: mu, seed: seed, probes: header.probes.count) })
        try chunk.close()
        return file(name)
    }

    /// The bytes of a file's table.
    static func rawRows(_ path: String) throws -> [UInt8] {
        let table = try File.open(path).root.table("trials")
        return try table.read(0..<(try table.count))
    }

    /// A record whose numbers are a function of its key.
    static func record(_ trial: Int64, mu: Double = 0, seed: Int64 = 1, probes: Int = 0) -> TrialRecord {
        let number = Double(trial)
        return TrialRecord(
            trial: trial, seed: seed, meanSignal: mu, injected: trial % 7, testStatistic: number / 3 - 0.25,
            signalEvents: number.squareRoot(), gamma: 1 + 3 / (1 + number),
            flags: TrialFlags(rawValue: UInt32(trial & 3)),
            probes: (0..<probes).map { number + Double($0) / 8 })
    }
}
