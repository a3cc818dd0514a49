import Foundation
import PointSource
import Testing

@testable import Settings
@testable import TrialMaking
@testable import TrialStore

@Suite("Trial blocks")
struct TrialBlockQueueTests {
    private struct Failure: Error {}

    private func ranges(_ bounds: [(Int64, Int64)]) throws -> TrialRanges {
        TrialRanges(try bounds.map { try #require(TrialRange(first: $0.0, last: $0.1)) })
    }

    private func record(_ number: Int64) -> TrialRecord {
        TrialRecord(
            trial: number, seed: 1, meanSignal: 0, injected: 0, testStatistic: 0, signalEvents: 0, gamma: 3)
    }

    /// Runs a queue with threads that need different times for different blocks.
    private func run(_ queue: TrialBlockQueue, workers: Int, failingAt failure: Int64? = nil) throws -> [Int64] {
        for worker in 0..<workers {
            Thread {
                while let block = queue.next() {
                    if (block.index + worker) % 3 == 0 { usleep(300) }
                    let numbers = Array(block.trials.first...block.trials.last)
                    queue.finish(
                        block,
                        with: numbers.contains { $0 == failure } ? .failure(Failure()) : .success(numbers.map(record)))
                }
                queue.workerEnded()
            }.start()
        }
        defer { queue.stopAndWait() }
        var numbers: [Int64] = []
        while let block = queue.take() { numbers += try block.get().map(\.trial) }
        return numbers
    }

    @Test("Blocks come back in order, regardless of the number of threads", arguments: [1, 2, 5])
    func order(workers: Int) throws {
        let trials = try ranges([(3, 3), (10, 99), (200, 231), (1000, 1500)])
        let queue = TrialBlockQueue(trials, blockSize: 32, window: 2 * workers, workers: workers)
        let expected = trials.ranges.flatMap { Array($0.first...$0.last) }
        #expect(try run(queue, workers: workers) == expected)
    }

    @Test("No more than the window is under way")
    func window() throws {
        let queue = TrialBlockQueue(try ranges([(0, 99)]), blockSize: 10, window: 3, workers: 1)
        let blocks = (0..<3).compactMap { _ in queue.next() }
        #expect(blocks.map(\.trials.first) == [0, 10, 20])
        // A fourth would wait; once the first is taken it is given out.
        queue.finish(blocks[0], with: .success([record(0)]))
        #expect(try queue.take()?.get().count == 1)
        #expect(queue.next()?.trials.first == 30)
        queue.workerEnded()
    }

    @Test("A failure ends the run after the blocks before it")
    func failure() throws {
        let queue = TrialBlockQueue(try ranges([(0, 9_999)]), blockSize: 10, window: 8, workers: 2)
        #expect(throws: Failure.self) { try run(queue, workers: 2, failingAt: 555) }
    }

    @Test("Nothing to do ends at once")
    func empty() throws {
        let queue = TrialBlockQueue(TrialRanges(), blockSize: 10, window: 8, workers: 2)
        #expect(try run(queue, workers: 2).isEmpty)
    }
}
