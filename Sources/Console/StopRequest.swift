import Dispatch
import Foundation

/// Whether the process has been asked to stop, by SIGINT, SIGTERM, SIGUSR1 or the clock, so that it can finish what it
/// is at first.
///
/// A second SIGINT (an impatient Ctrl-C) ends the process at once. Schedulers send the others to a process and again
/// to its group, so of those any number counts as one.
public final class StopRequest: @unchecked Sendable {
    /// Why to stop.
    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        case signal(Int32)
        /// The time that `--checkpoint-every` gives has passed.
        case time

        public var description: String {
            switch self {
            case .signal(SIGINT): "stopped by SIGINT"
            case .signal(SIGTERM): "stopped by SIGTERM"
            case .signal(SIGUSR1): "stopped by SIGUSR1"
            case .signal(let number): "stopped by signal \(number)"
            case .time: "stopped to be checkpointed"
            }
        }
    }

    // `reason` and `deadline` are touched only while `lock` is held.
    private let lock = NSLock()
    private var reason: Reason?
    private var deadline: ContinuousClock.Instant?
    private var sources: [any DispatchSourceSignal] = []
    private let announces: Bool

    /// - Parameter announces: whether a first SIGINT is answered with a line on standard error.
    public init(announces: Bool = false) {
        self.announces = announces
        for number in [SIGINT, SIGTERM, SIGUSR1] {
            Foundation.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [weak self] in self?.note(number) }
            source.resume()
            sources.append(source)
        }
    }

    /// Asks for a stop when that much time has passed from now on, or from an earlier call on.
    public func stop(after time: Duration) {
        lock.withLock { deadline = deadline ?? .now + time }
    }

    /// What asked, if anything has.
    public var received: Reason? {
        lock.withLock {
            if reason == nil, let deadline, .now >= deadline { reason = .time }
            return reason
        }
    }

    private func note(_ number: Int32) {
        lock.withLock {
            reason = .signal(number)
            if number == SIGINT { Foundation.signal(number, SIG_DFL) }
        }
        if announces, number == SIGINT {
            StandardError.write("\nstopping when what is under way is safe; Ctrl-C again ends at once\n")
        }
    }
}
