extension Portable {
    /// ln x with an error below 1 ulp; −∞ for 0, NaN below 0.
    ///
    /// x = 2^k m with m in [√½, √2); with s = (m − 1)/(m + 1), ln m = 2 artanh s, in the arrangement and with the
    /// minimax coefficients of Sun's fdlibm (`e_log.c`, K. C. Ng 1993).
    @inlinable
    public static func log(_ x: Double) -> Double {
        if !(x > 0) { return x == 0 ? -.infinity : .nan }
        if x == .infinity { return x }
        var value = x
        var k = 0
        if value < .leastNormalMagnitude {
            value *= 18014398509481984.0  // 2^54
            k = -54
        }
        var bits = value.bitPattern
        bits &+= fromSqrtHalfToOne
        k &+= Int(bits &>> 52) &- 1023
        bits = (bits & 0x000f_ffff_ffff_ffff) &+ sqrtHalfBits
        return logOfReduced(mantissa: Double(bitPattern: bits), exponent: Double(k))
    }

    /// ln(2^k m) for √½ ≤ m < √2.
    @inlinable @inline(__always)
    static func logOfReduced<Number: PortableNumber>(mantissa m: Number, exponent k: Number) -> Number {
        let f = m - Number(1)
        let s = f / (Number(2) + f)
        let z = s * s
        let w = z * z
        let even =
            w
            * Number(3.999999999940941908e-01).addingProduct(
                w, Number(2.222219843214978396e-01).addingProduct(w, Number(1.531383769920937332e-01)))
        let odd =
            z
            * Number(6.666666666666735130e-01).addingProduct(
                w,
                Number(2.857142874366239149e-01).addingProduct(
                    w, Number(1.818357216161805012e-01).addingProduct(w, Number(1.479819860511658591e-01))))
        let halfSquare = Number(0.5) * f * f
        let correction = (k * Number(ln2.low)).addingProduct(s, halfSquare + (even + odd))
        return -((halfSquare - correction) - f).addingProduct(-k, Number(ln2.high))
    }

    /// log10 x with an error below 2 ulp; exact for the powers of ten from 10^0 to 10^22.
    @inlinable
    public static func log10(_ x: Double) -> Double {
        let value = log(x) * 0.4342944819032518
        let whole = value.rounded()
        if whole >= 0, whole <= 22, x == exactPowersOfTen[Int(whole)] { return whole }
        return value
    }

    /// ln(1 + x) for x > −1, with an error below 2 ulp.
    ///
    /// The rounding of u = 1 + x is undone by the factor x/(u − 1) (W. Kahan; see Goldberg 1991, theorem 4).
    @inlinable
    public static func log1p(_ x: Double) -> Double {
        let u = 1 + x
        return u == 1 ? x : log(u) * (x / (u - 1))
    }
}
