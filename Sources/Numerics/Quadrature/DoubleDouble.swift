/// An unevaluated sum of two doubles, about 32 decimal digits, with only the operations needed for quadrature rules.
///
/// Reference: T. J. Dekker, Numer. Math. 18 (1971) 224; D. E. Knuth, TAOCP vol. 2, sec. 4.2.2, theorem B.
struct DoubleDouble {
    /// The nearest double.
    private(set) var high: Double
    /// The remainder, at most half a unit in the last place of `high`.
    private(set) var low: Double

    init(_ value: Double) {
        high = value
        low = 0
    }

    private init(high: Double, low: Double) {
        self.high = high
        self.low = low
    }

    /// a + b where |a| ≥ |b|, renormalised.
    private static func quickSum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        return DoubleDouble(high: sum, low: b - (sum - a))
    }

    /// a + b, exactly.
    private static func exactSum(_ a: Double, _ b: Double) -> DoubleDouble {
        let sum = a + b
        let fromB = sum - a
        return DoubleDouble(high: sum, low: (a - (sum - fromB)) + (b - fromB))
    }

    /// a · b, exactly (by splitting each factor into two of 26 bits, which needs no fused multiply-add).
    private static func exactProduct(_ a: Double, _ b: Double) -> DoubleDouble {
        let product = a * b
        let (aHigh, aLow) = split(a)
        let (bHigh, bLow) = split(b)
        return DoubleDouble(
            high: product, low: ((aHigh * bHigh - product) + aHigh * bLow + aLow * bHigh) + aLow * bLow)
    }

    private static func split(_ value: Double) -> (high: Double, low: Double) {
        let scaled = 134_217_729 * value  // 2²⁷ + 1
        let high = scaled - (scaled - value)
        return (high, value - high)
    }

    static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let high = exactSum(a.high, b.high)
        return quickSum(high.high, high.low + (a.low + b.low))
    }

    static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(high: -a.high, low: -a.low) }

    static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + -b }

    static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let high = exactProduct(a.high, b.high)
        return quickSum(high.high, high.low + (a.high * b.low + a.low * b.high))
    }

    static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
        let first = a.high / b.high
        let rest = a - b * DoubleDouble(first)
        return quickSum(first, rest.high / b.high)
    }
}
