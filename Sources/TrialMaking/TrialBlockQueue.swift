import Foundation
import Settings
import TrialStore

/// Distributes blocks of trials to threads and returns their records in order.
final class TrialBlockQueue: @unchecked Sendable {
    /// A block of consecutive trials and its position in the order.
    struct Block {
        let index: Int
        let trials: TrialRange
    }

    // Everything below is used only with `condition` locked.
    private let condition = NSCondition()
    private var rest: [TrialRange]
    private let blockSize: Int64
    /// The largest number of blocks that are being made or waiting.
    private let window: Int
    private var begun = 0
    private var taken = 0
    private var finished: [Int: Result<[TrialRecord], any Error>] = [:]
    private var workers: Int
    private var isStopped = false

    /// - Parameter workers: the number of threads that will each call ``workerEnded()`` once.
    init(_ trials: TrialRanges, blockSize: Int64, window: Int, workers: Int) {
        rest = trials.ranges.reversed()
        self.blockSize = blockSize
        self.window = window
        self.workers = workers
    }

    /// The next block to make; nil if there is none or the queue is stopped. Waits while too many are being made.
    func next() -> Block? {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped && begun >= taken + window { condition.wait() }
        guard !isStopped, let range = rest.popLast() else { return nil }
        let end = range.count > blockSize ? range.first + (blockSize - 1) : range.last
        if end < range.last, let later = TrialRange(first: end + 1, last: range.last) { rest.append(later) }
        guard let trials = TrialRange(first: range.first, last: end) else { return nil }
        begun += 1
        return Block(index: begun - 1, trials: trials)
    }

    /// Accepts the records of a block, or the reason for its failure; after a failure no further block is distributed.
    func finish(_ block: Block, with records: Result<[TrialRecord], any Error>) {
        condition.lock()
        defer { condition.unlock() }
        finished[block.index] = records
        if case .failure = records { isStopped = true }
        condition.broadcast()
    }

    /// The records of the next block in order; nil if no more will come.
    func take() -> Result<[TrialRecord], any Error>? {
        condition.lock()
        defer { condition.unlock() }
        while finished[taken] == nil && workers > 0 { condition.wait() }
        guard let records = finished.removeValue(forKey: taken) else { return nil }
        taken += 1
        condition.broadcast()
        return records
    }

    /// Called by a thread that requests no more blocks.
    func workerEnded() {
        condition.lock()
        defer { condition.unlock() }
        workers -= 1
        condition.broadcast()
    }

    /// Stops distributing blocks and waits until all threads have ended.
    func stopAndWait() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
        while workers > 0 { condition.wait() }
    }
}
