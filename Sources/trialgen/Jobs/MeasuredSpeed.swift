import Console
import Logging
import PointSource
import Settings
import TrialMaking

/// The duration of a campaign, measured with a few trials of each hypothesis.
struct MeasuredSpeed {
    /// Seconds to read and prepare the data.
    let startSeconds: Double
    /// Seconds for all trials.
    let totalSeconds: Double
    /// Trials per second of each hypothesis.
    let rates: [Hypothesis: Double]

    /// - Parameters:
    ///   - releases: caches the release for other points of the campaign.
    ///   - seconds: duration of the measurement, for all hypotheses together.
    /// - Throws: `Fault` as `TrialSetup`.
    init(
        _ configuration: Configuration, prepared: PreparedFile?, _ releases: ReleaseReader,
        of trials: [(hypothesis: Hypothesis, range: TrialRange)], threads: Int, seconds: Double, logger: Logger
    ) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let setup = try TrialSetup(configuration, prepared, releases, logger: logger)
        let hypotheses = Set(trials.map(\.hypothesis)).sorted()
        let runner = try setup.runner(probes: configuration.probes, threads: threads, making: hypotheses)
        startSeconds = (clock.now - start) / .seconds(1)
        let share = Duration.seconds(max(0.3, seconds / Double(hypotheses.count)))
        var rates: [Hypothesis: Double] = [:]
        for hypothesis in hypotheses {
            logger.info("measuring mu \(hypothesis.muText)")
            let begin = clock.now
            // Stops when the time is up; the number of trials is practically unlimited.
            guard let many = TrialRange(first: 0, last: 1 << 40) else { continue }
            let made = try runner.run(
                TrialRanges([many]), of: hypothesis, isCancelled: { clock.now - begin >= share }, deliver: { _ in })
            rates[hypothesis] = Double(made) / ((clock.now - begin) / .seconds(1))
        }
        self.rates = rates
        totalSeconds = trials.reduce(0) { $0 + Double($1.range.count) / max(rates[$1.hypothesis] ?? 0, 1e-9) }
    }

    /// A few of the campaign's points, from the southernmost source to the northernmost: the time per trial depends
    /// mostly on the number of events around the source.
    static func representatives(of points: [CampaignPoint]) -> [CampaignPoint] {
        var byDeclination: [Double: CampaignPoint] = [:]
        for point in points.reversed() { byDeclination[point.layer.declination ?? 0] = point }
        let sorted = byDeclination.sorted { $0.key < $1.key }.map(\.value)
        let most = 5
        guard sorted.count > most else { return sorted }
        return (0..<most).map { sorted[$0 * (sorted.count - 1) / (most - 1)] }
    }
}
