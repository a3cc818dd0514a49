/// The counter-based generator Philox4x32 with ten rounds.
///
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC'11 (2011).
/// A block of 128 random bits is a bijection of a 128-bit counter, selected by a 64-bit key: there is no state, so any
/// block of any stream can be computed at once, on any thread.
public enum Philox4x32 {
    /// Selects one of 2^64 independent sequences of blocks.
    public struct Key: Sendable, Hashable {
        public var word0: UInt32
        public var word1: UInt32

        @inlinable
        public init(_ word0: UInt32, _ word1: UInt32) {
            self.word0 = word0
            self.word1 = word1
        }

        /// The key for a user's seed and the number of a stream, such as a hypothesis.
        ///
        /// The pair is mixed by one Philox block, so that neighbouring seeds and streams give unrelated keys.
        public init(seed: UInt64, stream: UInt64) {
            let block = Philox4x32.block(
                counter: SIMD4(UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32), 0, 0),
                key: Key(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
            self.init(block[0], block[1])
        }
    }

    /// The 128 random bits for a counter and a key.
    @inlinable
    public static func block(counter: SIMD4<UInt32>, key: Key) -> SIMD4<UInt32> {
        var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key.word0, key.word1)
        for _ in 0..<10 {
            let product0 = UInt64(c0) &* 0xD251_1F53
            let product1 = UInt64(c2) &* 0xCD9E_8D57
            (c0, c1, c2, c3) = (
                UInt32(truncatingIfNeeded: product1 &>> 32) ^ c1 ^ k0,
                UInt32(truncatingIfNeeded: product1),
                UInt32(truncatingIfNeeded: product0 &>> 32) ^ c3 ^ k1,
                UInt32(truncatingIfNeeded: product0)
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return SIMD4(c0, c1, c2, c3)
    }
}
