import Numerics

/// The definition of a pseudo-experiment except its number: the mean number of injected signal events, and the seed.
public struct Hypothesis: Sendable, Hashable {
    /// mu, the mean number of injected signal events, ≥ 0.
    public let meanSignal: Double
    public let seed: Int64
    /// For weighted background trials, the significance in sigma up to which p-values are valid; nil for ordinary
    /// trials.
    public let tail: Double?

    /// Ordinary trials.
    public init(meanSignal: Double, seed: Int64) {
        self.meanSignal = meanSignal
        self.seed = seed
        tail = nil
    }

    /// Weighted background trials.
    ///
    /// - Parameter tail: in sigma, > 0.
    public init(tail: Double, seed: Int64) {
        meanSignal = 0
        self.seed = seed
        self.tail = tail
    }

    /// The key of the trials' random numbers: one sequence for each seed and mu, and for each seed and tail.
    package var key: Philox4x32.Key {
        // −0 and 0 are the same hypothesis. No mu has the sign bit of a tail.
        let stream = tail.map { (-$0).bitPattern } ?? (meanSignal == 0 ? 0 : meanSignal.bitPattern)
        return Philox4x32.Key(seed: UInt64(bitPattern: seed), stream: stream)
    }
}
