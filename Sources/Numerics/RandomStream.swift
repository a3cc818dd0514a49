/// The random numbers of one trial for one purpose, in order.
///
/// The counter of the underlying ``Philox4x32`` consists of the trial number (64 bits), the purpose (32 bits) and the
/// number of the block (32 bits), so every (key, trial, purpose) has its own 2^34 words and none of them overlap.
public struct RandomStream: RandomNumberGenerator, Sendable {
    @usableFromInline let key: Philox4x32.Key
    @usableFromInline var counter: SIMD4<UInt32>
    @usableFromInline var buffer: SIMD4<UInt32> = .zero
    @usableFromInline var unused = 0

    @inlinable
    public init(key: Philox4x32.Key, trial: UInt64, purpose: UInt32) {
        self.key = key
        counter = SIMD4(0, purpose, UInt32(truncatingIfNeeded: trial), UInt32(truncatingIfNeeded: trial >> 32))
    }

    /// The next 64 random bits.
    @inlinable @inline(__always)
    public mutating func next() -> UInt64 {
        if unused == 0 {
            buffer = Philox4x32.block(counter: counter, key: key)
            counter[0] &+= 1
            unused = 2
        }
        unused &-= 1
        return unused == 1
            ? UInt64(buffer[0]) | UInt64(buffer[1]) &<< 32
            : UInt64(buffer[2]) | UInt64(buffer[3]) &<< 32
    }

    /// Uniform on [0, 1): a multiple of 2^−53.
    @inlinable @inline(__always)
    public mutating func uniform() -> Double {
        Double(next() &>> 11) * 0x1p-53
    }

    /// Uniform on (0, 1]: safe as the argument of a logarithm.
    @inlinable @inline(__always)
    public mutating func uniformAboveZero() -> Double {
        Double((next() &>> 11) &+ 1) * 0x1p-53
    }

    /// Uniform on [lower, upper).
    @inlinable @inline(__always)
    public mutating func uniform(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }
}
