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
        // ψ/sin ψ tends to 1 at the source; at its antipode the exponential makes the density 0 for any reasonable σ.
        let jacobian = sine > 0 ? psi / sine : 1
        return jacobian * Portable.exp(-psi * psi * halfInverseVariance)
    }

    /// h for eight events, given sin²(Δdec/2).
    @inline(__always)
    static func haversine(
        declinationTerm: SIMD8<Double>, cosineProduct: SIMD8<Double>, rightAscensionDifference x: SIMD8<Double>
    ) -> SIMD8<Double> {
        // sin²(x/2) = (1 − cos x)/2 by its power series; the terms after the eighth are below 1e−18.
        let y = x * x
        var half = SIMD8(repeating: -1.0 / 12_804_747_411_456_000)
        half = (1.0 / 41_845_579_776_000).addingProduct(y, half)
        half = (-1.0 / 174_356_582_400).addingProduct(y, half)
        half = (1.0 / 958_003_200).addingProduct(y, half)
        half = (-1.0 / 7_257_600).addingProduct(y, half)
        half = (1.0 / 80640).addingProduct(y, half)
        half = (-1.0 / 1440).addingProduct(y, half)
        half = (1.0 / 48).addingProduct(y, half)
        half = y * (0.25).addingProduct(-y, half)
        let isWide = y .> 0.5
        if isWide.isTrueAnywhere { half.replace(with: wideHalf(x), where: isWide) }
        let h = declinationTerm.addingProduct(cosineProduct, half)
        return h.replacing(with: 1, where: h .> 1)
    }

    /// sin²(x/2) for |x| ≤ π. Not inlined: few events need it.
    @inline(never)
    private static func wideHalf(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let sine = Portable.sin(0.5 * x)
        return sine * sine
    }

    /// The density's shape for eight events.
    ///
    /// Near the source ψ² and ψ/sin ψ are computed from their power series in h, without a root or a division:
    /// asin² √h = ½ Σ 4^m h^m / (m² C(2m, m)) and asin √h / √(h (1 − h)) = Σ 4^m m!² h^m / (2m + 1)!; the relative size
    /// of the terms after the tenth is below 3e−16.
    @inline(__always)
    static func shape(haversine h: SIMD8<Double>, halfInverseVariance: SIMD8<Double>) -> SIMD8<Double> {
        var square = SIMD8(repeating: 32768.0 / 1_154_725)
        square = (32768.0 / 984555).addingProduct(h, square)
        square = (256.0 / 6435).addingProduct(h, square)
        square = (1024.0 / 21021).addingProduct(h, square)
        square = (128.0 / 2079).addingProduct(h, square)
        square = (128.0 / 1575).addingProduct(h, square)
        square = (4.0 / 35).addingProduct(h, square)
        square = (8.0 / 45).addingProduct(h, square)
        square = (1.0 / 3).addingProduct(h, square)
        square = 4 * h * 1.0.addingProduct(h, square)
        var jacobian = SIMD8(repeating: 65536.0 / 230945)
        jacobian = (32768.0 / 109395).addingProduct(h, jacobian)
        jacobian = (2048.0 / 6435).addingProduct(h, jacobian)
        jacobian = (1024.0 / 3003).addingProduct(h, jacobian)
        jacobian = (256.0 / 693).addingProduct(h, jacobian)
        jacobian = (128.0 / 315).addingProduct(h, jacobian)
        jacobian = (16.0 / 35).addingProduct(h, jacobian)
        jacobian = (8.0 / 15).addingProduct(h, jacobian)
        jacobian = (2.0 / 3).addingProduct(h, jacobian)
        jacobian = 1.0.addingProduct(h, jacobian)
        let isFar = h .> seriesLimit
        if isFar.isTrueAnywhere {
            let far = farAngles(haversine: h)
            square.replace(with: far.square, where: isFar)
            jacobian.replace(with: far.jacobian, where: isFar)
        }
        return jacobian * Portable.exp(-square * halfInverseVariance)
    }

    /// 20° from the source.
    private static let seriesLimit = 0.0302

    /// ψ² and ψ/sin ψ for any h up to 1. Not inlined: few events need it.
    @inline(never)
    private static func farAngles(haversine h: SIMD8<Double>) -> (square: SIMD8<Double>, jacobian: SIMD8<Double>) {
        let psi = 2 * Portable.asin(h.squareRoot())
        let sine = 2 * (h * (1 - h)).squareRoot()
        return (psi * psi, (psi / sine).replacing(with: 1, where: sine .== 0))
    }
}
