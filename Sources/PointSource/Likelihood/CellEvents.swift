import Numerics

/// One dataset's events within one cell of the γ grid, where every R is a parabola r0 + r1 t + r2 t² in t = γ − γ_k.
///
/// Near events, those whose n_j X may be large, are listed in lanes of eight, the last one filled up with R = 1, which
/// adds ln 1 = 0. For all others there are ``CellMoments``. One per dataset and thread, reused.
final class CellEvents {
    private(set) var total = 0.0
    /// Events that are not near.
    private(set) var others = 0.0
    private(set) var moments = CellMoments()
    private(set) var lanes = 0
    let near0 = LaneArray()
    let near1 = LaneArray()
    let near2 = LaneArray()
    private let far0 = LaneArray()
    private let far1 = LaneArray()
    private let far2 = LaneArray()

    /// ζ R of an event whose powers are summed up is below this: the fifth-order term of its logarithm is then below
    /// 7e−10.
    private static let farLimit = 0.02
    /// And its R varies by less than this part over half a cell: what is left out of its powers is then no larger.
    private static let farVariation = 0.25

    /// Takes the events' ratios in cell k of the grid.
    ///
    /// - Parameter largestSignal: the largest n_j at which the sums will be used; +∞ holds every listed event near.
    func load(_ events: DatasetEvents, cell k: Int, largestSignal: Double) {
        total = events.total
        let fraction = largestSignal / total
        let largestFar = fraction < 0.5 ? Self.farLimit * (1 - fraction) / fraction : -1
        let count = events.listedCount
        for array in [near0, near1, near2, far0, far1, far2] { array.reserve(count + 16) }
        let (n0, n1, n2) = (near0.view, near1.view, near2.view)
        let (f0, f1, f2) = (far0.view, far1.view, far2.view)
        let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
        let half = 0.5 * GammaGrid.step
        var (nearCount, farCount) = (0, 0)
        for i in 0..<count {
            let nodes = weights[i] * rows.nodes(row: Int(energies[i]), cell: k)
            let ratio = Parabola(nodes[0], nodes[1], nodes[2])
            let variation = half * (abs(ratio.b) + half * abs(ratio.a))
            let isFar = ratio.c + variation < largestFar && variation < Self.farVariation * ratio.c
            n0[nearCount] = ratio.c
            n1[nearCount] = ratio.b
            n2[nearCount] = ratio.a
            f0[farCount] = ratio.c
            f1[farCount] = ratio.b
            f2[farCount] = ratio.a
            nearCount &+= isFar ? 0 : 1
            farCount &+= isFar ? 1 : 0
        }
        lanes = (nearCount + 7) / 8
        let farLanes = (farCount + 7) / 8
        for i in nearCount..<(8 * lanes) { (n0[i], n1[i], n2[i]) = (1, 0, 0) }
        for i in farCount..<(8 * farLanes) { (f0[i], f1[i], f2[i]) = (0, 0, 0) }
        others = total - Double(nearCount)

        var near = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
        for lane in 0..<lanes {
            near.0 += n0[lane: lane]
            near.1 += n1[lane: lane]
            near.2 += n2[lane: lane]
        }
        let all = events.ratioSum(cell: k)
        moments = CellMoments()
        // The lanes' filling has R = 1.
        moments.first.coefficients[0] = all.c - (near.0.total - Double(8 * lanes - nearCount))
        moments.first.coefficients[1] = all.b - near.1.total
        moments.first.coefficients[2] = all.a - near.2.total
        if nearCount == events.listedCount, fraction == .infinity { return }
        moments.addSquares(events, cell: k)
        moments.addPowers(f0, f1, f2, lanes: farLanes)
    }
}
