import Numerics

/// The profile P(γ) = max over n of ln Λ at eight grid points simultaneously, with low precision: it chooses the cell
/// in which a fit starts. A poor choice only costs time.
struct ProfileOverview {
    private typealias Lane = SIMD8<Double>

    private let points: [Int]
    /// f_j at the points, one lane per dataset.
    private let shares: LaneArray
    /// Σ R and Σ R² over the events that are not listed, one lane per dataset.
    private let sums: LaneArray
    private let squares: LaneArray

    /// Newton's method along n stops when a step gains less than this in ln Λ.
    private static let tolerance = 0.02
    private static let stepLimit = 8
    /// The largest n_j/N_j.
    private static let largestFraction = 0.4

    /// - Parameter cells: the cells of the fit.
    init(cells: [ParameterCell], datasets: [DatasetEvents]) {
        points = SignalRows.overview(of: datasets[0].gridCount)
        shares = LaneArray(count: 8 * datasets.count)
        sums = LaneArray(count: 8 * datasets.count)
        squares = LaneArray(count: 8 * datasets.count)
        for (i, point) in points.enumerated() {
            // If the fit's bounds end within a step of the grid, a point at their end may have no cell.
            let cell = cells[min(max(point - cells[0].index, 0), cells.count - 1)]
            for j in datasets.indices { shares[8 * j + i] = cell.shares[j].c }
        }
    }

    /// The approximate maximum of P: a possibly fractional grid point, and n there.
    func maximum(_ datasets: [DatasetEvents]) -> (point: Double, signalEvents: Double) {
        var largest = Lane(repeating: .infinity)
        for (j, events) in datasets.enumerated() {
            sumWeak(events, j)
            largest = pointwiseMin(largest, Self.largestFraction * events.total / shares.view[lane: j])
        }
        var n = Lane.zero
        var (slope, curvature) = slopes(datasets, at: n)
        // If ln Λ decreases from n = 0 on, P is 0; the slope there still indicates where to start.
        let falls = slope .<= 0
        let lack = slope * slope / (2 * curvature)
        for _ in 0..<Self.stepLimit {
            // As in Bracket.next(after:slope:curvature:).
            let scaled = slope + n * curvature
            var step = n * slope / scaled
            step.replace(with: slope / curvature, where: scaled .>= 0)
            n = pointwiseMin(pointwiseMax(n - step, .zero), largest)
            n.replace(with: 0, where: falls)
            (slope, curvature) = slopes(datasets, at: n)
            var gain = slope * slope / (-2 * curvature)
            gain.replace(with: 0, where: falls)
            if gain.max() < Self.tolerance { break }
        }
        var profile = values(datasets, at: n)
        profile.replace(with: lack, where: falls)
        return vertex(profile, n)
    }

    private func sumWeak(_ events: DatasetEvents, _ j: Int) {
        var sum = Lane.zero
        for (i, point) in points.enumerated() { sum[i] = events.ratioSums[point] }
        let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
        for i in 0..<events.listedCount { sum.addProduct(-weights[i], rows.overview(row: Int(energies[i]))) }
        let (sums, squares) = (sums.view, squares.view)
        sums[lane: j] = sum
        squares[lane: j] = events.sumWeakSquares()
    }

    /// The first and second derivative of ln Λ with respect to n, weak events to second order.
    private func slopes(_ datasets: [DatasetEvents], at n: Lane) -> (first: Lane, second: Lane) {
        var (first, second) = (Lane.zero, Lane.zero)
        for (j, events) in datasets.enumerated() {
            let fraction = shares.view[lane: j] / events.total
            let z = n * fraction
            let inverse = 1 / (1 - z)
            let zeta = z * inverse
            var slope = sums.view[lane: j] - zeta * squares.view[lane: j]
            var curvature = -squares.view[lane: j]
            let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
            for i in 0..<events.listedCount {
                let ratio = weights[i] * rows.overview(row: Int(energies[i]))
                let x = ratio / (1.0).addingProduct(zeta, ratio)
                slope += x
                curvature -= x * x
            }
            // ζ has the derivatives 1/(1 − z)² and 2/(1 − z)³.
            let square = inverse * inverse
            first += (slope * square - events.total * inverse) * fraction
            second += (curvature * square + 2 * slope * inverse - events.total) * square * fraction * fraction
        }
        return (first, second)
    }

    private func values(_ datasets: [DatasetEvents], at n: Lane) -> Lane {
        var value = Lane.zero
        for (j, events) in datasets.enumerated() {
            let z = n * shares.view[lane: j] / events.total
            let zeta = z / (1 - z)
            value += events.total * Portable.log(1 - z)
            value += zeta * (sums.view[lane: j] - 0.5 * zeta * squares.view[lane: j])
            let (weights, energies, rows) = (events.listedWeights.view, events.listedEnergies.view, events.rows)
            var product = Lane(repeating: 1)
            for i in 0..<events.listedCount {
                product *= (1.0).addingProduct(zeta, weights[i] * rows.overview(row: Int(energies[i])))
                // Factors lie between 1 and 1e30.
                if i & 7 == 7 {
                    value += Portable.log(product)
                    product = Lane(repeating: 1)
                }
            }
            value += Portable.log(product)
        }
        return value
    }

    /// The vertex of the parabola through the largest of the profiles and its neighbours; n is that of the nearest
    /// point.
    private func vertex(_ profiles: Lane, _ n: Lane) -> (point: Double, signalEvents: Double) {
        var best = 0
        for i in 1..<8 where profiles[i] > profiles[best] { best = i }
        let middle = min(max(best, 1), 6)
        let (x, y, z) = (Double(points[middle - 1]), Double(points[middle]), Double(points[middle + 1]))
        let left = (profiles[middle] - profiles[middle - 1]) / (y - x)
        let right = (profiles[middle + 1] - profiles[middle]) / (z - y)
        let bend = (right - left) / (z - x)
        // If points coincide, or the parabola opens upwards, the best point itself.
        let vertex = 0.5 * (x + y) - left / (2 * bend)
        let (lowest, highest) = (Double(points[0]), Double(points[7]))
        return (bend < 0 ? min(max(vertex, lowest), highest) : Double(points[best]), n[best])
    }
}
