/// A checksum of 256 bits, computed as fast as memory is read: the four accumulators of XXH64 (Y. Collet,
/// github.com/Cyan4973/xxHash, doc/xxhash_spec.md), each over every fourth 64-bit word, without the final mixing.
///
/// It detects damage, not forgery. A step is a one-to-one function of the word for a given accumulator and of the
/// accumulator for a given word; so any change within one word changes the checksum for certain, and any other change
/// is missed with a probability of about 2⁻⁶⁴.
struct StripeChecksum: Equatable {
    /// Bytes of a stripe (one word per accumulator), and of the checksum.
    static let length = 32

    private(set) var words: SIMD4<UInt64> = [
        0x60EA_27EE_ADC0_B5D6, 0xC2B2_AE3D_27D4_EB4F, 0, 0x61C8_864E_7A14_3579,
    ]

    /// Adds whole stripes.
    ///
    /// - Precondition: the length of `bytes` is a multiple of ``length``.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count.isMultiple(of: Self.length))
        var (a, b, c, d) = (words[0], words[1], words[2], words[3])
        var offset = 0
        while offset < bytes.count {
            a = Self.step(a, bytes, offset)
            b = Self.step(b, bytes, offset + 8)
            c = Self.step(c, bytes, offset + 16)
            d = Self.step(d, bytes, offset + 24)
            offset += Self.length
        }
        words = [a, b, c, d]
    }

    @inline(__always)
    private static func step(_ accumulator: UInt64, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        let sum = accumulator &+ word &* 0xC2B2_AE3D_27D4_EB4F
        return (sum << 31 | sum >> 33) &* 0x9E37_79B1_85EB_CA87
    }
}
