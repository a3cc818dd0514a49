/// Elementary functions whose results are bitwise equal on every machine.
///
/// A trial must not depend on the computer on which it was made, but the last bit of `exp` or `sin` differs between
/// versions of the system's mathematical library. These functions use only the operations that IEEE 754 defines exactly
/// (+, −, ×, ÷, √, fused multiply-add and conversions), in a fixed order. Their errors are stated in units in the last
/// place (ulp); `PortableTests` checks them against the system's library.
public enum Portable {}

/// The number type of ``Portable``'s polynomials: one number, or eight side by side.
@usableFromInline
protocol PortableNumber {
    /// The same number in each lane.
    init(_ constant: Double)
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static func / (a: Self, b: Self) -> Self
    static prefix func - (a: Self) -> Self
    /// Self plus a · b, rounded once.
    func addingProduct(_ a: Self, _ b: Self) -> Self
}

extension Double: PortableNumber {}

extension SIMD8<Double>: PortableNumber {
    @inlinable @inline(__always)
    init(_ constant: Double) { self.init(repeating: constant) }
}

extension Portable {
    /// ln 2 in two parts; a whole number of up to 21 bits times the first is exact.
    @inlinable
    static var ln2: (high: Double, low: Double) {
        @inline(__always) get { (6.93147180369123816490e-01, 1.90821492927058770002e-10) }
    }

    /// π/2 in two parts.
    @inlinable
    static var halfPi: (high: Double, low: Double) {
        @inline(__always) get { (1.5707963267948966, 6.123233995736766e-17) }
    }

    /// 1.5 · 2^52: adding and subtracting it rounds to the nearest integer in the default rounding mode.
    @inlinable
    static var integerShift: Double { @inline(__always) get { 6755399441055744.0 } }

    /// The bits of √½. Adding the distance from √½ to 1 to a number's bits splits mantissas at √½ instead of at 1.
    @inlinable
    static var sqrtHalfBits: UInt64 { @inline(__always) get { 0x3fe6_a09e_667f_3bcd } }
    @inlinable
    static var fromSqrtHalfToOne: UInt64 { @inline(__always) get { 0x3ff0_0000_0000_0000 &- sqrtHalfBits } }

    /// 2^exponent, exactly.
    ///
    /// - Parameter exponent: in −1022 … 1023.
    @inlinable @inline(__always)
    static func powerOfTwo(_ exponent: Int) -> Double {
        Double(bitPattern: UInt64(bitPattern: Int64(exponent &+ 1023)) &<< 52)
    }

    /// 10^n for n = 0 … 22: the powers of ten that a Double represents exactly.
    public static let exactPowersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
