import Numerics

@testable import Inference

/// Trials of an invented search: n events from a Poisson distribution, TS = max(0, z)² with z normal about n / 2. So half of the
/// background has TS 0, and p(mu) = Σ_n e^(−mu) mu^n / n! Φ(n/2 − √t) exceeds t.
enum CountingSearch {
    static func trials(mu: Double, count: Int, seed: UInt64, first: Int64 = 0) -> [SensitivitySearch.Made] {
        (0..<Int64(count)).map { number in
            var random = RandomStream(
                key: Philox4x32.Key(seed: seed, stream: mu.bitPattern), trial: UInt64(first + number), purpose: 0)
            let events = random.poisson(mean: mu)
            let z = max(0, 0.5 * Double(events) + random.normal())
            return (events, z * z)
        }
    }

    static func search(background: Int, signal: Int, mus: [Double], seed: UInt64) throws -> SearchTrials {
        let made = mus.map { (mu: $0, trials: trials(mu: $0, count: signal, seed: seed)) }
        return SearchTrials(
            background: try TSDistribution(trials(mu: 0, count: background, seed: seed).map(\.ts)),
            signal: try made.map { try SignalTrials(mu: $0.mu, ts: $0.trials.map(\.ts)) },
            injected: try InjectedTrials.sorted(made.flatMap(\.trials)))
    }

    /// p(mu) for the threshold √t = `root`.
    static func power(mu: Double, root: Double) -> Double {
        var (weight, sum) = (Portable.exp(-mu), 0.0)
        for events in 0..<200 {
            sum += weight * (1 - Significance.tailProbability(sigma: 0.5 * Double(events) - root))
            weight *= mu / Double(events + 1)
        }
        return sum
    }

    /// The mu at which p is `power`.
    static func mu(power: Double, root: Double) -> Double {
        var (low, high) = (0.0, 100.0)
        while high - low > 1e-12 {
            let middle = 0.5 * (low + high)
            if self.power(mu: middle, root: root) < power { low = middle } else { high = middle }
        }
        return low
    }
}
