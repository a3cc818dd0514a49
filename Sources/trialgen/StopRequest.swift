import Dispatch
import Foundation

/// Whether the process has been asked to stop (SIGINT, SIGTERM), so that it can finish what it is at first.
///
/// A second signal of the same kind ends the process at once.
final class StopRequest: @unchecked Sendable {
    // `signal` is touched only while `lock` is held.
    private let lock = NSLock()
    private var signal: Int32?
    private var sources: [any DispatchSourceSignal] = []

    init() {
        for number in [SIGINT, SIGTERM] {
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.note(number) }
            source.resume()
            sources.append(source)
        }
    }

    /// The signal that asked, if any.
    var received: Int32? {
        lock.lock()
        defer { lock.unlock() }
        return signal
    }

    private func note(_ number: Int32) {
        lock.lock()
        defer { lock.unlock() }
        signal = number
        Foundation.signal(number, SIG_DFL)
    }
}
