extension Portable {
    /// sin x and cos x, each with an absolute error below 1.2e−16 for |x| ≤ 1e5 (angles here stay within a few turns).
    @inlinable
    public static func sincos(_ x: Double) -> (sin: Double, cos: Double) {
        let (k, r, low) = reduceByQuarterTurn(x)
        let s = sinOfReduced(r, low)
        let c = cosOfReduced(r, low)
        switch Int(k) & 3 {
        case 0: return (s, c)
        case 1: return (c, -s)
        case 2: return (-s, -c)
        default: return (-c, s)
        }
    }

    /// sin x; see ``sincos(_:)``.
    @inlinable
    public static func sin(_ x: Double) -> Double { sincos(x).sin }

    /// cos x; see ``sincos(_:)``.
    @inlinable
    public static func cos(_ x: Double) -> Double { sincos(x).cos }

    /// The whole number k and the remainder r + low of x = k π/2 + r + low, |r| ≤ π/4.
    ///
    /// π/2 is subtracted in three parts of 33 bits and more: k times a part is exact for |k| < 2^20 (Cody and Waite 1980).
    @inlinable @inline(__always)
    static func reduceByQuarterTurn<Number: PortableNumber>(_ x: Number) -> (k: Number, r: Number, low: Number) {
        let shift = Number(integerShift)
        let k = (x * Number(0.6366197723675814) + shift) - shift
        let high = x - k * Number(1.57079632673412561417e+00)
        let middle = k * Number(6.07710050630396597660e-11)
        let r = high - middle
        return (k, r, (high - r) - middle - k * Number(2.02226624879595063154e-21))
    }

    /// sin(r + low) for |r| ≤ π/4; coefficients of fdlibm's `k_sin.c`.
    @inlinable @inline(__always)
    static func sinOfReduced<Number: PortableNumber>(_ r: Number, _ low: Number) -> Number {
        let z = r * r
        let v = z * r
        var p = Number(1.58969099521155010221e-10)
        p = Number(-2.50507602534068634195e-08) + z * p
        p = Number(2.75573137070700676789e-06) + z * p
        p = Number(-1.98412698298579493134e-04) + z * p
        p = Number(8.33333333332248946124e-03) + z * p
        let tail = z * (Number(0.5) * low - v * p) - low
        return r - (tail - v * Number(-1.66666666666666324348e-01))
    }

    /// cos(r + low) for |r| ≤ π/4; coefficients of fdlibm's `k_cos.c`.
    @inlinable @inline(__always)
    static func cosOfReduced<Number: PortableNumber>(_ r: Number, _ low: Number) -> Number {
        let z = r * r
        var p = Number(-1.13596475577881948265e-11)
        p = Number(2.08757232129817482790e-09) + z * p
        p = Number(-2.75573143513906633035e-07) + z * p
        p = Number(2.48015872894767294178e-05) + z * p
        p = Number(-1.38888888888741095749e-03) + z * p
        p = Number(4.16666666666666019037e-02) + z * p
        p = z * p
        let half = Number(0.5) * z
        let w = Number(1) - half
        return w + (((Number(1) - w) - half) + (z * p - r * low))
    }

    /// arcsin x in [−π/2, π/2], with an error below 2 ulp; NaN outside [−1, 1].
    ///
    /// A rational approximation on |x| ≤ ½ (fdlibm's `e_asin.c`); above, arcsin x = π/2 − 2 arcsin √((1 − x)/2).
    @inlinable
    public static func asin(_ x: Double) -> Double {
        let magnitude = abs(x)
        if magnitude <= 0.5 { return x + x * asinRemainder(x * x) }
        if !(magnitude <= 1) { return .nan }
        let z = (1 - magnitude) * 0.5
        let root = z.squareRoot()
        let value = halfPi.high - (2 * (root + root * asinRemainder(z)) - halfPi.low)
        return x < 0 ? -value : value
    }

    /// arcsin(x)/x − 1 for x² = z ≤ ¼.
    @inlinable @inline(__always)
    static func asinRemainder<Number: PortableNumber>(_ z: Number) -> Number {
        var p = Number(3.47933107596021167570e-05)
        p = Number(7.91534994289814532176e-04) + z * p
        p = Number(-4.00555345006794114027e-02) + z * p
        p = Number(2.01212532134862925881e-01) + z * p
        p = Number(-3.25565818622400915405e-01) + z * p
        p = Number(1.66666666666666657415e-01) + z * p
        var q = Number(7.70381505559019352791e-02)
        q = Number(-6.88283971605453293030e-01) + z * q
        q = Number(2.02094576023350569471e+00) + z * q
        q = Number(-2.40339491173441421878e+00) + z * q
        q = Number(1) + z * q
        return (z * p) / q
    }

    /// The angle of the vector (x, y) in (−π, π], with an error below 3 ulp; 0 for the null vector.
    @inlinable
    public static func atan2(_ y: Double, _ x: Double) -> Double {
        let length = (x * x + y * y).squareRoot()
        if length == 0 { return 0 }
        if abs(y) <= abs(x) {
            let angle = asin(y / length)
            if x >= 0 { return angle }
            return y >= 0 ? Double.pi - angle : -Double.pi - angle
        }
        let angle = asin(x / length)
        return y > 0 ? halfPi.high - angle : -halfPi.high + angle
    }
}
