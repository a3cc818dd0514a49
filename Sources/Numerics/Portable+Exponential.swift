extension Portable {
    /// e^x with an error below 1 ulp; 0 below the smallest normal number, +∞ above the largest.
    ///
    /// x = k ln 2 + r with |r| ≤ ln 2 / 2, where k ln 2 is subtracted in two parts (Cody and Waite 1980); e^r is its
    /// Taylor polynomial of degree 13, whose first omitted term is below 4.1e−18.
    @inlinable
    public static func exp(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.782712893384 { return .infinity }
        if x < -708.3964185322641 { return 0 }
        let (k, _, r) = reduceByLn2(x)
        let e = expOfReduced(r)
        // 2^1024 is not a Double, so the largest exponent needs two steps.
        let exponent = Int(k)
        return exponent > 1023 ? e * 2 * powerOfTwo(exponent - 1) : e * powerOfTwo(exponent)
    }

    /// The whole number k and the remainder r, |r| ≤ ln 2 / 2, of x = k ln 2 + r, and k + ``integerShift``.
    @inlinable @inline(__always)
    static func reduceByLn2<Number: PortableNumber>(_ x: Number) -> (k: Number, shifted: Number, r: Number) {
        let shifted = Number(integerShift).addingProduct(x, Number(1.4426950408889634))
        let k = shifted - Number(integerShift)
        return (k, shifted, x.addingProduct(-k, Number(ln2.high)).addingProduct(-k, Number(ln2.low)))
    }

    /// e^r for |r| ≤ ln 2 / 2.
    @inlinable @inline(__always)
    static func expOfReduced<Number: PortableNumber>(_ r: Number) -> Number {
        // Pairs of terms (Estrin's scheme) shorten the chain of dependent operations.
        let r2 = r * r
        let r4 = r2 * r2
        let a = Number(1.0 / 2).addingProduct(r, Number(1.0 / 6))
        let b = Number(1.0 / 24).addingProduct(r, Number(1.0 / 120))
        let c = Number(1.0 / 720).addingProduct(r, Number(1.0 / 5040))
        let d = Number(1.0 / 40320).addingProduct(r, Number(1.0 / 362880))
        let e = Number(1.0 / 3_628_800).addingProduct(r, Number(1.0 / 39_916_800))
        let f = Number(1.0 / 479_001_600).addingProduct(r, Number(1.0 / 6_227_020_800))
        let low = a.addingProduct(r2, b)
        let high = c.addingProduct(r2, d).addingProduct(r4, e.addingProduct(r2, f))
        return Number(1) + r.addingProduct(r2, low.addingProduct(r4, high))
    }

    /// 10^x: exact for whole x in 0 … 22, elsewhere with a relative error below (1 + 2.3 |x|) · 2^−52.
    @inlinable
    public static func exp10(_ x: Double) -> Double {
        if x >= 0, x <= 22, x == x.rounded(.towardZero) { return exactPowersOfTen[Int(x)] }
        return exp(x * 2.302585092994046)
    }

    /// x^y for x > 0, with a relative error below (1 + 2 |y ln x|) · 2^−52. x = 0 gives 0 for y > 0, 1 for y = 0, +∞
    /// for y < 0.
    @inlinable
    public static func pow(_ x: Double, _ y: Double) -> Double {
        if y == 0 { return 1 }
        if x == 0 { return y > 0 ? 0 : .infinity }
        return exp(y * log(x))
    }
}
