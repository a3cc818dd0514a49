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
    /// At least 1.
    public let threads: Int
    /// The mixture for weighted trials; nil if there are none.
    public let mixture: ProposalMixture?
    /// One for each thread.
    private let makeMaker: @Sendable () -> any TrialMaker
    /// The number of trials that a thread makes and delivers together: a search of the sky takes many seconds.
    let blockSize: Int64

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

    /// A runner for sky trials of a list of sources, also for weighted ones, if any of the hypotheses has them.
    ///
    /// - Parameters:
    ///   - storesFits: whether the records have n_s and θ of every source.
    ///   - hypotheses: all weighted ones must have the same tail.
    /// - Throws: `Fault` (usage) as `WeightedCatalogue`.
    public init(
        catalogue: CatalogueAnalysis, storesFits: Bool = false, threads: Int = Provenance.processorCount,
        making hypotheses: some Sequence<Hypothesis>
    ) throws {
        let weighted = try hypotheses.lazy.compactMap(\.tail).first.map { try WeightedCatalogue(catalogue, tail: $0) }
        self.threads = max(1, threads)
        mixture = weighted?.mixture
        makeMaker = { CatalogueTrialMaker(catalogue, storesFits: storesFits, weighted: weighted) }
        blockSize = Self.standardBlockSize
    }

    /// A runner for searches of the whole sky.
    public init(sky: SkySearch, threads: Int = Provenance.processorCount) {
        self.threads = max(1, threads)
        mixture = nil
        makeMaker = { SkyTrialMaker(sky) }
        blockSize = 1
    }

    private static let standardBlockSize: Int64 = 32

    private init(analysis: PointSourceAnalysis, probes: [Probe], threads: Int, weighted: WeightedBackground?) {
        self.threads = max(1, threads)
        mixture = weighted?.mixture
        makeMaker = { SourceTrialMaker(analysis, probes: probes, weighted: weighted) }
        blockSize = Self.standardBlockSize
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
        let queue = TrialBlockQueue(trials, blockSize: blockSize, window: 4 * threads, workers: threads)
        let makeBlock: @Sendable (inout any TrialMaker) -> Bool = { maker in
            guard !isCancelled(), let block = queue.next() else { return false }
            queue.finish(
                block,
                with: Result {
                    try maker.records(block.trials.first...block.trials.last, of: hypothesis)
                })
            return true
        }
        var workers: [WorkerThread] = []
        while workers.count < threads,
            let worker = WorkerThread({ [makeMaker] in
                var maker = makeMaker()
                while makeBlock(&maker) {}
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
        var own = workers.isEmpty ? makeMaker() : nil
        var made: Int64 = 0
        while true {
            if var maker = own.take() {
                _ = makeBlock(&maker)
                own = maker
            }
            guard let block = queue.take() else { break }
            let records = try block.get()
            try deliver(records)
            made += Int64(records.count)
        }
        return made
    }
}
