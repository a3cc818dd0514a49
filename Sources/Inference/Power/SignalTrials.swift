import Diagnostics

/// The TS of trials with an injected signal of known mean.
public struct SignalTrials: Sendable {
    /// The mean number of injected signal events.
    public let mu: Double
    /// The distribution of TS.
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

    /// The number of trials above a threshold, as a point of the power.
    public func point(above threshold: Double) -> DetectionPower.Point {
        DetectionPower.Point(mu: mu, proportion: distribution.proportion(above: threshold))
    }
}
