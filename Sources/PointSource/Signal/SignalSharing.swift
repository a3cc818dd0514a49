import Numerics

/// The number of signal events of a trial and their distribution over the datasets (docs/model.md, section 7).
struct SignalSharing: Sendable {
    /// f_j at the injected spectrum's γ.
    let shares: [Double]
    let poisson: Bool

    /// The number of events for each dataset, which replace the contents of `counts`; returns their sum.
    ///
    /// n f_j is rounded, halves to even. Missing events are added to, and surplus events removed from, datasets drawn
    /// with probabilities f_j. Only a dataset with events can lose one (SkyLLH leaves a count of −1; docs/model.md,
    /// section 9).
    func counts(mean: Double, key: Philox4x32.Key, trial: UInt64, into counts: inout [Int]) -> Int {
        var random = RandomStream(key: key, trial: trial, purpose: RandomPurpose.signalCounts.rawValue)
        return self.counts(mean: mean, &random, into: &counts)
    }

    /// The same with random numbers from a stream.
    func counts(mean: Double, _ random: inout RandomStream, into counts: inout [Int]) -> Int {
        let total = poisson ? random.poisson(mean: mean) : Int(mean.rounded(.toNearestOrEven))
        for j in shares.indices { counts[j] = Int((Double(total) * shares[j]).rounded(.toNearestOrEven)) }
        var shared = counts.reduce(0, +)
        while shared != total {
            let j = draw(&random)
            if shared < total {
                counts[j] += 1
                shared += 1
            } else if counts[j] > 0 {
                counts[j] -= 1
                shared -= 1
            }
        }
        return total
    }

    private func draw(_ random: inout RandomStream) -> Int {
        var remaining = random.uniform()
        for (j, share) in shares.enumerated() {
            if remaining < share { return j }
            remaining -= share
        }
        return shares.count - 1
    }
}
