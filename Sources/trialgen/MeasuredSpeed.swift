import Console
import Logging
import PointSource
import Trials

/// How long a campaign takes, from a few trials of each hypothesis.
struct MeasuredSpeed {
    /// Seconds to read and prepare the data.
    let startSeconds: Double
    /// Seconds for all trials.
    let totalSeconds: Double
    /// Trials per second of each hypothesis.
    let rates: [Hypothesis: Double]

    /// Seconds that measuring takes, for all hypotheses together.
    private static let budget = 10.0

    /// - Throws: `Fault` as `TrialSession`.
    init(
        _ configuration: Configuration, prepared: PreparedFile?,
        of trials: [(hypothesis: Hypothesis, range: TrialRange)], threads: Int, logger: Logger
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let session = try TrialSession(configuration, prepared, logger: logger)
        startSeconds = (clock.now - start) / .seconds(1)
        let runner = TrialRunner(analysis: session.analysis, probes: configuration.probes, threads: threads)
        let hypotheses = Set(trials.map(\.hypothesis)).sorted()
        let share = Duration.seconds(max(0.3, Self.budget / Double(hypotheses.count)))
        var rates: [Hypothesis: Double] = [:]
        for hypothesis in hypotheses {
            logger.info("measuring mu \(NumberFormat.plain(hypothesis.meanSignal))")
            let begin = clock.now
            // Until time is up: no more trials than a machine could make in years.
            guard let many = TrialRange(first: 0, last: 1 << 40) else { continue }
            let made = try runner.run(
                TrialRanges([many]), of: hypothesis, isCancelled: { clock.now - begin >= share }, deliver: { _ in })
            rates[hypothesis] = Double(made) / ((clock.now - begin) / .seconds(1))
        }
        self.rates = rates
        totalSeconds = trials.reduce(0) { $0 + Double($1.range.count) / max(rates[$1.hypothesis] ?? 0, 1e-9) }
    }
}
