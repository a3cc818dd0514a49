import Foundation
import Synchronization

/// Whether the process has been asked to stop, by SIGINT, SIGTERM, SIGUSR1 or the clock, so that it can finish what it
/// is at first.
///
/// A second SIGINT (an impatient Ctrl-C) ends the process at once. Schedulers send the others to a process and again
/// to its group, so of those any number counts as one.
///
/// A signal is noted by its handler, and found when ``received`` is asked for: no thread is needed, which a system that
/// has none left would refuse.
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
    private var isAnnounced = false
    private let announces: Bool
    /// The signals that make a process stop.
    private static let signals = [SIGINT, SIGTERM, SIGUSR1]

    /// - Parameter announces: whether a first SIGINT is answered with a line on standard error.
    public init(announces: Bool = false) {
        self.announces = announces
        // Made now, since a handler must not.
        lastSignal.store(0, ordering: .relaxed)
        for number in Self.signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                lastSignal.store(number, ordering: .relaxed)
                if number == SIGINT { Foundation.signal(number, SIG_DFL) }
            }
            // Calls that a signal interrupts go on.
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
        }
        // A process inherits its parent's mask, and a signal that is blocked would never arrive.
        var wanted = sigset_t()
        sigemptyset(&wanted)
        for number in Self.signals { sigaddset(&wanted, number) }
        pthread_sigmask(SIG_UNBLOCK, &wanted, nil)
    }

    /// Asks for a stop when that much time has passed from now on, or from an earlier call on.
    public func stop(after time: Duration) {
        lock.withLock { deadline = deadline ?? .now + time }
    }

    /// What asked, if anything has.
    public var received: Reason? {
        lock.withLock {
            let signal = lastSignal.load(ordering: .relaxed)
            if reason == nil, signal != 0 { reason = .signal(signal) }
            if announces, reason == .signal(SIGINT), !isAnnounced {
                isAnnounced = true
                StandardError.write("\nstopping when what is under way is safe; Ctrl-C again ends at once\n")
            }
            if reason == nil, let deadline, .now >= deadline { reason = .time }
            return reason
        }
    }
}

/// The signal that came last; 0 for none.
private let lastSignal = Atomic<Int32>(0)
