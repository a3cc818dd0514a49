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
        guard let range = TrialRange(first: order.trials.lowerBound, last: order.trials.upperBound - 1) else {
            return []
        }
        let hypothesis = Hypothesis(meanSignal: order.mu, seed: seed)
        let known = chunk?.coverage[hypothesis]
        let progress = Console.Progress(
            "mu \(NumberFormat.plain(order.mu))", unit: "trials", total: order.trials.count, style: progressStyle)
        defer { progress.finish() }
        var made: [SensitivitySearch.Made] = []
        try runner.run(TrialRanges([range]), of: hypothesis) { records in
            made += records.map { (Int($0.injected), $0.testStatistic) }
            try chunk?.append(records.filter { known?.contains($0.trial) != true })
            progress.advance(by: records.count)
        }
        try chunk?.commit()
        return made
    }
}
