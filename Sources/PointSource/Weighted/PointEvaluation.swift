import Numerics

/// Evaluates ln dQ_k/dP = ln Λ(n_k, γ_k) − C_k of a trial at the points of a mixture, all on the γ grid: the quantities
/// that depend only on γ are computed once for all n.
struct PointEvaluation: Sendable {
    /// Two points of equal γ. Their products do not depend on each other, so that the processor need not wait for the
    /// end of a multiplication before the next one.
    private struct Pair: Sendable {
        /// The index of their γ.
        let column: Int
        let first: Int
        /// One more than the last point if the number of points with this γ is odd.
        let second: Int
    }

    /// The grid points of the different γ.
    private let cells: [Int]
    private let pairs: [Pair]
    /// By point, the index of its γ.
    private let columns: [Int]
    /// By dataset, then by point, with a 0 at the end.
    private let zetas: [[Double]]
    /// By point, the part of ln Λ that is common to all trials, minus C.
    private let starts: [Double]
    /// The largest n of all points.
    private let largestSignal: Double

    /// The number of lanes of eight events whose R at all γ is in memory at the same time, in the fastest cache.
    private static let blockLanes = 16

    init(_ target: TiltTarget, points: [ProposalMixture.Point]) {
        let analysis = target.analysis
        let gridPoints = points.map { analysis.grid.nearest(to: $0.gamma).index }
        let tilts = zip(points, gridPoints).map { Tilt(analysis, $0.signalEvents, cell: $1) }
        let cells = Set(gridPoints).sorted()
        let columns = gridPoints.map { cell in prefixCount(cells.count) { cells[$0] < cell } }
        pairs = cells.indices.flatMap { column in
            let members = columns.indices.filter { columns[$0] == column }
            return stride(from: 0, to: members.count, by: 2).map { i in
                Pair(column: column, first: members[i], second: i + 1 < members.count ? members[i + 1] : points.count)
            }
        }
        zetas = analysis.models.indices.map { j in tilts.map { $0.zetas[j] } + [0] }
        starts = zip(points, tilts).map { $1.commonLogarithm(target) - $0.constant }
        largestSignal = points.reduce(0) { max($0, $1.signalEvents) }
        (self.cells, self.columns) = (cells, columns)
    }

    /// The n_s for which a trial's events must be classified: n may be five times as large, with an error of at most
    /// 1e−4 in ln Λ.
    var limit: Double { 0.2 * largestSignal }

    /// - Parameters:
    ///   - datasets: events classified for at least ``limit``.
    ///   - ratios: reused memory.
    /// - Returns: one number per point.
    func values(_ datasets: [DatasetEvents], ratios: LaneArray) -> [Double] {
        ratios.reserve(8 * Self.blockLanes * cells.count)
        let ratios = ratios.view
        var values = starts
        var products = [LogProduct](repeating: LogProduct(), count: values.count + 1)
        for (j, events) in datasets.enumerated() {
            addWeak(events, zetas[j], to: &values)
            let lanes = (events.listedCount + 7) / 8
            for first in stride(from: 0, to: lanes, by: Self.blockLanes) {
                let block = first..<min(first + Self.blockLanes, lanes)
                load(events, block, into: ratios)
                for pair in pairs {
                    var (a, b) = (products[pair.first], products[pair.second])
                    Self.multiply(
                        &a, zetas[j][pair.first], &b, zetas[j][pair.second], ratios,
                        from: pair.column &* Self.blockLanes, count: block.count)
                    (products[pair.first], products[pair.second]) = (a, b)
                }
            }
        }
        for i in values.indices { values[i] += products[i].value }
        return values
    }

    /// Adds the logarithms of the weak events, from sums over their powers.
    private func addWeak(_ events: DatasetEvents, _ zetas: [Double], to values: inout [Double]) {
        let sums = cells.map { cell in CellMoments.powerSums(events) { events.rows.column(cell, lane: $0) } }
        for i in values.indices {
            let zeta = zetas[i]
            let square = zeta * zeta
            let series = SIMD4(zeta, -0.5 * square, zeta * square * (1.0 / 3), -0.25 * square * square)
            values[i] += (series * sums[columns[i]]).total
        }
    }

    /// Multiplies two products by the factors 1 + ζ R of the loaded events.
    @inline(__always)
    private static func multiply(
        _ a: inout LogProduct, _ zetaA: Double, _ b: inout LogProduct, _ zetaB: Double, _ ratios: LaneView,
        from first: Int, count: Int
    ) {
        for lane in 0..<count {
            let ratio = ratios[lane: first &+ lane]
            let (factorsA, factorsB) = ((1.0).addingProduct(ratio, zetaA), (1.0).addingProduct(ratio, zetaB))
            a.multiply(factorsA.lowHalf)
            b.multiply(factorsB.lowHalf)
            a.multiply(factorsA.highHalf)
            b.multiply(factorsB.highHalf)
            if lane & 3 == 3 {
                a.normalise()
                b.normalise()
            }
        }
        a.normalise()
        b.normalise()
    }

    /// R of some lanes of the listed events, one γ after the other.
    private func load(_ events: DatasetEvents, _ lanes: Range<Int>, into ratios: LaneView) {
        let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
        let first = 8 &* lanes.lowerBound
        for i in 0..<(8 &* lanes.count) {
            let (weight, row) = (weights[first &+ i], Int(energies[first &+ i]))
            var place = i
            for cell in cells {
                ratios[place] = weight * rows.density(row: row, point: cell)
                place &+= 8 &* Self.blockLanes
            }
        }
    }
}
