import Console
import Diagnostics
import Logging
import PointSource
import Settings
import TrialMaking
import TrialStore

/// Makes the trials that a chunk lacks and appends them, with a commit at each interval.
struct ChunkFiller {
    let chunk: ChunkFile
    let runner: TrialRunner
    let commitInterval: CommitInterval
    let progressStyle: Console.Progress.Style
    let stop: StopRequest
    let logger: Logger

    /// What was done for one hypothesis.
    struct Outcome {
        let hypothesis: Hypothesis
        let range: TrialRange
        let made: Int64
        /// Trials of the range that the chunk holds now.
        let present: Int64
        let seconds: Double
        /// The part of `seconds` in which this thread waited for the disk, while others made trials.
        let commitSeconds: Double
    }

    /// Makes the trials of a range that the chunk lacks; returns when they are committed.
    func make(_ range: TrialRange, of hypothesis: Hypothesis) throws -> Outcome {
        let missing = chunk.coverage[hypothesis].missing(in: range)
        let progress = Console.Progress(
            "mu \(hypothesis.muText)", unit: "trials",
            total: Int(clamping: missing.count), style: missing.isEmpty ? .never : progressStyle)
        let clock = ContinuousClock()
        let start = clock.now
        var (pending, lastCommit, commitTime) = ([TrialRecord](), start, Duration.zero)
        defer { progress.finish() }
        let made = try runner.run(missing, of: hypothesis, isCancelled: { [stop] in stop.received != nil }) { records in
            pending += records
            if pending.count >= commitInterval.trials || clock.now - lastCommit >= commitInterval.time {
                commitTime += try clock.measure { try commit(&pending) }
                lastCommit = clock.now
            }
            progress.advance(by: records.count)
        }
        commitTime += try clock.measure { try commit(&pending) }
        return Outcome(
            hypothesis: hypothesis, range: range, made: made,
            present: range.count - chunk.coverage[hypothesis].missing(in: range).count,
            seconds: (clock.now - start) / .seconds(1), commitSeconds: commitTime / .seconds(1))
    }

    private func commit(_ pending: inout [TrialRecord]) throws(Fault) {
        guard !pending.isEmpty else { return }
        try chunk.append(pending)
        try chunk.commit()
        pending.removeAll(keepingCapacity: true)
        logger.debug("\(chunk.committedCount) trials are committed")
    }
}
