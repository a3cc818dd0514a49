/// The elementary functions for eight numbers at once: the same operations in the same order as for one, so each lane
/// holds the same bits that the scalar function gives. Arguments are restricted to what the generators need.
extension Portable {
    public typealias Lane = SIMD8<Double>

    /// e^x in each lane, for x ≤ 709; 0 below −708.
    @inlinable @inline(__always)
    public static func exp(_ x: Lane) -> Lane {
        let shift = Lane(repeating: 6755399441055744.0)
        let underflows = x .< -708.3964185322641
        let argument = x.replacing(with: 0, where: underflows)
        let shifted = shift.addingProduct(argument, 1.4426950408889634)
        let k = shifted - shift
        let r = argument.addingProduct(-k, 6.93147180369123816490e-01).addingProduct(-k, 1.90821492927058770002e-10)
        let r2 = r * r
        let r4 = r2 * r2
        let a = (1.0 / 2).addingProduct(r, 1.0 / 6)
        let b = (1.0 / 24).addingProduct(r, 1.0 / 120)
        let c = (1.0 / 720).addingProduct(r, 1.0 / 5040)
        let d = (1.0 / 40320).addingProduct(r, 1.0 / 362880)
        let e = (1.0 / 3_628_800).addingProduct(r, 1.0 / 39_916_800)
        let f = (1.0 / 479_001_600).addingProduct(r, 1.0 / 6_227_020_800)
        let q = a.addingProduct(r2, b).addingProduct(
            r4, c.addingProduct(r2, d).addingProduct(r4, e.addingProduct(r2, f)))
        let value = 1 + r.addingProduct(r2, q)
        // The low bits of k + 1.5 · 2^52 are k in two's complement.
        let exponents = (unsafeBitCast(shifted, to: SIMD8<Int64>.self) &+ 1023) &<< 52
        return (value * unsafeBitCast(exponents, to: Lane.self)).replacing(with: 0, where: underflows)
    }

    /// ln x in each lane, for positive normal x.
    @inlinable @inline(__always)
    public static func log(_ x: Lane) -> Lane {
        let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self) &+ (0x3ff0_0000_0000_0000 &- 0x3fe6_a09e_667f_3bcd)
        let exponents = bits &>> 52
        let mantissas = (bits & 0x000f_ffff_ffff_ffff) &+ 0x3fe6_a09e_667f_3bcd
        let f = unsafeBitCast(mantissas, to: Lane.self) - 1
        let s = f / (2 + f)
        let z = s * s
        let w = z * z
        let even =
            w
            * 3.999999999940941908e-01.addingProduct(
                w, 2.222219843214978396e-01.addingProduct(w, 1.531383769920937332e-01))
        let odd =
            z
            * 6.666666666666735130e-01.addingProduct(
                w,
                2.857142874366239149e-01.addingProduct(
                    w, 1.818357216161805012e-01.addingProduct(w, 1.479819860511658591e-01)))
        let halfSquare = 0.5 * f * f
        // Small whole numbers become Doubles through the low bits of 2^52.
        let magic = unsafeBitCast(exponents | 0x4330_0000_0000_0000, to: Lane.self)
        let scale = magic - (0x1p52 + 1023)
        let correction = (scale * 1.90821492927058770002e-10).addingProduct(s, halfSquare + (even + odd))
        return -((halfSquare - correction) - f).addingProduct(-scale, 6.93147180369123816490e-01)
    }

    /// sin x in each lane, for |x| ≤ π.
    @inlinable @inline(__always)
    public static func sin(_ x: Lane) -> Lane {
        let shift = Lane(repeating: 6755399441055744.0)
        let k = (x * 0.6366197723675814 + shift) - shift
        let high = x - k * 1.57079632673412561417e+00
        let middle = k * 6.07710050630396597660e-11
        let r = high - middle
        let low = (high - r) - middle - k * 2.02226624879595063154e-21
        let z = r * r
        let v = z * r
        var p = Lane(repeating: 1.58969099521155010221e-10)
        p = -2.50507602534068634195e-08 + z * p
        p = 2.75573137070700676789e-06 + z * p
        p = -1.98412698298579493134e-04 + z * p
        p = 8.33333333332248946124e-03 + z * p
        let tail = z * (0.5 * low - v * p) - low
        let sine = r - (tail - v * -1.66666666666666324348e-01)
        guard (k .!= 0).isTrueAnywhere else { return sine }
        return beyondFirstOctant(sine, remainder: r, low: low, square: z, quadrants: k)
    }

    /// What ``sin(_:)-lane`` makes of the sine of the remainder outside ±π/4. Not inlined: few arguments need it.
    @inline(never) @usableFromInline
    static func beyondFirstOctant(
        _ sine: Lane, remainder r: Lane, low: Lane, square z: Lane, quadrants k: Lane
    ) -> Lane {
        var c = Lane(repeating: -1.13596475577881948265e-11)
        c = 2.08757232129817482790e-09 + z * c
        c = -2.75573143513906633035e-07 + z * c
        c = 2.48015872894767294178e-05 + z * c
        c = -1.38888888888741095749e-03 + z * c
        c = 4.16666666666666019037e-02 + z * c
        c = z * c
        let half = 0.5 * z
        let w = 1 - half
        let remainder = (1 - w) - half
        let cosine = w + (remainder + (z * c - r * low))
        let value = sine.replacing(with: cosine, where: (k .== 1) .| (k .== -1))
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
        let large = 1.5707963267948966 - (twice - 6.123233995736766e-17)
        return small.replacing(with: large, where: isLarge)
    }

    @inlinable @inline(__always)
    static func asinRemainder(_ z: Lane) -> Lane {
        var p = Lane(repeating: 3.47933107596021167570e-05)
        p = 7.91534994289814532176e-04 + z * p
        p = -4.00555345006794114027e-02 + z * p
        p = 2.01212532134862925881e-01 + z * p
        p = -3.25565818622400915405e-01 + z * p
        p = 1.66666666666666657415e-01 + z * p
        var q = Lane(repeating: 7.70381505559019352791e-02)
        q = -6.88283971605453293030e-01 + z * q
        q = 2.02094576023350569471e+00 + z * q
        q = -2.40339491173441421878e+00 + z * q
        q = 1.0 + z * q
        return (z * p) / q
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
