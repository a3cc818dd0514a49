import ArgumentParser
import Settings
import StrictYAML

/// When a chunk is committed: after this many trials or this much time, whichever comes first.
struct CommitInterval: ExpressibleByArgument {
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
    init?(argument: String) {
        if argument.hasSuffix("s") {
            guard let seconds = decimalNumber(argument.dropLast()), seconds > 0, seconds <= 1e9 else { return nil }
            self.init(trials: Self.mostTrials, time: .seconds(seconds))
        } else {
            guard let trials = Count(argument).flatMap({ Int(exactly: $0.value) }), trials >= 1 else { return nil }
            self.init(trials: trials, time: Self.standard.time)
        }
    }

    var defaultValueDescription: String { "10000, or 30s" }
}
