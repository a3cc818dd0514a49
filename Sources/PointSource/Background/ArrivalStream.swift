import Numerics

/// The random numbers of one dataset's background in one trial, four times eight at a time.
///
/// A Philox block serves four events; 32 bits for each are enough, since no probability is wrong by more than 2⁻³².
struct ArrivalStream {
    typealias Lane = SIMD8<Double>
    typealias Words = Philox4x32.Words

    private let key: Philox4x32.Key
    private let trial: UInt64
    private let purpose: UInt32
    private var block: UInt32 = 0

    init(key: Philox4x32.Key, trial: UInt64, purpose: RandomPurpose) {
        self.key = key
        self.trial = trial
        self.purpose = purpose.rawValue
    }

    /// Random words for four times eight events.
    @inline(__always)
    mutating func next() -> (Words, Words, Words, Words) {
        let words = Philox4x32.blocks(
            first: block, purpose, UInt32(truncatingIfNeeded: trial), UInt32(truncatingIfNeeded: trial >> 32), key: key)
        block &+= 8
        return words
    }

    /// Exponential variates of mean 1: −ln u for u = (word + ½)/2³².
    ///
    /// With u = 2^k m, 1/√2 ≤ m < √2, and s = (m − 1)/(m + 1), ln u = k ln 2 + 2 (s + s³/3 + s⁵/5 + …); the terms after
    /// the sixth are below 6e−11 of the sum, which is finer than the resolution of the words.
    @inline(__always)
    static func exponential(_ words: Words) -> Lane {
        let halfRoot: UInt64 = 0x3fe6_a09e_667f_3bcd
        let bits = unsafeBitCast(aboveWhole(words), to: Words.self) &+ (0x3ff0_0000_0000_0000 &- halfRoot)
        let m = unsafeBitCast((bits & 0x000f_ffff_ffff_ffff) &+ halfRoot, to: Lane.self)
        // Small whole numbers become Doubles through the low bits of 2^52; 32 accounts for the words' unit.
        let k = unsafeBitCast((bits &>> 52) | 0x4330_0000_0000_0000, to: Lane.self) - (0x1p52 + 1023 + 32)
        let s = (1 - m) / (1 + m)
        let z = s * s
        var sum = Lane(repeating: 2.0 / 11)
        sum = (2.0 / 9).addingProduct(z, sum)
        sum = (2.0 / 7).addingProduct(z, sum)
        sum = (2.0 / 5).addingProduct(z, sum)
        sum = (2.0 / 3).addingProduct(z, sum)
        sum = 2.0.addingProduct(z, sum)
        return (k * -0.6931471805599453).addingProduct(s, sum)
    }

    /// Numbers uniform in (−1, 1).
    @inline(__always)
    static func symmetric(_ words: Words) -> Lane { aboveWhole(words) * 0x1p-31 - 1 }

    /// A word as a number, plus a half: exact, and never 0.
    @inline(__always)
    private static func aboveWhole(_ words: Words) -> Lane {
        unsafeBitCast(words | 0x4330_0000_0000_0000, to: Lane.self) - (0x1p52 - 0.5)
    }
}
