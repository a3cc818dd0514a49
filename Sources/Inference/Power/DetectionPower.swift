import Diagnostics

/// The power of a search: the probability that a trial with mean signal mu has a TS above a fixed threshold, from
/// trials at several mu.
public struct DetectionPower: Sendable {
    /// The trials at one mu.
    public struct Point: Sendable, Equatable {
        /// The mean number of injected signal events.
        public let mu: Double
        /// Detected trials among all.
        public let proportion: BinomialProportion

        /// - Throws: `Fault` of kind `badData` for a mu that is negative or not finite, or invalid counts.
        public init(mu: Double, detected: Int, trials: Int) throws {
            guard mu >= 0, mu.isFinite else {
                throw Fault(.badData, "signal trials have mu \(mu)", remedy: "give a finite number of events ≥ 0")
            }
            self.init(mu: mu, proportion: try BinomialProportion(successes: detected, tries: trials))
        }

        init(mu: Double, proportion: BinomialProportion) {
            self.mu = mu
            self.proportion = proportion
        }
    }

    /// The trials with one number of injected events, regardless of the mu for which it was drawn.
    public struct Injected: Sendable, Equatable {
        /// The number of events, ≥ 0.
        public let events: Int
        /// Detected trials among all.
        public let proportion: BinomialProportion
    }

    /// How mu is interpolated between the simulated values.
    public enum Interpolation: String, Sendable, CaseIterable {
        /// Between the points of the monotone maximum-likelihood estimate (pool-adjacent-violators), linear in the
        /// probit.
        case monotone
        /// Straight lines between the counted fractions: the usual method.
        case linear
        /// A straight line in the probit of the probability, by maximum likelihood over the mu near the power.
        case probit
        /// No interpolation: the probabilities at each number of injected events, weighted by their Poisson
        /// probabilities.
        case poisson
    }

    /// A mu with its interval.
    public struct Estimate: Sendable, Equatable {
        public let mu: Double
        /// The lower end; 0 if the trials do not bound mu from below.
        public let low: Double
        /// The upper end; nil if the trials do not bound mu from above: run trials with larger mu.
        public let high: Double?
    }

    /// The trials at each mu, by increasing mu; trials at equal mu are summed.
    public let points: [Point]
    /// The same trials by increasing number of injected events; empty if it is unknown or was not drawn from a Poisson
    /// distribution.
    public let injected: [Injected]

    /// - Parameter injected: in any order, each number of events once.
    /// - Throws: `Fault` of kind `badData` if there are no points.
    public init(_ points: [Point], injected: [Injected] = []) throws {
        self.injected = injected.sorted { $0.events < $1.events }
        guard !points.isEmpty else {
            throw Fault(.badData, "there are no signal trials", remedy: "run trials with several mu above 0")
        }
        var merged: [Point] = []
        for next in points.sorted(by: { $0.mu < $1.mu }) {
            if let last = merged.last, last.mu == next.mu {
                merged[merged.count - 1] = Point(mu: next.mu, proportion: last.proportion + next.proportion)
            } else {
                merged.append(next)
            }
        }
        self.points = merged
    }

    /// The mu that is detected with probability `power`, with the interval from the binomial errors of the counts.
    ///
    /// - Parameter confidence: the probability content of the interval, in (0, 1).
    /// - Throws: `Fault` of kind `usage` for a power or a confidence outside (0, 1); of kind `badData` if the trials do
    ///   not enclose the power, naming the mu that are missing.
    public func mu(
        atPower power: Double, by interpolation: Interpolation = .monotone,
        confidence: Double = Significance.oneSigmaContent
    ) throws -> Estimate {
        guard power > 0, power < 1 else {
            throw Fault(.usage, "power \(power) is outside (0, 1)", remedy: "give a probability such as 0.9")
        }
        try Significance.check(confidence: confidence)
        let deviations = Significance.deviations(confidence: confidence)
        switch interpolation {
        case .monotone: return try crossing(monotoneLines, power: power, deviations: deviations)
        case .linear: return try crossing(straightLines, power: power, deviations: deviations)
        case .probit: return try probitMu(atPower: power, deviations: deviations)
        case .poisson: return try poissonMu(atPower: power, deviations: deviations)
        }
    }

    /// The fault for a power that no mu reaches.
    func notReached(_ power: Double) -> Fault {
        guard let largest = points.last else { return Fault(.badData, "there are no signal trials") }
        return Fault(
            .badData,
            """
            no mu reaches a detection probability of \(power): the largest mu, \(largest.mu), has \
            \(TSDistribution.brief(largest.proportion.estimate))
            """,
            remedy: "run trials with larger mu")
    }

    /// The fault for a power that is exceeded at the smallest mu.
    func exceeded(_ power: Double) -> Fault {
        guard let smallest = points.first else { return Fault(.badData, "there are no signal trials") }
        let estimate = TSDistribution.brief(smallest.proportion.estimate)
        return Fault(
            .badData,
            "the smallest mu, \(smallest.mu), already has a detection probability of \(estimate), above \(power)",
            remedy: smallest.mu > 0
                ? "run trials with smaller mu" : "choose a power above the probability of background alone")
    }
}
