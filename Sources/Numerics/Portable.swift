/// Elementary functions whose results are the same, bit for bit, on every machine.
///
/// A trial must not depend on the computer that made it, and the last bit of `exp` or `sin` differs between
/// versions of the system's mathematical library. These functions use only the operations that IEEE 754 defines
/// exactly (+, −, ×, ÷, √, fused multiply-add and conversions), in a fixed order. Their errors are stated in
/// units in the last place (ulp); `PortableTests` checks them against the system's library.
public enum Portable {}

extension Portable {
    /// 2^exponent, exactly.
    ///
    /// - Parameter exponent: in −1022 … 1023.
    @inlinable @inline(__always)
    static func powerOfTwo(_ exponent: Int) -> Double {
        Double(bitPattern: UInt64(bitPattern: Int64(exponent &+ 1023)) &<< 52)
    }

    /// 10^n for n = 0 … 22: the powers of ten that a Double holds exactly.
    @usableFromInline
    static let exactPowersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
}
