/// The elementary functions for eight numbers at once. They share their polynomials with the scalar functions, so each
/// lane is bitwise equal to the scalar result. Arguments are restricted to what the generators need.
extension Portable {
    public typealias Lane = SIMD8<Double>

    /// e^x in each lane, for x ≤ 709; 0 below −708.
    @inlinable @inline(__always)
    public static func exp(_ x: Lane) -> Lane {
        let underflows = x .< -708.3964185322641
        let (_, shifted, r) = reduceByLn2(x.replacing(with: 0, where: underflows))
        // The low bits of k + 1.5 · 2^52 are k in two's complement.
        let exponents = (unsafeBitCast(shifted, to: SIMD8<Int64>.self) &+ 1023) &<< 52
        return (expOfReduced(r) * unsafeBitCast(exponents, to: Lane.self)).replacing(with: 0, where: underflows)
    }

    /// ln x in each lane, for positive normal x.
    @inlinable @inline(__always)
    public static func log(_ x: Lane) -> Lane {
        let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self) &+ fromSqrtHalfToOne
        let mantissas = unsafeBitCast((bits & 0x000f_ffff_ffff_ffff) &+ sqrtHalfBits, to: Lane.self)
        // Small whole numbers become Doubles through the low bits of 2^52.
        let magic = unsafeBitCast((bits &>> 52) | 0x4330_0000_0000_0000, to: Lane.self)
        return logOfReduced(mantissa: mantissas, exponent: magic - (0x1p52 + 1023))
    }

    /// sin x in each lane, for |x| ≤ π.
    @inlinable @inline(__always)
    public static func sin(_ x: Lane) -> Lane {
        let (k, r, low) = reduceByQuarterTurn(x)
        let sine = sinOfReduced(r, low)
        guard (k .!= 0).isTrueAnywhere else { return sine }
        return beyondFirstOctant(sine, remainder: r, low: low, quadrants: k)
    }

    /// sin x outside ±π/4, from the sine of the remainder. Not inlined: few arguments need it.
    @inline(never) @usableFromInline
    static func beyondFirstOctant(_ sine: Lane, remainder r: Lane, low: Lane, quadrants k: Lane) -> Lane {
        let value = sine.replacing(with: cosOfReduced(r, low), where: (k .== 1) .| (k .== -1))
        // Quadrants −1 and ±2 turn the sign.
        return value.replacing(with: -value, where: (k .== -1) .| (k .== 2) .| (k .== -2))
    }

    /// arcsin x in each lane, for 0 ≤ x ≤ 1.
    @inlinable @inline(__always)
    public static func asin(_ x: Lane) -> Lane {
        let small = x + x * asinRemainder(x * x)
        let isLarge = x .> 0.5
        guard isLarge.isTrueAnywhere else { return small }
        let z = (1 - x) * 0.5
        let root = z.squareRoot()
        let twice = 2 * (root + root * asinRemainder(z))
        let large = halfPi.high - (twice - halfPi.low)
        return small.replacing(with: large, where: isLarge)
    }
}

extension Double {
    /// Self plus a · b in each lane, rounded once.
    @inlinable @inline(__always)
    public func addingProduct(_ a: SIMD8<Double>, _ b: SIMD8<Double>) -> SIMD8<Double> {
        SIMD8(repeating: self).addingProduct(a, b)
    }

    /// Self plus a · b in each lane, rounded once.
    @inlinable @inline(__always)
    public func addingProduct(_ a: SIMD8<Double>, _ b: Double) -> SIMD8<Double> {
        SIMD8(repeating: self).addingProduct(a, SIMD8(repeating: b))
    }
}

extension SIMD8<Double> {
    /// Self plus a · b in each lane, rounded once.
    @inlinable @inline(__always)
    public func addingProduct(_ a: SIMD8<Double>, _ b: Double) -> SIMD8<Double> {
        addingProduct(a, SIMD8(repeating: b))
    }
}
