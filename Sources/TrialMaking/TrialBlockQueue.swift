import Foundation
import Settings
import TrialStore

/// Gives blocks of trials to threads and their records back in order.
final class TrialBlockQueue: @unchecked Sendable {
    /// A block of consecutive trials and its place in the order.
    struct Block {
        let index: Int
        let trials: TrialRange
    }

    // Everything below is touched only while `condition` is held.
    private let condition = NSCondition()
    private var rest: [TrialRange]
    private let blockSize: Int64
    /// Blocks that may be under way or wait at a time.
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

    /// The next block to make, nil when there is none or the queue is stopped. Waits while too many are under way.
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

    /// Takes the records of a block, or why there are none; after a failure no block is given out.
    func finish(_ block: Block, with records: Result<[TrialRecord], any Error>) {
        condition.lock()
        defer { condition.unlock() }
        finished[block.index] = records
        if case .failure = records { isStopped = true }
        condition.broadcast()
    }

    /// The records of the next block in order; nil when no more will come.
    func take() -> Result<[TrialRecord], any Error>? {
        condition.lock()
        defer { condition.unlock() }
        while finished[taken] == nil && workers > 0 { condition.wait() }
        guard let records = finished.removeValue(forKey: taken) else { return nil }
        taken += 1
        condition.broadcast()
        return records
    }

    /// A thread will ask for no more.
    func workerEnded() {
        condition.lock()
        defer { condition.unlock() }
        workers -= 1
        condition.broadcast()
    }

    /// Gives out no more blocks and waits until all threads have ended.
    func stopAndWait() {
        condition.lock()
        defer { condition.unlock() }
        isStopped = true
        condition.broadcast()
        while workers > 0 { condition.wait() }
    }
}
