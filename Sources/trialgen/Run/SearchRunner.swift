import Console
import Inference
import PointSource
import Settings
import TrialMaking
import TrialStore

/// Makes the trials that a search requests, and saves them if there is a chunk.
struct SearchRunner {
    let runner: TrialRunner
    let seed: Int64
    /// If the chunk holds trials of an earlier search, only missing trials are added.
    let chunk: ChunkFile?
    let progressStyle: Console.Progress.Style

    func make(_ order: SensitivitySearch.Order) throws -> [SensitivitySearch.Made] {
        var made: [SensitivitySearch.Made] = []
        try run(order.trials, of: Hypothesis(meanSignal: order.mu, seed: seed)) { records in
            made += records.map { (Int($0.injected), $0.testStatistic) }
        }
        return made
    }

    /// Makes weighted background trials; nil if the runner was not made for any.
    var makeWeighted: SensitivitySearch.MakeWeighted? {
        guard let tail = runner.mixture?.tail else { return nil }
        return { trials, distribution in
            try run(trials, of: Hypothesis(tail: tail, seed: seed)) { records in
                for record in records {
                    guard let weight = record.weight else { continue }
                    try distribution.add(
                        ts: record.testStatistic, logWeight: weight.logWeight, component: Int(weight.proposal),
                        heldOut: weight.logRatios)
                }
            }
        }
    }

    private func run(
        _ trials: Range<Int64>, of hypothesis: Hypothesis, receive: ([TrialRecord]) throws -> Void
    ) throws {
        guard let range = TrialRange(first: trials.lowerBound, last: trials.upperBound - 1) else { return }
        let known = chunk?.coverage[hypothesis]
        let progress = Console.Progress(
            "mu \(hypothesis.muText)", unit: "trials", total: trials.count, style: progressStyle)
        defer { progress.finish() }
        try runner.run(TrialRanges([range]), of: hypothesis) { records in
            try receive(records)
            try chunk?.append(records.filter { known?.contains($0.trial) != true })
            progress.advance(by: records.count)
        }
        try chunk?.commit()
    }
}
