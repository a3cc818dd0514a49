import Foundation
import Inference
import Testing

@testable import PointSource

/// Many trials of one hypothesis: TS and ln Λ at the probes, column by column.
struct TrialSample {
    /// The points of ../shared/oracle/reference/trials_dr2_seed3.json.
    static let probes = [
        Probe(signalEvents: 5, gamma: 2), Probe(signalEvents: 5, gamma: 3), Probe(signalEvents: 20, gamma: 2.5),
    ]
    static let probeNames = ["log_lambda@5:2", "log_lambda@5:3", "log_lambda@20:2.5"]

    var testStatistics: [Double] = []
    /// A column for each probe.
    var logLambdas = [[Double]](repeating: [], count: probes.count)

    var fractionAtZero: Double {
        Double(testStatistics.count { $0 <= 0 }) / Double(testStatistics.count)
    }

    init() {}

    /// What tools/parity/skyllh_trials.py --compact writes: float32 columns, TS first.
    init(compact file: URL) throws {
        let data = try Data(contentsOf: file)
        let numbers = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                Double(
                    Float(
                        bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))))
            }
        }
        let rows = numbers.count / (1 + Self.probes.count)
        let columns = (0...Self.probes.count).map { Array(numbers[($0 * rows)..<(($0 + 1) * rows)]) }
        testStatistics = columns[0]
        logLambdas = Array(columns[1...])
    }

    /// The rows of SkyLLH's trial table with a given mean signal.
    init(table: NumpyTable, meanSignal: Double) {
        let columns = table.rows(where: "mean_n_sig", is: meanSignal)
        testStatistics = columns["ts"] ?? []
        logLambdas = Self.probeNames.map { columns[$0] ?? [] }
    }

    /// Our trials 0..<count, made by two threads.
    init(_ analysis: PointSourceAnalysis, meanSignal: Double, count: UInt64, seed: Int64 = 1) async throws {
        let hypothesis = Hypothesis(meanSignal: meanSignal, seed: seed)
        let block: UInt64 = 1000
        let parts = try await withThrowingTaskGroup(of: (UInt64, TrialSample).self) { group in
            for start in stride(from: 0, to: count, by: Int(block)) {
                group.addTask {
                    var workspace = analysis.makeWorkspace()
                    var part = TrialSample()
                    for number in start..<min(start + block, count) {
                        let trial = try analysis.trial(
                            number, of: hypothesis, probes: Self.probes, workspace: &workspace)
                        part.append(trial.fit.testStatistic, trial.probes)
                    }
                    return (start, part)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for (_, part) in parts.sorted(by: { $0.0 < $1.0 }) {
            testStatistics += part.testStatistics
            for i in logLambdas.indices { logLambdas[i] += part.logLambdas[i] }
        }
    }

    /// `testStatistic` is nil where no fit was made.
    mutating func append(_ testStatistic: Double?, _ logLambda: [Double]) {
        if let testStatistic { testStatistics.append(testStatistic) }
        for (i, value) in logLambda.enumerated() { logLambdas[i].append(value) }
    }

    /// Kolmogorov–Smirnov at each probe, ours first.
    func compareProbes(_ theirs: TrialSample) throws -> [KolmogorovSmirnov] {
        try zip(logLambdas, theirs.logLambdas).map(Self.compare)
    }

    /// Equal values (TS = 0) of positive probability make the test conservative, not wrong.
    static func compare(_ ours: [Double], _ theirs: [Double]) throws -> KolmogorovSmirnov {
        try #require(KolmogorovSmirnov(ours, theirs))
    }
}
