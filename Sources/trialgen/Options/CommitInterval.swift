import ArgumentParser
import Settings
import StrictYAML

/// When a chunk is committed: after this many trials or this much time, whichever comes first.
struct CommitInterval: Sendable {
    let trials: Int
    let time: Duration

    static let standard = CommitInterval(trials: 10_000, time: .seconds(30))

    /// An interval in time also commits when this many trials are in memory.
    private static let mostTrials = 1_000_000

    private init(trials: Int, time: Duration) {
        self.trials = trials
        self.time = time
    }

    /// "5000" or "5k" (trials), or "10s" (seconds).
    ///
    /// - Throws: `ValidationError` for another word.
    @Sendable
    init(argument: String) throws {
        if argument.hasSuffix("s"), let seconds = decimalNumber(argument.dropLast()), seconds > 0, seconds <= 1e9 {
            self.init(trials: Self.mostTrials, time: .seconds(seconds))
        } else if let trials = Count(argument).flatMap({ Int(exactly: $0.value) }), trials >= 1 {
            self.init(trials: trials, time: Self.standard.time)
        } else {
            throw ValidationError("give a number of trials from 1, such as 5000 or 5k, or seconds, such as 10s")
        }
    }
}
