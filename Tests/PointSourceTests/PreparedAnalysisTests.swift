import Diagnostics
import Numerics
import Testing

@testable import PointSource

/// An analysis that was written and read makes the trials of the one that was written.
@Suite("Prepared analyses")
struct PreparedAnalysisTests {
    /// Bytes at a multiple of 64, as a file's are.
    private final class Memory {
        let bytes: UnsafeMutableRawBufferPointer

        init(_ contents: some Collection<UInt8>) {
            bytes = .allocate(byteCount: contents.count, alignment: PreparedWriter.alignment)
            bytes.copyBytes(from: contents)
        }

        deinit { bytes.deallocate() }

        var reader: PreparedReader {
            PreparedReader(owner: self, bytes: UnsafeRawBufferPointer(bytes), file: "test.prepared")
        }
    }

    private func written(_ analysis: PointSourceAnalysis) -> [UInt8] {
        var writer = PreparedWriter()
        analysis.write(to: &writer)
        return writer.bytes
    }

    /// The analysis, written and read.
    static func copy(of analysis: PointSourceAnalysis) throws -> PointSourceAnalysis {
        let tests = PreparedAnalysisTests()
        return try tests.read(tests.written(analysis), like: analysis)
    }

    private func read(_ bytes: some Collection<UInt8>, like analysis: PointSourceAnalysis) throws -> PointSourceAnalysis
    {
        var reader = Memory(bytes).reader
        return try PointSourceAnalysis(from: &reader, source: analysis.source, settings: analysis.settings)
    }

    private func trials(_ analysis: PointSourceAnalysis) throws -> [Trial] {
        var workspace = analysis.makeWorkspace()
        let probe = Probe(signalEvents: 5, gamma: 2.4)
        return try [0.0, 12].flatMap { mu in
            try (0..<40).map { number in
                try analysis.trial(
                    number, of: Hypothesis(meanSignal: mu, seed: 3), probes: [probe], workspace: &workspace)
            }
        }
    }

    private static let variants: [(name: String, change: @Sendable (inout AnalysisSettings) throws -> Void)] = [
        ("defaults", { _ in }),
        (
            "exact, another range of gamma",
            {
                $0.negligibleRatio = 0
                $0.gamma = .init(name: "fit.gamma", start: 2, minimum: 1.5, maximum: 3.45)
            }
        ),
        (
            "cutoff, energy range, fixed numbers",
            {
                $0.spectrum.cutoffEnergy = 1e5
                $0.injectionRange = try AnalysisSettings.EnergyRange(lower: 1e3, upper: 1e5)
                $0.poissonInjection = false
            }
        ),
    ]

    @Test("Trials are the same to the last bit", arguments: 0..<3)
    func roundTrip(variant: Int) throws {
        let analysis = try ToyAnalysis.make(change: Self.variants[variant].change)
        let bytes = written(analysis)
        let copy = try read(bytes, like: analysis)
        let ours = try trials(analysis)
        #expect(try trials(copy) == ours, "\(Self.variants[variant].name)")
        #expect(Set(ours.map(\.fit.testStatistic)).count > 30)
        #expect(copy.fluxPerEvent().bitPattern == analysis.fluxPerEvent().bitPattern)
        #expect(copy.eventCounts == analysis.eventCounts && copy.datasetNames == analysis.datasetNames)
        #expect(copy.livetimesDays == analysis.livetimesDays && copy.candidateCounts == analysis.candidateCounts)
        #expect(written(copy) == bytes, "written again, it gives the same bytes")
    }

    @Test("An analysis of another range of gamma is refused")
    func otherGrid() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40"])
        let other = try ToyAnalysis.make(only: ["IC40"]) { $0.gamma.maximum = 3.5 }
        let fault = #expect(throws: Fault.self) { try read(written(analysis), like: other) }
        #expect(fault?.kind == .badData)
    }

    @Test("Bytes that end early are refused, wherever they end (seed 8)")
    func truncation() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40"])
        let bytes = written(analysis)
        var random = RandomStream(key: .init(seed: 8, stream: 0), trial: 0, purpose: 0)
        for number in 0..<300 {
            let length = number < 100 ? number : Int(random.uniform() * Double(bytes.count))
            let fault = #expect(throws: Fault.self) { try read(bytes.prefix(length), like: analysis) }
            #expect(fault?.kind == .badData, "\(length) bytes")
        }
    }

    /// Without a checksum before it, the reader sees anything: what it accepts must at least make trials without harm.
    @Test("Words that were overwritten never trap (seed 9)")
    func damage() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40"])
        let bytes = written(analysis)
        var random = RandomStream(key: .init(seed: 9, stream: 0), trial: 0, purpose: 0)
        let values: [UInt64] = [
            0, 1, .max, 1 << 63, 1 << 62, UInt64(Int32.max), 1 << 20, Double.nan.bitPattern, Double.infinity.bitPattern,
            Double.greatestFiniteMagnitude.bitPattern,
        ]
        var refused = 0
        for number in 0..<600 {
            var damaged = bytes
            // Half of them near the beginning, where the counts are.
            let words = number % 2 == 0 ? bytes.count / 8 : min(bytes.count / 8, 600)
            let place = 8 * Int(random.uniform() * Double(words))
            let value = values[number % values.count]
            withUnsafeBytes(of: value.littleEndian) { damaged.replaceSubrange(place..<place + 8, with: $0) }
            do {
                let accepted = try read(damaged, like: analysis)
                var workspace = accepted.makeWorkspace()
                for mu in [0.0, 5] {
                    let hypothesis = Hypothesis(meanSignal: mu, seed: 1)
                    _ = try accepted.trial(UInt64(number), of: hypothesis, workspace: &workspace)
                }
            } catch let fault as Fault {
                #expect(fault.kind == .badData)
                refused += 1
            }
        }
        #expect(refused > 200, "of 600")
    }
}
