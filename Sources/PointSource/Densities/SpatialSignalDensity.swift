import Numerics

/// The opening angle between an event and the source, and the signal density at it (docs/model.md, section 4).
///
/// Both are written in h = sin²(ψ/2) = sin²(Δdec/2) + cos dec₁ cos dec₂ sin²(Δra/2), the haversine of ψ: with q = √h,
/// ψ = 2 arcsin q and sin ψ = 2 q √(1 − h).
enum SpatialSignalDensity {
    /// h for a difference in declination and right ascension (radians) and the product of the two cosines.
    @inline(__always)
    static func haversine(declinationDifference: Double, cosineProduct: Double, rightAscensionDifference: Double)
        -> Double
    {
        let a = Portable.sin(0.5 * declinationDifference)
        let b = Portable.sin(0.5 * rightAscensionDifference)
        return min(1, a * a + cosineProduct * b * b)
    }

    /// ψ in [0, π], in radians.
    @inline(__always)
    static func openingAngle(haversine h: Double) -> Double { 2 * Portable.asin(h.squareRoot()) }

    /// S_sp = ψ / (2π sin ψ σ²) · exp(−ψ²/2σ²) in 1/sr.
    ///
    /// - Parameters:
    ///   - haversine: h of the opening angle.
    ///   - sigma: angular error in radians, > 0.
    @inline(__always)
    static func value(haversine h: Double, sigma: Double) -> Double {
        let variance = sigma * sigma
        return shape(haversine: h, halfInverseVariance: 0.5 / variance) / (2 * Double.pi * variance)
    }

    /// ψ/sin ψ · exp(−ψ²/2σ²), given 1/(2σ²).
    @inline(__always)
    static func shape(haversine h: Double, halfInverseVariance: Double) -> Double {
        let psi = openingAngle(haversine: h)
        let sine = 2 * (h * (1 - h)).squareRoot()
        // ψ/sin ψ tends to 1 at the source; at its antipode the density is 0 by the exponential for any sensible σ.
        let jacobian = sine > 0 ? psi / sine : 1
        return jacobian * Portable.exp(-psi * psi * halfInverseVariance)
    }

    /// The same for eight events.
    @inline(__always)
    static func shape(haversine h: SIMD8<Double>, halfInverseVariance: SIMD8<Double>) -> SIMD8<Double> {
        let psi = 2 * Portable.asin(h.squareRoot())
        let sine = 2 * (h * (1 - h)).squareRoot()
        let jacobian = (psi / sine).replacing(with: 1, where: sine .== 0)
        return jacobian * Portable.exp(-psi * psi * halfInverseVariance)
    }
}
