extension Philox4x32 {
    /// Eight 32-bit words in 64-bit lanes, so that products need no widening.
    public typealias Words = SIMD8<UInt64>

    /// Words 0 to 3 of eight blocks at once, for the counters whose first word is `first` … `first` + 7.
    @inlinable @inline(__always)
    public static func blocks(first: UInt32, _ c1: UInt32, _ c2: UInt32, _ c3: UInt32, key: Key)
        -> (Words, Words, Words, Words)
    {
        let mask = Words(repeating: 0xffff_ffff)
        var a = Words(0, 1, 2, 3, 4, 5, 6, 7) &+ UInt64(first)
        var b = Words(repeating: UInt64(c1))
        var c = Words(repeating: UInt64(c2))
        var d = Words(repeating: UInt64(c3))
        // All lanes have the same key: half of them are enough to keep.
        var k0 = SIMD4(repeating: UInt64(key.word0))
        var k1 = SIMD4(repeating: UInt64(key.word1))
        for _ in 0..<10 {
            // The masks cost nothing: they tell the compiler that products of 32 bits are meant. Other bits that
            // accumulate in the upper halves of the words are masked at the end.
            let product0 = (a & mask) &* 0xD251_1F53
            let product1 = (c & mask) &* 0xCD9E_8D57
            (a, b, c, d) = (
                (product1 &>> 32) ^ (b ^ Words(lowHalf: k0, highHalf: k0)), product1,
                (product0 &>> 32) ^ (d ^ Words(lowHalf: k1, highHalf: k1)), product0
            )
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return (a & mask, b & mask, c & mask, d & mask)
    }
}
