/// Σ ln u over many positive numbers, four sums side by side, without a logarithm per number.
///
/// Factors are multiplied; after every eight, the product's binary exponent is moved into an integer sum, which is
/// exact. Only the four remaining mantissas need logarithms. A factor must lie between 1e−38 and 1e38.
public struct LogProduct {
    @usableFromInline var product = SIMD4<Double>(repeating: 1)
    @usableFromInline var exponents = SIMD4<Int64>.zero

    @inlinable
    public init() {}

    /// Multiplies each lane's product by a factor; after at most eight of these, ``normalise()`` must follow.
    @inlinable @inline(__always)
    public mutating func multiply(_ factors: SIMD4<Double>) { product *= factors }

    /// Moves the exponents of the products into the integer sums.
    @inlinable @inline(__always)
    public mutating func normalise() {
        let bits = unsafeBitCast(product, to: SIMD4<Int64>.self)
        exponents &+= (bits &>> 52) &- 1023
        product = unsafeBitCast((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000, to: SIMD4<Double>.self)
    }

    /// Σ ln u of all lanes.
    @inlinable
    public var value: Double {
        var copy = self
        copy.normalise()
        let logarithms = Portable.log(SIMD8(lowHalf: copy.product, highHalf: SIMD4(repeating: 1)))
        return logarithms.total + Double(copy.exponents.wrappedSum()) * 0.6931471805599453
    }
}
