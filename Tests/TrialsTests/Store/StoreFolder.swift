import Diagnostics
import Foundation
import HDF5
import Testing

@testable import Trials
import PointSource

/// A folder of its own for one test of the store, with the campaign that its files belong to; removed at the end.
final class StoreFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "trialgen-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

    static let campaign = """
        sample: toy
        source:
          name: TXS 0506+056
          ra: 77.35
          dec: 5.7
        trials:
        - mu: 0
          count: 1000
        - mu: 5
          count: 100
        """

    static func header(
        fingerprint: String = "00ff", campaign: String = campaign, probes: [Probe] = [], host: String = "here"
    ) -> ChunkHeader {
        ChunkHeader(
            fingerprint: fingerprint, campaign: campaign, modelVersion: "1", softwareVersion: "0.1.0", probes: probes,
            provenance: ["host": host, "cpu": "any"])
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

/// Expects a fault of the given kind whose sentence contains all the given texts.
@discardableResult
func expectStoreFault(
    _ kind: Fault.Kind, _ texts: String..., at location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> Fault? {
    do {
        try body()
        Issue.record("no fault was thrown", sourceLocation: location)
    } catch let fault as Fault {
        #expect(fault.kind == kind, "\(fault)", sourceLocation: location)
        for text in texts { #expect(fault.description.contains(text), "\(fault)", sourceLocation: location) }
        return fault
    } catch {
        Issue.record("not a fault: \(error)", sourceLocation: location)
    }
    return nil
}
