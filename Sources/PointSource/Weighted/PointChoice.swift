import Numerics

/// Chooses the points of a mixture.
struct PointChoice {
    private let target: TiltTarget
    private let integral = TiltIntegral()
    private var analysis: PointSourceAnalysis { target.analysis }

    /// The largest number of points along θ: in a wide fit range they are farther apart.
    private static let largestPointCount = 13
    /// The step between levels of u, where u²/2 is the divergence, from the largest one downwards.
    private static let tiltStep = 1.5
    private static let smallestTilt = 1.25
    /// The largest n_j/N_j.
    private static let largestFraction = 0.5

    init(_ target: TiltTarget) { self.target = target }

    /// The points of a mixture, without shares, and points outside it.
    ///
    /// - Parameters:
    ///   - cells: the mixture's points of the grid of θ; nil for those that cover the fit's range.
    ///   - largestTilt: the largest u; nil for the tail's.
    func points(tail: Double, cells chosen: [Int]?, largestTilt: Double?) -> (
        points: [ProposalMixture.Point], heldOut: [ProposalMixture.Point]
    ) {
        let standard = standardCells
        let tilts = Array(
            stride(from: largestTilt ?? tail + 1, through: Self.smallestTilt, by: -Self.tiltStep).reversed())
        let points = (chosen ?? standard).flatMap { levels(cell: $0, tilts: tilts) }
        // The points outside the mixture: between its θ, and between its levels.
        let between = zip(standard, standard.dropFirst()).map { ($0 + $1) / 2 }
        let heldOutTilts = [tail - 3 + 0.25, tail + 0.25].filter { $0 > 1 }
        let heldOut = (between.isEmpty ? standard : between).flatMap { levels(cell: $0, tilts: heldOutTilts) }
        return (points, heldOut)
    }

    /// Points of the grid of θ over the whole fit range, including its ends.
    private var standardCells: [Int] {
        let (minimum, maximum) = (analysis.settings.parameter.minimum, analysis.settings.parameter.maximum)
        let wanted = ((maximum - minimum) / analysis.settings.family.mixtureStep - 1e-9).rounded(.up)
        let steps = max(1, min(Self.largestPointCount - 1, Int(wanted)))
        var cells: [Int] = []
        for step in 0...steps {
            let parameter = minimum + (maximum - minimum) * Double(step) / Double(steps)
            let cell = analysis.grid.nearest(to: parameter).index
            if cells.last != cell { cells.append(cell) }
        }
        return cells
    }

    /// The points at one θ whose divergences are u²/2, by increasing n. Those limited to the same largest n are merged.
    private func levels(cell: Int, tilts: [Double]) -> [ProposalMixture.Point] {
        let shares = analysis.weights.values(parameter: analysis.grid.values[cell])
        var largest = analysis.settings.signalEvents.maximum
        for (model, share) in zip(analysis.models, shares) where share > 0 {
            largest = min(largest, Self.largestFraction * Double(model.eventCount) / share)
        }
        let profile = TiltStrength.Profile(
            analysis.models.indices.map { j in
                let model = analysis.models[j]
                return (
                    target.strengths[j], shares[j] / Double(model.eventCount),
                    { model.signalTable.density(row: $0, point: cell) }
                )
            })
        var points: [ProposalMixture.Point] = []
        for tilt in tilts {
            let n = profile.signalEvents(divergence: 0.5 * tilt * tilt, largest: largest, integral)
            if let last = points.last, n < 1.01 * last.signalEvents { continue }
            points.append(point(n, cell: cell))
        }
        return points
    }

    private func point(_ n: Double, cell: Int) -> ProposalMixture.Point {
        let tilt = Tilt(analysis, n, cell: cell)
        let constant = analysis.models.indices.reduce(tilt.commonLogarithm(target)) {
            $0 + target.logProduct(dataset: $1, zeta: tilt.zetas[$1], cell: cell)
        }
        return ProposalMixture.Point(
            signalEvents: n, gamma: analysis.grid.values[cell], share: 0, constant: constant)
    }
}
