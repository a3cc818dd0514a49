import CGSL
import Diagnostics
import Numerics

extension DetectionPower {
    /// The detection probability at any mu from those at each number of injected events.
    ///
    /// A trial depends on mu only through its number n of injected events, which has a Poisson distribution, so p(mu) =
    /// Σ_n e^(−mu) mu^n / n! · q_n exactly, with q_n the detected fraction among all trials with n events, regardless
    /// of the mu for which they were made. The q_n are pooled so that they do not decrease with n; then p does not
    /// decrease with mu.
    struct PoissonMixture {
        /// The numbers of events of the trials, ascending.
        private let events: [Int]
        private let probabilities: [Double]
        private let variances: [Double]

        init(_ injected: [Injected]) {
            events = injected.map(\.events)
            let pooled = DetectionPower.pooled(injected.map(\.proportion))
            probabilities = pooled.map(\.estimate)
            // The errors are those of the single counts, but with the more precise probability of their block, as if
            // they had not been pooled. Numbers of events of which all trials are detected form one block: with the few
            // trials of each number, their upper limits on missed trials would be far larger than that of all of them
            // together.
            let blocks = DetectionPower.pooled(injected.map(\.proportion), joiningEqual: true)
            variances = zip(blocks, injected).map { block, own in
                let p = block.jeffreysEstimate
                return p * (1 - p) / Double(own.proportion.tries)
            }
        }

        /// A mu at which almost no trial has as few events as any existing trial.
        var largestMu: Double { 2 * Double(events[events.count - 1]) + 400 }

        /// The probability at large mu.
        var largest: Double { probabilities.last ?? 0 }

        /// p(mu), its variance, and its possible underestimate due to missing numbers of events.
        func value(mu: Double) -> (probability: Double, variance: Double, missing: Double) {
            var weights = [Double](repeating: 0, count: events.count)
            var (sum, gap, place) = (0.0, 0.0, 0)
            let last = events[events.count - 1]
            // Beyond about twelve standard deviations the Poisson distribution is negligible.
            let reach = 12 * mu.squareRoot() + 30
            let first = Int(min(max(0, mu - reach), Double(last)))
            for number in first...max(first, Int(min(mu + reach, Double(last)))) {
                let weight = gsl_ran_poisson_pdf(UInt32(clamping: number), mu)
                sum += weight
                while events[place] < number { place += 1 }
                // A missing number of events is interpolated between its neighbours, and can be anywhere between them.
                if events[place] == number || place == 0 {
                    weights[place] += weight
                } else {
                    let share = Double(number - events[place - 1]) / Double(events[place] - events[place - 1])
                    weights[place] += weight * share
                    weights[place - 1] += weight * (1 - share)
                    gap += weight * (probabilities[place] - probabilities[place - 1])
                }
            }
            let beyond = max(0, 1 - sum)
            weights[events.count - 1] += beyond
            // The variance of a uniform distribution, for all missing numbers together.
            var (probability, variance) = (0.0, gap * gap / 12)
            for (index, weight) in weights.enumerated() {
                probability += weight * probabilities[index]
                variance += weight * weight * variances[index]
            }
            return (probability, variance, beyond * (1 - largest))
        }

        /// The probit of p(mu), shifted by some of its standard deviations.
        func probit(mu: Double, shift: Double) -> Double {
            let (probability, variance, _) = value(mu: mu)
            let inside = min(max(probability, 1e-12), 1 - 1e-12)
            let probit = gsl_cdf_ugaussian_Pinv(inside)
            return probit + shift * variance.squareRoot() / gsl_ran_ugaussian_pdf(probit)
        }
    }

    /// The largest part of the detection probability that may come from numbers of events without trials.
    private static let largestMissing = 0.003

    func poissonMu(atPower power: Double, deviations: Double) throws -> Estimate {
        guard !injected.isEmpty else {
            throw Fault(
                .usage, "the numbers of injected events do not follow a Poisson distribution, or are not known",
                remedy: "choose another interpolation, such as monotone")
        }
        let mixture = PoissonMixture(injected)
        if mixture.largest < power { throw notReached(power) }
        if mixture.value(mu: 0).probability > power { throw exceeded(power) }
        let level = gsl_cdf_ugaussian_Pinv(power)
        guard let mu = Self.crossing(mixture, level, shift: 0, from: 0) else { throw notReached(power) }
        let low =
            mixture.probit(mu: 0, shift: deviations) >= level
            ? 0 : Self.crossing(mixture, level, shift: deviations, from: 0) ?? 0
        let high = Self.crossing(mixture, level, shift: -deviations, from: mu)
        return Estimate(mu: mu, low: min(low, mu), high: high)
    }

    /// The mu at which the shifted probit reaches a level from below; nil if that would need trials with more events
    /// than there are.
    private static func crossing(
        _ mixture: PoissonMixture, _ level: Double, shift: Double, from start: Double
    ) -> Double? {
        var (low, high) = (start, max(1, 1.25 * start))
        func isBelow(_ mu: Double) -> Bool { mixture.probit(mu: mu, shift: shift) < level }
        while isBelow(high) {
            // Beyond all numbers of events of the trials nothing changes any more.
            if mixture.value(mu: high).missing > largestMissing || low > mixture.largestMu { return nil }
            (low, high) = (high, 1.25 * high)
        }
        let mu = bisect(from: low, to: high, width: { 1e-9 * $0 }, isBelow)
        return mixture.value(mu: mu).missing > largestMissing ? nil : mu
    }
}
