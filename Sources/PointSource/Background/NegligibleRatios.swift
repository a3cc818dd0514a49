import Numerics

/// The expected contribution to Σ R of the events that are not drawn, because their density ratio R is negligible
/// (docs/model.md, section 6).
struct NegligibleRatios {
    private let placement: SourcePlacement
    /// |Δra| of the box's edge, at most π.
    private let edge: Double
    /// A Gauss-Legendre rule with eight nodes on [0, 1].
    private let nodes: SIMD8<Double>
    private let nodeWeights: SIMD8<Double>
    /// The sum of the events' expected weights, for each energy.
    private var sums: [Double]

    /// - Parameter energyCount: the number of rows in the table of signal densities.
    init(placement: SourcePlacement, edge: Double, energyCount: Int) throws {
        let rule = try GaussLegendre(order: 8)
        nodes = 0.5 + 0.5 * SIMD8(rule.nodes)
        nodeWeights = 0.5 * SIMD8(rule.weights)
        self.placement = placement
        self.edge = edge
        sums = [Double](repeating: 0, count: energyCount)
    }

    /// Adds an event that is not drawn beyond a half-width in right ascension (radians): its weight is averaged over
    /// all right ascensions beyond it.
    mutating func add(_ candidate: BackgroundGenerator.Candidate, beyond halfWidth: Double) {
        let s = SIMD8(repeating: candidate.halfSine)
        let product = placement.cosineProduct(halfSine: s)[0]
        // At this angle the weight has decreased by e^−14 or more, or the box ends.
        let square = halfWidth * halfWidth + 14 / (candidate.halfInverseVariance * max(product, 1e-12))
        let end = min(edge, square.squareRoot())
        guard end > halfWidth else { return }
        let differences = halfWidth + (end - halfWidth) * nodes
        let shape = SpatialSignalDensity.shape(
            haversine: placement.haversine(halfSine: s, rightAscensionDifference: differences),
            halfInverseVariance: SIMD8(repeating: candidate.halfInverseVariance))
        sums[Int(candidate.energy)] += candidate.scale * (nodeWeights * shape).total * (end - halfWidth) / Double.pi
    }

    /// The expected Σ R at the points of the γ grid, in lanes of eight.
    func ratios(_ signal: SignalTable) -> FlatTable<SIMD8<Double>> {
        FlatTable(
            (0..<(signal.stride / 8)).map { lane in
                var ratios = SIMD8<Double>.zero
                for row in sums.indices {
                    for i in 0..<8 { ratios[i] += sums[row] * signal.values[row * signal.stride + 8 * lane + i] }
                }
                return ratios
            })
    }
}
