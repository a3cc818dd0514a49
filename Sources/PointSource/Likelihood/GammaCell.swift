/// What is known of a cell of the γ grid before any trial: its extent and how the datasets' shares vary in it.
struct GammaCell: Sendable {
    /// Index of the grid point.
    let index: Int
    /// Offsets from the grid point that belong to the cell and to the fit's bounds.
    let offsets: ClosedRange<Double>
    /// The range of f_j(γ) within the cell, one a dataset.
    let shares: [ClosedRange<Double>]
    /// f_j with derivatives at the lower and at the upper end.
    let sharesAtLower: [DatasetWeights.Weight]
    let sharesAtUpper: [DatasetWeights.Weight]

    /// The cells that a fit with the given bounds of γ can end in, ascending.
    static func all(grid: GammaGrid, weights: DatasetWeights, bounds: AnalysisSettings.FitParameter) -> [GammaCell] {
        let half = 0.5 * GammaGrid.step
        return grid.interior.compactMap { k in
            let centre = grid.values[k]
            // The half-way point belongs to the lower cell, so an upper cell begins just above it.
            let lower = max(bounds.minimum - centre, -half + 1e-10)
            let upper = min(bounds.maximum - centre, half)
            guard lower <= upper else { return nil }
            let samples = (0...8).map { weights.values(gamma: centre + lower + (upper - lower) * Double($0) / 8) }
            let shares = weights.yields.indices.map { j in
                let values = samples.map { $0[j] }
                let (low, high) = (values.min() ?? 0, values.max() ?? 1)
                // f_j is smooth on the cell's scale: between nine samples it leaves their range by far less than this
                // margin.
                let margin = 0.1 * (high - low)
                return max(0, low - margin)...min(1, high + margin)
            }
            return GammaCell(
                index: k, offsets: lower...upper, shares: shares, sharesAtLower: weights.weights(gamma: centre + lower),
                sharesAtUpper: weights.weights(gamma: centre + upper))
        }
    }
}
