import Foundation
import IceTracks
import Numerics
import PointSource
import Synchronization
import TestSupport
import Testing

@testable import Settings
@testable import ToyRelease
@testable import TrialMaking
@testable import TrialStore

@Suite("Trial runner")
struct TrialRunnerTests {
    /// The analysis of one season of a small toy release, made once.
    private static let analysis = Result { () throws -> PointSourceAnalysis in
        let folder = try ScratchFolder()
        try ToyRelease(scale: 0.004, bins: 4).write(into: folder.path)
        let datasets = try Release(path: folder.path, sample: ToyRelease.sample).load(["IC40"])
        return try PointSourceAnalysis(
            datasets: datasets, source: try Source(rightAscensionDegrees: 40.67, declinationDegrees: -0.01),
            settings: AnalysisSettings())
    }

    private static let hypothesis = Hypothesis(meanSignal: 3, seed: 5)

    private func records(
        _ bounds: [(Int64, Int64)], threads: Int, probes: [Probe] = [Probe(signalEvents: 4, gamma: 2.5)]
    ) throws -> [TrialRecord] {
        let trials = TrialRanges(try bounds.map { try #require(TrialRange(first: $0.0, last: $0.1)) })
        var all: [TrialRecord] = []
        let runner = TrialRunner(analysis: try Self.analysis.get(), probes: probes, threads: threads)
        try runner.run(trials, of: Self.hypothesis) { all += $0 }
        return all
    }

    @Test("Records depend neither on threads nor on how trials are cut")
    func determinism() throws {
        let reference = try records([(0, 149)], threads: 1)
        #expect(reference.map(\.trial) == Array(0...149))
        #expect(try records([(0, 149)], threads: 3) == reference)
        #expect(
            try records([(0, 6), (7, 70), (80, 149)], threads: 2) == reference.filter { !(71..<80).contains($0.trial) })
        #expect(Set(reference.map(\.testStatistic)).count > 100)
    }

    @Test("Weighted records depend neither on threads nor on how trials are cut nor on probes")
    func weighted() throws {
        let (analysis, hypothesis) = (try Self.analysis.get(), Hypothesis(tail: 4, seed: 5))
        func records(_ bounds: [(Int64, Int64)], threads: Int, probes: [Probe] = []) throws -> [TrialRecord] {
            let trials = TrialRanges(try bounds.map { try #require(TrialRange(first: $0.0, last: $0.1)) })
            let runner = try TrialRunner(analysis: analysis, probes: probes, threads: threads, making: [hypothesis])
            var all: [TrialRecord] = []
            try runner.run(trials, of: hypothesis) { all += $0 }
            return all
        }
        let reference = try records([(0, 149)], threads: 1)
        #expect(reference.allSatisfy { $0.hypothesis == hypothesis && $0.meanSignal == 0 && $0.injected == 0 })
        #expect(Set(reference.compactMap(\.weight?.proposal)).count > 5)
        #expect(reference.allSatisfy { ($0.weight?.logWeight ?? 9) <= 2.31 })
        #expect(try records([(80, 149), (0, 6), (7, 79)], threads: 3) == reference)
        let probed = try records([(0, 149)], threads: 2, probes: [Probe(signalEvents: 500, gamma: 1)])
        #expect(probed.map(\.weight) == reference.map(\.weight))
        #expect(probed.map(\.testStatistic) == reference.map(\.testStatistic))

        let plain = TrialRunner(analysis: analysis, threads: 1)
        let trials = TrialRanges(try [#require(TrialRange(first: 0, last: 1))])
        expectFault(.usage, "there is no mixture") { try plain.run(trials, of: hypothesis) { _ in } }
        expectFault(.usage, "9 sigma is outside 2 to 8") {
            _ = try TrialRunner(analysis: analysis, making: [Hypothesis(tail: 9, seed: 1)])
        }
    }

    @Test("A record holds what the trial gave")
    func mapping() throws {
        let analysis = try Self.analysis.get()
        let record = try #require(try records([(7, 7)], threads: 2).first)
        var workspace = analysis.makeWorkspace()
        let trial = try analysis.trial(
            7, of: Self.hypothesis, probes: [Probe(signalEvents: 4, gamma: 2.5)], workspace: &workspace)
        #expect(record.trial == 7 && record.seed == 5 && record.meanSignal == 3 && record.meanSignal0 == 0)
        #expect(record.injected == Int64(trial.injected))
        #expect(record.testStatistic == trial.fit.testStatistic)
        #expect(record.signalEvents == trial.fit.signalEvents && record.gamma == trial.fit.gamma)
        #expect(record.flags.rawValue == trial.fit.convergence.rawValue)
        #expect(record.probes == trial.probes && record.probes.count == 1)
    }

    @Test("A cancelled run hands over a first part, in order")
    func cancellation() throws {
        let count = Mutex(0)
        var numbers: [Int64] = []
        let trials = TrialRanges([try #require(TrialRange(first: 0, last: 99_999))])
        let made = try TrialRunner(analysis: try Self.analysis.get(), threads: 2).run(
            trials, of: Self.hypothesis, isCancelled: { count.withLock { $0 >= 100 } }
        ) { records in
            numbers += records.map(\.trial)
            count.withLock { $0 += records.count }
        }
        #expect(made == Int64(numbers.count))
        #expect(numbers.count >= 100 && numbers.count < 99_999)
        #expect(numbers == Array(0..<Int64(numbers.count)))
    }

    @Test("A failing receiver ends the run")
    func failingReceiver() throws {
        struct Full: Error {}
        let trials = TrialRanges([try #require(TrialRange(first: 0, last: 9_999))])
        let runner = TrialRunner(analysis: try Self.analysis.get(), threads: 2)
        #expect(throws: Full.self) { try runner.run(trials, of: Self.hypothesis) { _ in throw Full() } }
    }
}
