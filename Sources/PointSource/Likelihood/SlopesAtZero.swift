/// ∂ ln Λ/∂n_s at n_s = 0 over all γ, without a look at the events.
///
/// There it is Σ_j f_j(γ) (M_j(γ) − 1) with M_j = Σ R/N_j, and M_j inherits the parabolas in γ from the events' ratios.
struct SlopesAtZero {
    private let datasets: [DatasetEvents]
    private let weights: DatasetWeights
    private let grid: GammaGrid

    init(datasets: [DatasetEvents], grid: GammaGrid, weights: DatasetWeights) {
        self.datasets = datasets
        self.grid = grid
        self.weights = weights
    }

    /// The slope at an offset in a cell.
    func value(_ cell: GammaCell, offset t: Double) -> Double {
        let shares = weights.values(gamma: grid.values[cell.index] + t)
        return zip(datasets, shares).reduce(0) { sum, pair in
            let (a, b, c) = pair.0.meanParabola(cell: cell.index)
            return sum + pair.1 * (a * t * t + b * t + c - 1)
        }
    }

    /// An upper bound of the slope over a cell.
    func bound(_ cell: GammaCell) -> Double {
        let (lower, upper) = (cell.offsets.lowerBound, cell.offsets.upperBound)
        var sum = 0.0
        for j in datasets.indices {
            let (a, b, c) = datasets[j].meanParabola(cell: cell.index)
            var largest = max(c + lower * (b + lower * a), c + upper * (b + upper * a))
            if a < 0 {
                let vertex = -b / (2 * a)
                if vertex > lower, vertex < upper { largest = max(largest, c + vertex * (b + vertex * a)) }
            }
            let share = cell.shares[j]
            sum += max(share.lowerBound * (largest - 1), share.upperBound * (largest - 1))
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
