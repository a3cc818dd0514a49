import Diagnostics
import Files
import Foundation
import Numerics
import PointSource
import Settings
import TrialStore

/// Makes trials on several threads and delivers them in order.
///
/// A trial depends only on its hypothesis and number (docs/architecture.md, promise 1), so the records depend neither
/// on the number of threads nor on the blocks.
public struct TrialRunner: Sendable {
    public let analysis: PointSourceAnalysis
    /// The points at which ln Λ is recorded.
    public let probes: [Probe]
    /// At least 1.
    public let threads: Int
    /// The mixture for weighted trials; nil if there are none.
    public let weighted: WeightedBackground?
    /// The number of trials that a thread makes and delivers together.
    public static let blockSize: Int64 = 32

    /// - Parameter threads: a number below 1 means 1.
    public init(analysis: PointSourceAnalysis, probes: [Probe] = [], threads: Int = Provenance.processorCount) {
        self.init(analysis: analysis, probes: probes, threads: threads, weighted: nil)
    }

    /// A runner that also makes weighted trials, if any of the hypotheses has them.
    ///
    /// - Parameter hypotheses: all weighted ones must have the same tail.
    /// - Throws: `Fault` (usage) as `WeightedBackground`.
    public init(
        analysis: PointSourceAnalysis, probes: [Probe] = [], threads: Int = Provenance.processorCount,
        making hypotheses: some Sequence<Hypothesis>
    ) throws {
        let tail = hypotheses.lazy.compactMap(\.tail).first
        self.init(
            analysis: analysis, probes: probes, threads: threads,
            weighted: try tail.map { try WeightedBackground(analysis, tail: $0) })
    }

    private init(analysis: PointSourceAnalysis, probes: [Probe], threads: Int, weighted: WeightedBackground?) {
        self.analysis = analysis
        self.probes = probes
        self.threads = max(1, threads)
        self.weighted = weighted
    }

    /// Makes trials.
    ///
    /// - Parameters:
    ///   - trials: their numbers.
    ///   - isCancelled: called regularly by every thread; after it returns true no further block is started, and those
    ///     in progress are still delivered.
    ///   - deliver: receives the records in ascending order of their numbers, a block at a time; called on this thread.
    ///     If it throws, the run ends and throws the same.
    /// - Returns: the number of delivered trials.
    /// - Throws: what `deliver` throws; `Fault` (bad data) if no signal event passes the energy cut; `Fault` (usage) for
    ///   weighted trials that the runner is not made for. All records before
    ///   the first failed trial have been delivered then.
    @discardableResult
    public func run(
        _ trials: TrialRanges, of hypothesis: Hypothesis, isCancelled: @escaping @Sendable () -> Bool = { false },
        deliver: ([TrialRecord]) throws -> Void
    ) throws -> Int64 {
        // Up to four blocks per thread wait for an earlier one: memory does not grow with the number of trials.
        let queue = TrialBlockQueue(trials, blockSize: Self.blockSize, window: 4 * threads, workers: threads)
        let makeBlock: @Sendable (inout TrialWorkspace) -> Bool = { [self] workspace in
            guard !isCancelled(), let block = queue.next() else { return false }
            queue.finish(block, with: Result { try records(of: block.trials, hypothesis, &workspace) })
            return true
        }
        var workers: [WorkerThread] = []
        while workers.count < threads,
            let worker = WorkerThread({ [analysis] in
                var workspace = analysis.makeWorkspace()
                while makeBlock(&workspace) {}
                queue.workerEnded()
            })
        {
            workers.append(worker)
        }
        for _ in workers.count..<threads { queue.workerEnded() }
        defer {
            queue.stopAndWait()
            for worker in workers { worker.wait() }
        }
        // If the system grants no thread, this one makes the trials.
        var own = workers.isEmpty ? analysis.makeWorkspace() : nil
        var made: Int64 = 0
        while true {
            if var workspace = own.take() {
                _ = makeBlock(&workspace)
                own = workspace
            }
            guard let block = queue.take() else { break }
            let records = try block.get()
            try deliver(records)
            made += Int64(records.count)
        }
        return made
    }

    private func records(
        of trials: TrialRange, _ hypothesis: Hypothesis, _ workspace: inout TrialWorkspace
    ) throws -> [TrialRecord] {
        try (trials.first...trials.last).map { number in
            guard let tail = hypothesis.tail else {
                let trial = try analysis.trial(
                    UInt64(bitPattern: number), of: hypothesis, probes: probes, workspace: &workspace)
                return TrialRecord(number, hypothesis, trial, nullSignal: analysis.settings.nullSignal)
            }
            guard let weighted else {
                throw Fault(
                    .usage, at: .field("tail"), "there is no mixture to draw weighted trials from",
                    remedy: "make the runner for the hypothesis")
            }
            let made = try analysis.weightedTrial(
                UInt64(bitPattern: number), of: hypothesis, background: weighted, probes: probes,
                workspace: &workspace)
            var record = TrialRecord(number, hypothesis, made.trial, nullSignal: 0)
            record.weight = TrialWeight(
                tail: tail, logWeight: made.logWeight, proposal: Int64(made.proposal), logRatios: made.heldOut)
            return record
        }
    }
}

extension TrialRecord {
    /// - Parameter nullSignal: `mean_n_sig_0`, the signal events of the null hypothesis.
    init(_ number: Int64, _ hypothesis: Hypothesis, _ trial: Trial, nullSignal: Double) {
        self.init(
            trial: number, seed: hypothesis.seed, meanSignal: hypothesis.meanSignal, injected: Int64(trial.injected),
            meanSignal0: nullSignal, testStatistic: trial.fit.testStatistic, signalEvents: trial.fit.signalEvents,
            gamma: trial.fit.gamma, flags: TrialFlags(rawValue: trial.fit.convergence.rawValue), probes: trial.probes)
    }
}
