import Foundation

/// Values written by the threads of a parallel loop, each its own.
package final class Slots<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var slots: [Value]

    package init(_ slots: [Value]) { self.slots = slots }

    package var values: [Value] { lock.withLock { slots } }

    /// The first value, which is replaced by its successor: each caller gets another one.
    package func take() -> Value where Value == Int {
        lock.withLock {
            defer { slots[0] += 1 }
            return slots[0]
        }
    }

    package subscript(index: Int) -> Value { lock.withLock { slots[index] } }

    /// Changes one slot. The lock is released during the change, so that long work does not block the other threads.
    package func update(_ index: Int, _ change: (inout Value) -> Void) {
        var value = self[index]
        change(&value)
        lock.withLock { slots[index] = value }
    }
}
