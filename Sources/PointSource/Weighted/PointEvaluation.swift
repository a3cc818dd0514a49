import Numerics

/// Evaluates ln dQ_k/dP = ln Λ(n_k, γ_k) − C_k of a trial at the points of a mixture, all on the γ grid, one γ after
/// the other: the quantities that depend only on γ are computed once for all n.
struct PointEvaluation: Sendable {
    private struct Column: Sendable {
        let cell: Int
        var points: [Point] = []
    }

    private struct Point: Sendable {
        /// The index of the result.
        let index: Int
        let zetas: [Double]
        /// The part of ln Λ that is common to all trials, minus C.
        let start: Double
    }

    private var columns: [Column] = []
    private(set) var count = 0
    /// The largest n of all points.
    private let largestSignal: Double

    init(_ target: TiltTarget, points: [ProposalMixture.Point]) {
        let analysis = target.analysis
        largestSignal = points.reduce(0) { max($0, $1.signalEvents) }
        for point in points {
            let cell = analysis.grid.nearest(to: point.gamma).index
            let tilt = Tilt(analysis, point.signalEvents, cell: cell)
            let column = columns.firstIndex { $0.cell == cell } ?? columns.count
            if column == columns.count { columns.append(Column(cell: cell)) }
            columns[column].points.append(
                Point(index: count, zetas: tilt.zetas, start: tilt.commonLogarithm(target) - point.constant))
            count += 1
        }
    }

    /// The n_s for which a trial's events must be classified: n may be five times as large, with an error of at most
    /// 1e−4 in ln Λ.
    var limit: Double { 0.2 * largestSignal }

    /// - Parameters:
    ///   - datasets: events classified for at least ``limit``.
    ///   - ratios: one number for each list of eight listed events, reused.
    /// - Returns: one number per point.
    func values(_ datasets: [DatasetEvents], ratios: [LaneArray]) -> [Double] {
        var result = [Double](repeating: 0, count: count)
        for (j, events) in datasets.enumerated() { ratios[j].reserve(events.listedCount + 8) }
        for column in columns {
            for (j, events) in datasets.enumerated() { load(events, cell: column.cell, into: ratios[j].view) }
            let sums = datasets.map { events in
                CellMoments.powerSums(events) { events.rows.column(column.cell, lane: $0) }
            }
            for point in column.points {
                var (value, logarithms) = (point.start, LogProduct())
                for j in datasets.indices {
                    let zeta = point.zetas[j]
                    let square = zeta * zeta
                    let series = SIMD4(zeta, -0.5 * square, zeta * square * (1.0 / 3), -0.25 * square * square)
                    value += (series * sums[j]).total
                    let (view, lanes) = (ratios[j].view, (datasets[j].listedCount + 7) / 8)
                    for lane in 0..<lanes {
                        let factors = (1.0).addingProduct(view[lane: lane], zeta)
                        logarithms.multiply(factors.lowHalf)
                        logarithms.multiply(factors.highHalf)
                        if lane & 3 == 3 { logarithms.normalise() }
                    }
                    logarithms.normalise()
                }
                result[point.index] = value + logarithms.value
            }
        }
        return result
    }

    /// R of the listed events at a grid point.
    private func load(_ events: DatasetEvents, cell: Int, into ratios: LaneView) {
        let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
        for i in 0..<((events.listedCount + 7) / 8 * 8) {
            let row = Int(energies[i])
            // An event that several sources of a stack reach has a row of its own.
            let density =
                row < 8 * rows.tableLanes
                ? rows.density(row: row, point: cell) : rows.ownDensity(row: row, point: cell)
            ratios[i] = weights[i] * density
        }
    }
}
