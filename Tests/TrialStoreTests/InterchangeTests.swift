import Diagnostics
import Files
import Foundation
@testable import HDF5
import PointSource
import TestSupport
import Testing

@testable import Settings
@testable import TrialStore

@Suite("Export and import")
struct InterchangeTests {
    private let folder: StoreFolder
    private let configuration: Configuration

    init() throws {
        folder = try StoreFolder()
        var layer = ConfigurationLayer()
        (layer.rightAscension, layer.declination) = (77.25, 5.75)
        configuration = try Configuration(layer)
    }

    /// Two hypotheses of two seeds, in a chunk whose rows are not in order.
    private func set() throws -> TrialSet {
        let probe = Probe(signalEvents: 5, gamma: 2)
        let chunk = try ChunkFile.open(folder.file("a.h5"), header: StoreFolder.header(probes: [probe]))
        try chunk.append((0..<30).map { StoreFolder.record($0, mu: 2.5, probes: 1) })
        try chunk.append((5..<25).map { StoreFolder.record($0, probes: 1) })
        try chunk.append((0..<5).map { StoreFolder.record($0, probes: 1) })
        try chunk.close()
        return try TrialSet(folder.file("a.h5"))
    }

    private func importing(_ files: [String], to output: String) throws(Fault) -> SkyLLHTrials.Imported {
        try SkyLLHTrials.read(
            files.map { folder.file($0) }, into: folder.file(output), configuration: configuration,
            fluxPerEvent: .nan, softwareVersion: "0.1.0")
    }

    @Test("What is exported as numpy and imported again is the same")
    func numpyRoundTrip() throws {
        let set = try set()
        let export = try TrialExport([set], as: .npy)
        #expect(export.count == 55)
        var progress = 0
        try export.write(to: folder.file("a.npy")) { progress += $0 }
        #expect(progress == 55)
        let report = try importing(["a.npy"], to: "b.h5")
        #expect(report.leftOut.isEmpty)
        let again = try TrialSet(folder.file("b.h5"))
        #expect(again.hypotheses == set.hypotheses)
        #expect(report.coverage == again.coverage)
        for hypothesis in set.hypotheses {
            for column in [TrialSet.Column.testStatistic, .signalEvents, .gamma, .injected] {
                #expect(try again.values(column, of: hypothesis) == set.values(column, of: hypothesis))
            }
        }
        let campaign = try Campaign(text: again.header.campaign, file: "b.h5")
        #expect(campaign.modelVersion == Campaign.importedModelVersion && campaign.fluxPerEvent.isNaN)
        #expect(campaign.fileDigests.keys.sorted() == ["skyllh_trials_1"])
        #expect(again.header.provenance["imported"] == folder.file("a.npy"))
        #expect(try folder.names == ["a.h5", "a.npy", "b.h5"])
    }

    @Test("CSV has every field to the last digit; columns of HDF5 as well")
    func textAndColumns() throws {
        let set = try set()
        let export = try TrialExport([set], meanSignals: [0], as: .csv)
        #expect(export.count == 25)
        try export.write(to: folder.file("a.csv"))
        let lines = try String(contentsOfFile: folder.file("a.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines[0] == "seed,mean_n_sig,n_sig,mean_n_sig_0,ts,ns,gamma,trial,flags,log_lambda@5:2")
        let hypothesis = Hypothesis(meanSignal: 0, seed: 1)
        let records = try set.records(of: hypothesis)
        #expect(lines.count == 1 + records.count)
        for (line, record) in zip(lines.dropFirst(), records) {
            let numbers = line.split(separator: ",").map { Double($0) }
            #expect(
                numbers == [
                    Double(record.seed), 0, Double(record.injected), 0, record.testStatistic, record.signalEvents,
                    record.gamma, Double(record.trial), Double(record.flags.rawValue), record.probes[0],
                ])
        }
        try TrialExport([set], meanSignals: [0], as: .h5).write(to: folder.file("columns.h5"))
        let root = try File.open(folder.file("columns.h5")).root
        func numbers<Number>(
            _ name: String, _ kind: RecordLayout.Kind = .float64, _ convert: (UInt64) -> Number
        ) throws -> [Number] {
            let column = RecordDataset(name: name, layout: .scalar(kind), handle: try root.openDataset(name))
            let bytes = try column.read(0..<(try column.count))
            return try stride(from: 0, to: bytes.count, by: 8).map { convert(try #require(bytes.littleEndian(at: $0))) }
        }
        #expect(try numbers("ts") { Double(bitPattern: $0) } == records.map(\.testStatistic))
        #expect(try numbers("trial", .int64) { Int64(bitPattern: $0) } == records.map(\.trial))
        #expect(try numbers("log_lambda@5:2") { Double(bitPattern: $0) } == records.map { $0.probes[0] })
        #expect(try root.attributes.string("fingerprint") == set.header.fingerprint)
    }

    @Test("An output that exists, or is an input, is left alone")
    func outputs() throws {
        let set = try set()
        let export = try TrialExport([set], as: .csv)
        try "mine".write(toFile: folder.file("there.csv"), atomically: true, encoding: .utf8)
        expectFault(.cannotCreate, "already exists") { try export.write(to: folder.file("there.csv")) }
        expectFault(.usage, "inputs are never replaced") {
            try export.write(to: folder.file("a.h5"), replace: true)
        }
        try export.write(to: folder.file("there.csv"), replace: true)
        expectFault(.badData, "contains no trials with mu 7, only 0, 2.5") {
            _ = try TrialExport([set], meanSignals: [7], as: .csv)
        }
    }

    /// Writes records of SkyLLH's fields.
    private func numpy(_ name: String, _ rows: [(seed: Int64, mu: Double, injected: Int64, mu0: Double, ts: Double)])
        throws
    {
        let names = [
            ("seed", false), ("mean_n_sig", true), ("n_sig", false), ("mean_n_sig_0", true), ("ts", true),
            ("ns", true), ("gamma", true), ("extra", true),
        ]
        var bytes = NumpyHeader.bytes(names.map { (name: $0.0, isFloat: $0.1) }, count: rows.count)
        for row in rows {
            bytes.append(littleEndian: row.seed)
            bytes.append(littleEndian: row.mu.bitPattern)
            bytes.append(littleEndian: row.injected)
            for value in [row.mu0, row.ts, 1, 2, 3] { bytes.append(littleEndian: value.bitPattern) }
        }
        try Data(bytes).write(to: URL(filePath: folder.file(name)))
    }

    @Test("Trials are numbered under their seed and mu, over several files")
    func numbering() throws {
        try numpy("a.npy", [(1, 0, 0, 0, 1), (1, 2, 3, 0, 5), (1, 0, 0, 0, 2)])
        try numpy("b.npy", [(2, 0, 0, 0, 3), (1, 4, 0, 0, 2)])
        let report = try importing(["a.npy", "b.npy"], to: "c.h5")
        #expect(report.leftOut == ["extra"])
        #expect(report.coverage.description == "mu 0, seed 1: 0–1\nmu 0, seed 2: 0\nmu 2, seed 1: 0\nmu 4, seed 1: 0")
        #expect(try TrialSet(folder.file("c.h5")).values(.testStatistic, meanSignal: 0) == [1, 2, 3])
    }

    @Test("Records that repeat are counted, those with TS 0 are not, and identical files are named")
    func repeats() throws {
        try numpy("a.npy", [(1, 0, 0, 0, 1.5), (1, 0, 0, 0, 0), (1, 0, 0, 0, 0), (1, 0, 0, 0, 1.5), (1, 0, 0, 0, -1)])
        try numpy("b.npy", [(2, 0, 0, 0, 1.5), (2, 4, 0, 0, 1.5), (2, 0, 0, 0, 1.5.nextUp)])
        let report = try importing(["a.npy", "b.npy"], to: "c.h5")
        #expect(report.repeated == 2 && report.coverage.count == 8)
        try FileManager.default.copyItem(atPath: folder.file("a.npy"), toPath: folder.file("copy.npy"))
        expectFault(.badData, "copy.npy", "is identical to \(folder.file("a.npy"))") {
            _ = try importing(["a.npy", "b.npy", "copy.npy"], to: "d.h5")
        }
        expectFault(.badData, "a.npy: is given twice") { _ = try importing(["a.npy", "a.npy"], to: "d.h5") }
    }

    @Test("What cannot be used is refused, and nothing is left behind")
    func faults() throws {
        try numpy("good.npy", [(1, 0, 0, 0, 1)])
        try numpy("again.npy", [(2, 0, 0, 0, 1), (1, 0, 0, 0, 1)])
        expectFault(.badData, "again.npy", "mu 0, seed 1, and so does", "good.npy") {
            _ = try importing(["good.npy", "again.npy"], to: "c.h5")
        }
        for (row, says) in [
            ((1, 0, 0, 2, 1), "row 1: mean_n_sig_0 is 2"), ((1, -1, 0, 0, 1), "row 1: mean_n_sig is -1"),
            ((1, 0, 0, 0, Double.nan), "row 1: ts is nan"),
        ] as [((Int64, Double, Int64, Double, Double), String)] {
            try numpy("bad.npy", [(1, 0, 0, 0, 1), row])
            expectFault(.badData, "bad.npy", says) { _ = try importing(["bad.npy"], to: "c.h5") }
        }
        let fewer = NumpyHeader.bytes([("seed", false), ("mean_n_sig", true)], count: 0)
        try Data(fewer).write(to: URL(filePath: folder.file("fewer.npy")))
        expectFault(.badData, "lacks the field \"n_sig\"; it has \"seed\", \"mean_n_sig\"") {
            _ = try importing(["fewer.npy"], to: "c.h5")
        }
        expectFault(.missingInput, "absent.npy") { _ = try importing(["absent.npy"], to: "c.h5") }
        #expect(try !folder.names.contains { $0.hasPrefix("c.h5") })
        _ = try importing(["good.npy"], to: "c.h5")
        expectFault(.cannotCreate, "already exists") { _ = try importing(["good.npy"], to: "c.h5") }
    }
}
