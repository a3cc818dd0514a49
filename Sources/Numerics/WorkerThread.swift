import Foundation

/// A thread that says whether the system grants it. Dispatch waits for ever for a thread that is refused (`ulimit -u`,
/// little memory), and Foundation's `Thread` never starts then.
package struct WorkerThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let handle: pthread_t
    /// The same for every `ulimit -s`.
    private static let stackSize = 2 << 20

    /// Starts a thread, which must be awaited; nil if the system refuses it.
    package init?(_ body: @escaping @Sendable () -> Void) {
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, Self.stackSize)
        let work = Unmanaged.passRetained(Work(body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle, &attributes,
            { work in
                if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            return nil
        }
        self.handle = handle
    }

    /// Waits until the thread has ended.
    package func wait() { pthread_join(handle, nil) }
}

/// Calls `body` with every number below `count`, on as many threads as there are processors and the system grants; this
/// thread takes part. Returns when all calls have returned.
package func performConcurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let next = Slots([0])
    withoutActuallyEscaping(body) { body in
        let work: @Sendable () -> Void = {
            while true {
                let index = next.take()
                guard index < count else { return }
                body(index)
            }
        }
        let others = min(count, ProcessInfo.processInfo.activeProcessorCount) - 1
        var threads: [WorkerThread] = []
        while threads.count < others, let thread = WorkerThread(work) { threads.append(thread) }
        work()
        for thread in threads { thread.wait() }
    }
}
