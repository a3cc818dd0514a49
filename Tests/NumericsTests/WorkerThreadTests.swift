import Foundation
import Numerics
import Testing

@Suite("Threads")
struct WorkerThreadTests {
    @Test("A parallel loop calls its body once for every number", arguments: [0, 1, 2, 7, 1000])
    func loop(count: Int) {
        let calls = Slots([Int](repeating: 0, count: count))
        performConcurrently(count) { index in calls.update(index) { $0 += 1 } }
        #expect(calls.values == [Int](repeating: 1, count: count))
    }

    @Test("A thread runs its body, and has ended after wait")
    func thread() throws {
        let value = Slots([0])
        let thread = try #require(WorkerThread { value.update(0) { $0 = 5 } })
        thread.wait()
        #expect(value.values == [5])
    }
}
