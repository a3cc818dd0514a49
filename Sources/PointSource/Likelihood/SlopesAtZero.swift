/// ∂ ln Λ/∂n_s at n_s = 0 over all γ, from one pass over the events.
///
/// There it is Σ_j f_j(γ) (M_j(γ) − 1) with M_j = Σ R/N_j, and M_j inherits the parabolas in γ from the events' ratios.
struct SlopesAtZero {
    /// M_j at each grid point, a row per dataset.
    private var means: [[Double]] = []
    private let weights: DatasetWeights
    private let grid: GammaGrid

    init(events: [SelectedEvents], grid: GammaGrid, weights: DatasetWeights) {
        self.grid = grid
        self.weights = weights
        means = events.map { selected in
            var sums = [Double](repeating: 0, count: selected.energyRatios.stride)
            let stride = sums.count
            selected.energyRatios.values.withUnsafeBufferPointer { ratios in
                for i in 0..<selected.count {
                    let spatial = selected.spatialRatios[i]
                    let base = Int(selected.rows[i]) * stride
                    for k in 0..<stride { sums[k] += spatial * ratios[base + k] }
                }
            }
            return sums.map { $0 / Double(selected.total) }
        }
    }

    /// M_j − 1 at an offset in a cell.
    private func excess(_ dataset: Int, _ k: Int, _ t: Double) -> Double {
        let (a, b, c) = EnergyRatios.parabola(means[dataset][k - 1], means[dataset][k], means[dataset][k + 1])
        return a * t * t + b * t + c - 1
    }

    /// The slope at an offset in a cell.
    func value(_ cell: GammaCell, offset t: Double) -> Double {
        let shares = weights.values(gamma: grid.values[cell.index] + t)
        return shares.indices.reduce(0) { $0 + shares[$1] * excess($1, cell.index, t) }
    }

    /// An upper bound of the slope over a cell.
    func bound(_ cell: GammaCell) -> Double {
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        var sum = 0.0
        for (j, share) in cell.shares.enumerated() {
            let k = cell.index
            let (a, b, _) = EnergyRatios.parabola(means[j][k - 1], means[j][k], means[j][k + 1])
            var largest = max(excess(j, k, lower), excess(j, k, upper))
            if a < 0 {
                let vertex = -b / (2 * a)
                if vertex > lower, vertex < upper { largest = max(largest, excess(j, k, vertex)) }
            }
            sum += max(share.lowerBound * largest, share.upperBound * largest)
        }
        return sum
    }

    /// The offset of a cell, among nine equidistant ones, at which the slope is largest.
    func steepestOffset(_ cell: GammaCell) -> Double {
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        let offsets = (0...8).map { lower + (upper - lower) * Double($0) / 8 }
        return offsets.max { value(cell, offset: $0) < value(cell, offset: $1) } ?? lower
    }
}
