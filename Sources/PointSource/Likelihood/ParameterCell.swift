import Numerics

/// A cell of the grid of θ: its extent and the datasets' shares in it, the same for all trials.
struct ParameterCell: Sendable {
    /// Index of the grid point.
    let index: Int
    /// θ_k, the grid point.
    let centre: Double
    /// The distance of grid points.
    let step: Double
    /// Offsets from the grid point that belong to the cell and lie within the fit's bounds.
    let offsets: ClosedRange<Double>
    /// f_j(θ) to second order about the grid point, one per dataset, and an upper bound of the remainder.
    let shares: [Parabola]
    let shareDeviations: [Double]
    /// f_j with derivatives at the lower and at the upper end.
    let sharesAtLower: [DatasetWeights.Weight]
    let sharesAtUpper: [DatasetWeights.Weight]

    /// An upper bound of f_j(θ) within the cell.
    func shareBound(of j: Int) -> Double { min(1, shares[j].magnitudeBound(step: step) + shareDeviations[j]) }

    /// The cells in which a fit with the given bounds of θ can end, ascending.
    static func all(grid: ParameterGrid, weights: DatasetWeights, bounds: AnalysisSettings.FitParameter)
        -> [ParameterCell]
    {
        let half = 0.5 * grid.step
        return grid.interior.compactMap { k in
            let centre = grid.values[k]
            // The half-way point belongs to the lower cell, so an upper cell starts just above it.
            let lower = max(bounds.minimum - centre, -half + 1e-10)
            let upper = min(bounds.maximum - centre, half)
            guard lower <= upper else { return nil }
            let shares = weights.weights(parameter: centre).map {
                Parabola(c: $0.value, b: $0.slope, a: 0.5 * $0.curvature)
            }
            var deviations = shares.map { _ in 1e-12 }
            for step in 0...8 {
                let offset = lower + (upper - lower) * Double(step) / 8
                for (j, value) in weights.values(parameter: centre + offset).enumerated() {
                    // f_j is smooth on the cell's scale: twice the largest deviation at nine points is a bound between
                    // them.
                    deviations[j] = max(deviations[j], 2 * abs(value - shares[j].value(at: offset)))
                }
            }
            return ParameterCell(
                index: k, centre: centre, step: grid.step, offsets: lower...upper, shares: shares,
                shareDeviations: deviations,
                sharesAtLower: weights.weights(parameter: centre + lower),
                sharesAtUpper: weights.weights(parameter: centre + upper))
        }
    }
}
