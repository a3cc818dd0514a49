import Numerics

/// Functions of the source's declination for the directions of many events.
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
        SpatialSignalDensity.haversine(
            declinationTerm: s * s, cosineProduct: cosineProduct(halfSine: s),
            rightAscensionDifference: rightAscensionDifference)
    }

    /// cos dec · cos dec_source of eight events.
    @inline(__always)
    func cosineProduct(halfSine s: SIMD8<Double>) -> SIMD8<Double> {
        let square = s * s
        // cos² dec_source cos Δdec − sin dec_source cos dec_source sin Δdec.
        return cosineSquare * (1 - 2 * square) - doubleProduct * (s * Self.complement(square))
    }

    /// √(1 − a) for 0 ≤ a ≤ 1: near 0 by its power series, whose terms after the ninth are below 1e−16.
    @inline(__always)
    private static func complement(_ a: SIMD8<Double>) -> SIMD8<Double> {
        var root = SIMD8(repeating: -429.0 / 32768)
        root = (-33.0 / 2048).addingProduct(a, root)
        root = (-21.0 / 1024).addingProduct(a, root)
        root = (-7.0 / 256).addingProduct(a, root)
        root = (-5.0 / 128).addingProduct(a, root)
        root = (-1.0 / 16).addingProduct(a, root)
        root = (-1.0 / 8).addingProduct(a, root)
        root = (-1.0 / 2).addingProduct(a, root)
        root = 1.0.addingProduct(a, root)
        let isLarge = a .> 0.0302
        if isLarge.isTrueAnywhere { root.replace(with: squareRoot(1 - a), where: isLarge) }
        return root
    }

    /// Not inlined: few events are 20° from the source, and eight roots are eight calls.
    @inline(never)
    private static func squareRoot(_ x: SIMD8<Double>) -> SIMD8<Double> { x.squareRoot() }
}
