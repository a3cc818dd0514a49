import Numerics

/// What defines a pseudo-experiment besides its number: the mean number of injected signal events, and the user's seed.
public struct Hypothesis: Sendable, Hashable {
    /// mu, the mean number of injected signal events, ≥ 0.
    public let meanSignal: Double
    public let seed: Int64

    public init(meanSignal: Double, seed: Int64) {
        self.meanSignal = meanSignal
        self.seed = seed
    }

    /// The key of the trials' random numbers: one sequence for each seed and mu.
    var key: Philox4x32.Key {
        // −0 and 0 are the same hypothesis.
        Philox4x32.Key(seed: UInt64(bitPattern: seed), stream: meanSignal == 0 ? 0 : meanSignal.bitPattern)
    }
}
