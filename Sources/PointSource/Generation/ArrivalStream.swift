import Numerics

/// The random numbers of one dataset's background in one trial: sixteen exponential gaps and sixteen places at a time.
///
/// A Philox block serves two events; 32 bits for each number are enough, since no probability is off by more than 2⁻³².
struct ArrivalStream {
    typealias Lane = SIMD8<Double>

    private let key: Philox4x32.Key
    private let trial: UInt64
    private let purpose: UInt32
    private var block: UInt32 = 0

    init(key: Philox4x32.Key, trial: UInt64, purpose: RandomPurpose) {
        self.key = key
        self.trial = trial
        self.purpose = purpose.rawValue
    }

    /// Random words for twice eight events: for each, one for the gap before it and one for its place.
    @inline(__always)
    mutating func next() -> (
        (gaps: Philox4x32.Words, places: Philox4x32.Words), (gaps: Philox4x32.Words, places: Philox4x32.Words)
    ) {
        let (a, b, c, d) = Philox4x32.blocks(
            first: block, purpose, UInt32(truncatingIfNeeded: trial), UInt32(truncatingIfNeeded: trial >> 32), key: key)
        block &+= 8
        return ((a, b), (c, d))
    }

    /// Exponential variates of mean 1.
    @inline(__always)
    static func exponential(_ words: Philox4x32.Words) -> Lane { -Portable.log(aboveWhole(words) * 0x1p-32) }

    /// Numbers uniform in (−1, 1).
    @inline(__always)
    static func symmetric(_ words: Philox4x32.Words) -> Lane { aboveWhole(words) * 0x1p-31 - 1 }

    /// A word as a number, plus a half: exact, and never 0.
    @inline(__always)
    private static func aboveWhole(_ words: Philox4x32.Words) -> Lane {
        unsafeBitCast(words | 0x4330_0000_0000_0000, to: Lane.self) - (0x1p52 - 0.5)
    }
}
