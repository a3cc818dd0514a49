import CGSL
import Numerics

/// Special functions for the statistics, defined for any argument.
enum SpecialFunctions {
    /// Evaluated before the first call of a GSL function that can fail: GSL's default handler would abort the process.
    private static let silencedGSL: Bool = {
        _ = gsl_set_error_handler_off()
        return true
    }()

    /// Q(a, x) = Γ(a, x) / Γ(a), the upper tail of the gamma distribution of shape a > 0 at x ≥ 0.
    static func upperGamma(shape: Double, _ x: Double) -> Double {
        guard silencedGSL, shape > 0, x >= 0 else { return .nan }
        return gsl_cdf_gamma_Q(x, shape, 1)
    }

    /// ln B(a, b) for a, b > 0.
    static func logBeta(_ a: Double, _ b: Double) -> Double {
        guard silencedGSL, a > 0, b > 0 else { return .nan }
        return gsl_sf_lnbeta(a, b)
    }

    /// The regularised incomplete beta function I_x(a, b) and its complement, each without cancellation.
    ///
    /// Computed by the continued fraction of DLMF 8.17.22 in Lentz's form. GSL's version fails after 512 terms, which
    /// happens near the mode already for 10⁶ trials; the number of terms needed grows as √max(a, b).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> (lower: Double, upper: Double) {
        guard x > 0 else { return (0, 1) }
        guard x < 1 else { return (1, 0) }
        let rest = 1 - x
        let logs =
            x < 0.5
            ? (Portable.log(x), Portable.log1p(-x)) : (Portable.log1p(-rest), Portable.log(rest))
        let front = Portable.exp(a * logs.0 + b * logs.1 - logBeta(a, b))
        // The fraction converges fast on the near side of the mode.
        if x <= (a + 1) / (a + b + 2) {
            let lower = min(1, max(0, front * betaFraction(x, a, b) / a))
            return (lower, 1 - lower)
        }
        let upper = min(1, max(0, front * betaFraction(rest, b, a) / b))
        return (1 - upper, upper)
    }

    private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        let tiny = 1e-300
        func nonZero(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var numerator = 1.0
        var denominator = 1 / nonZero(1 - (a + b) * x / (a + 1))
        var fraction = denominator
        for step in 1..<1_000_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            denominator = 1 / nonZero(1 + even * denominator)
            numerator = nonZero(1 + even / numerator)
            fraction *= denominator * numerator
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            denominator = 1 / nonZero(1 + odd * denominator)
            numerator = nonZero(1 + odd / numerator)
            let change = denominator * numerator
            fraction *= change
            if abs(change - 1) < 1e-15 { break }
        }
        return fraction
    }
}
