import Diagnostics
import PointSource
import TestSupport
import Testing

@testable import TrialStore

@Suite("The trial record and its fields")
struct TrialTableLayoutTests {
    @Test("Fields carry SkyLLH's names, then ours, then the probes")
    func fields() throws {
        let probes = [Probe(signalEvents: 5, gamma: 2), Probe(signalEvents: 12.5, gamma: 2.7)]
        let layout = try TrialTableLayout(probes: probes)
        let names = [
            "seed", "mean_n_sig", "n_sig", "mean_n_sig_0", "ts", "ns", "gamma", "trial", "flags", "log_lambda@5:2",
            "log_lambda@12.5:2.7",
        ]
        #expect(layout.recordLayout.fields.map(\.name) == names)
        #expect(layout.stride == 68 + 16)
        let offsets = layout.recordLayout.fields.map(\.offset)
        typealias Offset = TrialTableLayout.Offset
        #expect(
            offsets.prefix(9) == [
                Offset.seed, Offset.meanSignal, Offset.injected, Offset.meanSignal0, Offset.testStatistic,
                Offset.signalEvents, Offset.gamma, Offset.trial, Offset.flags,
            ])
        #expect(offsets[9] == Offset.probes)
        #expect(throws: Fault.self) { try TrialTableLayout(probes: [probes[0], probes[0]]) }
        #expect(try TrialTableLayout(of: layout.recordLayout, path: "x").probes == probes)
    }

    @Test("Records survive packing, with every bit of their numbers")
    func packing() throws {
        let layout = try TrialTableLayout(probes: [Probe(signalEvents: 1, gamma: 3)])
        var records = (0..<50).map { StoreFolder.record($0, mu: 2.5, seed: -9, probes: 1) }
        records[3].testStatistic = -0.0
        records[4].gamma = .infinity
        records[5].trial = .max - 1
        let bytes = try layout.encode(records)
        #expect(bytes.count == 50 * layout.stride)
        #expect(layout.decode(bytes) == records)
        #expect(layout.decode(bytes)[3].testStatistic.sign == .minus)
        #expect(throws: Fault.self) { try layout.encode([StoreFolder.record(1)]) }
        typealias Change = (inout TrialRecord) -> Void
        for spoil in [{ $0.trial = -1 }, { $0.meanSignal = .nan }, { $0.meanSignal = -1 }] as [Change] {
            var record = records[0]
            spoil(&record)
            #expect(throws: Fault.self) { try layout.encode([record]) }
        }
    }

    @Test("Probes are read from NS:GAMMA and print shortest")
    func probes() throws {
        #expect(try Probe(parsing: "5:2") == Probe(signalEvents: 5, gamma: 2))
        #expect(try Probe(parsing: "12.50:2.70").description == "12.5:2.7")
        #expect(try Probe(parsing: "5.0:2.0").fieldName == "log_lambda@5:2")
        for text in ["", "5", "5:", ":2", "5:2:1", "a:2", "nan:2", "5:inf"] {
            expectFault(.usage, "\"\(text)\"", "--probe") { _ = try Probe(parsing: text) }
        }
    }
}
