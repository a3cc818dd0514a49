import Foundation
import Synchronization

/// Whether the process has been asked to stop, by SIGINT, SIGTERM, SIGUSR1 or a time limit, so that it can finish its
/// current step first.
///
/// A second SIGINT (an impatient Ctrl-C) ends the process at once. Schedulers send the other signals to a process and
/// again to its group, so any number of those counts as one.
///
/// The handler records a signal, and ``received`` reads it: this needs no thread, which an exhausted system might
/// refuse.
public final class StopRequest: @unchecked Sendable {
    /// Why the process should stop.
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

    // `reason` and `deadline` are used only with `lock` locked.
    private let lock = NSLock()
    private var reason: Reason?
    private var deadline: ContinuousClock.Instant?
    private var isAnnounced = false
    private let announces: Bool
    /// The signals that make a process stop.
    private static let signals = [SIGINT, SIGTERM, SIGUSR1]

    /// - Parameter announces: whether the first SIGINT prints a line on standard error.
    public init(announces: Bool = false) {
        self.announces = announces
        // Created now, since a signal handler must not.
        lastSignal.store(0, ordering: .relaxed)
        for number in Self.signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                lastSignal.store(number, ordering: .relaxed)
                if number == SIGINT { Foundation.signal(number, SIG_DFL) }
            }
            // System calls that a signal interrupts are restarted.
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
        // A process inherits its parent's signal mask; a blocked signal would never arrive.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in Self.signals { sigaddset(&wanted, number) }
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }

    /// Requests a stop after this time, counted from now or from an earlier call.
    public func stop(after time: Duration) {
        lock.withLock { deadline = deadline ?? .now + time }
    }

    /// The reason to stop, if there is one.
    public var received: Reason? {
        lock.withLock {
            let signal = lastSignal.load(ordering: .relaxed)
            if reason == nil, signal != 0 { reason = .signal(signal) }
            if announces, reason == .signal(SIGINT), !isAnnounced {
                isAnnounced = true
                StandardError.write("\nstopping after the next commit; press Ctrl-C again to end at once\n")
            }
            if reason == nil, let deadline, .now >= deadline { reason = .time }
            return reason
        }
    }
}

/// The last signal; 0 for none.
private let lastSignal = Atomic<Int32>(0)
