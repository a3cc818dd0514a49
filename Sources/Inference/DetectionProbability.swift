import Diagnostics

/// The probability that a signal of mean mu is detected (its TS exceeds a fixed threshold), from trials at several mu.
public struct DetectionProbability: Sendable {
    /// The trials at one mu.
    public struct Hypothesis: Sendable, Equatable {
        /// The mean number of injected signal events.
        public let mu: Double
        /// Detected trials among all.
        public let proportion: BinomialProportion

        /// - Throws: `Fault` of kind `badData` for a mu that is negative or not finite, or counts that are none.
        public init(mu: Double, detected: Int, trials: Int) throws {
            guard mu >= 0, mu.isFinite else {
                throw Fault(.badData, "a signal hypothesis has mu \(mu)", remedy: "give a finite number of events ≥ 0")
            }
            self.init(mu: mu, proportion: try BinomialProportion(successes: detected, tries: trials))
        }

        init(mu: Double, proportion: BinomialProportion) {
            self.mu = mu
            self.proportion = proportion
        }
    }

    /// How mu is found between the hypotheses.
    public enum Interpolation: String, Sendable, CaseIterable {
        /// Between the points of the monotone maximum-likelihood estimate (pool-adjacent-violators), linear in the
        /// probit.
        case monotone
        /// A straight line in the probit of the probability, by maximum likelihood over the hypotheses near the power.
        case probit
    }

    /// A mu with its 68.27 % interval.
    public struct Estimate: Sendable, Equatable {
        public let mu: Double
        /// The lower end; 0 where the hypotheses do not bound mu from below.
        public let low: Double
        /// The upper end; nil where the hypotheses do not bound mu from above: trials with larger mu are missing.
        public let high: Double?
    }

    /// The hypotheses by increasing mu, those with equal mu added up.
    public let hypotheses: [Hypothesis]

    /// - Throws: `Fault` of kind `badData` where there is no hypothesis.
    public init(_ hypotheses: [Hypothesis]) throws {
        guard !hypotheses.isEmpty else {
            throw Fault(.badData, "there are no signal trials", remedy: "run trials with several mu above 0")
        }
        var merged: [Hypothesis] = []
        for next in hypotheses.sorted(by: { $0.mu < $1.mu }) {
            if let last = merged.last, last.mu == next.mu {
                let sum = BinomialProportion(
                    unchecked: last.proportion.successes + next.proportion.successes,
                    of: last.proportion.tries + next.proportion.tries)
                merged[merged.count - 1] = Hypothesis(mu: next.mu, proportion: sum)
            } else {
                merged.append(next)
            }
        }
        self.hypotheses = merged
    }

    /// The mu that is detected with probability `power`, with the interval that the binomial errors of the counts
    /// leave.
    ///
    /// - Throws: `Fault` of kind `usage` for a power outside (0, 1); of kind `badData` where the hypotheses do not
    ///   enclose the power, naming the mu that are missing.
    public func mu(atPower power: Double, by interpolation: Interpolation = .monotone) throws -> Estimate {
        guard power > 0, power < 1 else {
            throw Fault(.usage, "power \(power) is outside (0, 1)", remedy: "give a probability such as 0.9")
        }
        switch interpolation {
        case .monotone: return try monotoneMu(atPower: power)
        case .probit: return try probitMu(atPower: power)
        }
    }

    /// The fault for a power that no hypothesis reaches.
    func notReached(_ power: Double) -> Fault {
        guard let largest = hypotheses.last else { return Fault(.badData, "there are no signal trials") }
        return Fault(
            .badData,
            """
            no hypothesis reaches a detection probability of \(power): the largest mu, \(largest.mu), has \
            \(TSDistribution.brief(largest.proportion.estimate))
            """,
            remedy: "run trials with larger mu")
    }

    /// The fault for a power that the smallest hypothesis exceeds.
    func exceeded(_ power: Double) -> Fault {
        guard let smallest = hypotheses.first else { return Fault(.badData, "there are no signal trials") }
        let estimate = TSDistribution.brief(smallest.proportion.estimate)
        return Fault(
            .badData,
            "the smallest mu, \(smallest.mu), already has a detection probability of \(estimate), above \(power)",
            remedy: smallest.mu > 0
                ? "run trials with smaller mu" : "choose a power above the probability that background alone has")
    }
}
