import Numerics

/// The source's declination as the directions of many events need it.
struct SourcePlacement: Sendable {
    /// cos² dec and 2 sin dec cos dec of the source.
    private let cosineSquare: Double
    private let doubleProduct: Double

    init(declination: Double) {
        let (sine, cosine) = Portable.sincos(declination)
        cosineSquare = cosine * cosine
        doubleProduct = 2 * sine * cosine
    }

    /// sin²(ψ/2) of eight events.
    ///
    /// - Parameters:
    ///   - halfSine: sin(Δdec/2) with Δdec = dec − dec_source, |Δdec| ≤ π.
    ///   - rightAscensionDifference: in radians, in [−π, π].
    @inline(__always)
    func haversine(halfSine s: SIMD8<Double>, rightAscensionDifference: SIMD8<Double>) -> SIMD8<Double> {
        let square = s * s
        // cos dec · cos dec_source = cos² dec_source cos Δdec − sin dec_source cos dec_source sin Δdec.
        let halfCosine = (1 - square).squareRoot()
        let cosineProduct = cosineSquare * (1 - 2 * square) - doubleProduct * (s * halfCosine)
        return SpatialSignalDensity.haversine(
            declinationTerm: square, cosineProduct: cosineProduct, rightAscensionDifference: rightAscensionDifference)
    }
}
