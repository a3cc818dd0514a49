import Diagnostics

/// The TS of trials with an injected signal of known mean.
public struct SignalTrials: Sendable {
    /// The mean number of injected signal events.
    public let mu: Double
    /// How the TS is distributed.
    public let distribution: TSDistribution

    /// - Throws: `Fault` of kind `badData` for a mu that is negative or not finite, no trials, or a TS that is not
    ///   finite.
    public init(mu: Double, ts: [Double]) throws {
        try self.init(mu: mu, distribution: TSDistribution(ts))
    }

    /// - Throws: `Fault` of kind `badData` for a mu that is negative or not finite.
    public init(mu: Double, distribution: TSDistribution) throws {
        guard mu >= 0, mu.isFinite else {
            throw Fault(.badData, "signal trials have mu \(mu)", remedy: "give a finite mean number of events ≥ 0")
        }
        self.mu = mu
        self.distribution = distribution
    }

    /// How many trials exceed a threshold.
    public func hypothesis(above threshold: Double) -> DetectionProbability.Hypothesis {
        DetectionProbability.Hypothesis(
            mu: mu,
            proportion: BinomialProportion(unchecked: distribution.count(above: threshold), of: distribution.count))
    }
}

/// The TS of all trials that a number of signal events was injected into, whatever mu it was drawn for.
public struct InjectedTrials: Sendable {
    /// The number of events, ≥ 0.
    public let events: Int
    /// How the TS is distributed.
    public let distribution: TSDistribution

    /// - Throws: `Fault` of kind `badData` for a negative number.
    public init(events: Int, distribution: TSDistribution) throws {
        guard events >= 0 else {
            throw Fault(.badData, "\(events) is no number of injected events", remedy: "give a number from 0")
        }
        self.events = events
        self.distribution = distribution
    }

    /// Sorts trials by their numbers of events.
    ///
    /// - Parameter trials: the number of events and TS of each, in any order.
    /// - Throws: `Fault` of kind `badData` for a negative number or a TS that is not finite.
    public static func sorted(_ trials: some Sequence<(events: Int, ts: Double)>) throws -> [InjectedTrials] {
        var byEvents: [Int: [Double]] = [:]
        for trial in trials { byEvents[trial.events, default: []].append(trial.ts) }
        return try byEvents.sorted { $0.key < $1.key }.map { events, ts in
            try InjectedTrials(events: events, distribution: TSDistribution(ts))
        }
    }

    /// Trials whose TS were taken in by their numbers of events.
    ///
    /// - Throws: as ``init(events:distribution:)``.
    public static func sorted(_ accumulators: [Int: TSDistribution.Accumulator]) throws -> [InjectedTrials] {
        try accumulators.sorted { $0.key < $1.key }.map { events, accumulator in
            try InjectedTrials(events: events, distribution: TSDistribution(accumulator))
        }
    }

    func proportion(above threshold: Double) -> BinomialProportion {
        BinomialProportion(unchecked: distribution.count(above: threshold), of: distribution.count)
    }
}
