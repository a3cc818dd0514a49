import Diagnostics

/// The TS of all trials with one number of injected signal events, regardless of the mu for which it was drawn.
public struct InjectedTrials: Sendable {
    /// The number of events, ≥ 0.
    public let events: Int
    /// The distribution of TS.
    public let distribution: TSDistribution

    /// - Throws: `Fault` of kind `badData` for a negative number.
    public init(events: Int, distribution: TSDistribution) throws {
        guard events >= 0 else {
            throw Fault(.badData, "\(events) is not a number of injected events", remedy: "give a number from 0")
        }
        self.events = events
        self.distribution = distribution
    }

    /// Groups trials by their numbers of events, in increasing order.
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

    /// Orders accumulated trials by their numbers of events.
    ///
    /// - Throws: as ``init(events:distribution:)``.
    public static func sorted(_ accumulators: [Int: TSDistribution.Accumulator]) throws -> [InjectedTrials] {
        try accumulators.sorted { $0.key < $1.key }.map { events, accumulator in
            try InjectedTrials(events: events, distribution: TSDistribution(accumulator))
        }
    }
}
