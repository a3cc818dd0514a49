import Diagnostics
import Numerics

/// The data for weighted background trials of one analysis: the mixture of their distributions, and tables of the
/// events that are tilted. It is an immutable value, shared by threads.
public struct WeightedBackground: Sendable {
    public let mixture: ProposalMixture
    let tables: [TiltTable]
    /// For each point of the mixture, one element per dataset.
    let rows: [[TiltRows]]
    /// The points of the mixture, then those outside it, with the quantities for ln Λ.
    let evaluation: PointEvaluation

    /// Chooses the mixture for an analysis: it depends only on the analysis and the tail.
    ///
    /// - Parameter tail: the significance, in sigma, up to which p-values are valid, in ``tailRange``.
    /// - Throws: `Fault` (usage) for another tail, or if the box extends more than 120° from the source.
    public init(_ analysis: PointSourceAnalysis, tail: Double) throws {
        try self.init(analysis, tail: tail, cells: nil)
    }

    /// - Parameter cells: the mixture's points of the grid of θ; nil for those that cover the fit's range.
    init(_ analysis: PointSourceAnalysis, tail: Double, cells: [Int]?, largestTilt: Double? = nil) throws {
        try Self.check(tail: tail)
        guard analysis.stack == nil else {
            throw Fault(
                .usage, at: .field("--tail"), "weighted trials are for one source, and these are for a stack",
                remedy: "make ordinary trials")
        }
        guard analysis.exposureScale == 1 else {
            throw Fault(
                .usage, at: .field("--tail"),
                "weighted trials are for the exposure of the data, and these are for "
                    + "\(shortest(analysis.exposureScale)) times its livetime",
                remedy: "make ordinary trials, or leave the exposure out")
        }
        guard analysis.settings.nullSignal == 0 else {
            throw Fault(
                .usage, at: .field("--tail"),
                "weighted trials are background, and the null hypothesis has \(shortest(analysis.settings.nullSignal)) "
                    + "signal events (fit.mean_n_sig_0)",
                remedy: "make ordinary trials with mu \(shortest(analysis.settings.nullSignal)), or leave the key out")
        }
        var strengths = analysis.models.map { TiltStrength(rowCount: $0.signalTable.count) }
        let tables = try analysis.models.indices.map { j in
            let model = analysis.models[j]
            var strength = TiltStrength(rowCount: model.signalTable.count)
            let table = try TiltTable(model.background, rowCount: model.signalTable.count) {
                strength.add(row: $0, mean: $1, largest: $2)
            }
            strengths[j] = strength
            return table
        }
        let choice = PointChoice(analysis, strengths: strengths, tables: tables)
        let mixture = choice.mixture(tail: tail, cells: cells, largestTilt: largestTilt ?? tail + 1)
        self.init(analysis, mixture: mixture, tables: tables)
    }

    /// The significances, in sigma, that weighted trials can be made for. Below 2 ordinary trials are better.
    public static let tailRange = 2.0...8.0

    /// - Throws: `Fault` (usage) for a tail outside ``tailRange``.
    public static func check(tail: Double) throws(Fault) {
        guard tailRange.contains(tail) else {
            let (low, high) = (shortest(tailRange.lowerBound), shortest(tailRange.upperBound))
            throw Fault(
                .usage, at: .field("--tail"), "\(shortest(tail)) sigma is outside \(low) to \(high)",
                remedy: "weighted trials up to 7 sigma suffice for all thresholds: --tail 7")
        }
    }

    /// The same mixture with other constants, for tests.
    init(_ other: WeightedBackground, _ analysis: PointSourceAnalysis, mixture: ProposalMixture) {
        self.init(analysis, mixture: mixture, tables: other.tables)
    }

    private init(_ analysis: PointSourceAnalysis, mixture: ProposalMixture, tables: [TiltTable]) {
        self.mixture = mixture
        self.tables = tables
        rows = mixture.points.map { point in
            analysis.models.indices.map { j in
                let tilt = Tilt(analysis, point.signalEvents, cell: analysis.grid.nearest(to: point.gamma).index)
                let table = analysis.models[j].signalTable
                return TiltRows(
                    slopes: (0..<table.count).map { tilt.zetas[j] * table.density(row: $0, point: tilt.cell) },
                    table: tables[j])
            }
        }
        evaluation = PointEvaluation(analysis, mixture: mixture)
    }
}

extension SignalTable {
    /// S_E of a row at a point of the grid of θ.
    func density(row: Int, point: Int) -> Double { values[row * stride + point] }
}

/// The tilt of the datasets at a point (n, θ).
struct Tilt {
    /// The grid point of θ.
    let cell: Int
    /// z_j = n f_j/N_j, and ζ_j = z_j/(1 − z_j).
    let fractions: [Double]
    let zetas: [Double]

    init(_ analysis: PointSourceAnalysis, _ n: Double, cell: Int) {
        self.cell = cell
        let shares = analysis.weights.values(parameter: analysis.grid.values[cell])
        fractions = analysis.models.indices.map { n * shares[$0] / Double(analysis.models[$0].eventCount) }
        zetas = fractions.map { $0 / (1 - $0) }
    }

    /// Σ_j [N_j ln(1 − z_j) + ζ_j M_j]: the part of ln Λ that is common to all trials.
    func commonLogarithm(_ analysis: PointSourceAnalysis) -> Double {
        analysis.models.indices.reduce(0) { sum, j in
            let model = analysis.models[j]
            let negligible = model.background.negligibleRatios[cell / 8][cell % 8]
            return sum + Double(model.eventCount) * Portable.log1p(-fractions[j]) + zetas[j] * negligible
        }
    }
}

/// Chooses the points of a mixture.
private struct PointChoice {
    private let analysis: PointSourceAnalysis
    private let strengths: [TiltStrength]
    private let tables: [TiltTable]
    private let integral = TiltIntegral()

    /// α₀.
    private static let ordinaryShare = 0.1
    /// The largest number of points along θ: in a wide fit range they are farther apart.
    private static let largestPointCount = 13
    /// The step between levels of u, where u²/2 is the divergence, from the largest one downwards.
    private static let tiltStep = 1.5
    private static let smallestTilt = 1.25
    /// The largest n_j/N_j.
    private static let largestFraction = 0.5

    init(_ analysis: PointSourceAnalysis, strengths: [TiltStrength], tables: [TiltTable]) {
        self.analysis = analysis
        self.strengths = strengths
        self.tables = tables
    }

    func mixture(tail: Double, cells chosen: [Int]?, largestTilt: Double) -> ProposalMixture {
        let standard = standardCells
        let tilts = Array(stride(from: largestTilt, through: Self.smallestTilt, by: -Self.tiltStep).reversed())
        let points = (chosen ?? standard).flatMap { levels(cell: $0, tilts: tilts) }
        let share = (1 - Self.ordinaryShare) / Double(points.count)
        // The points outside the mixture: between its θ, and between its levels.
        let between = zip(standard, standard.dropFirst()).map { ($0 + $1) / 2 }
        let heldOutTilts = [tail - 3 + 0.25, tail + 0.25].filter { $0 > 1 }
        let heldOut = (between.isEmpty ? standard : between).flatMap { levels(cell: $0, tilts: heldOutTilts) }
        return ProposalMixture(
            tail: tail, ordinaryShare: Self.ordinaryShare, points: points.map { $0.with(share: share) },
            heldOut: heldOut)
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
                    strengths[j], shares[j] / Double(model.eventCount),
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
        let constant = analysis.models.indices.reduce(tilt.commonLogarithm(analysis)) { sum, j in
            sum
                + tables[j].logProduct(zeta: tilt.zetas[j]) {
                    analysis.models[j].signalTable.density(row: $0, point: cell)
                }
        }
        return ProposalMixture.Point(
            signalEvents: n, gamma: analysis.grid.values[cell], share: 0, constant: constant)
    }
}

extension ProposalMixture.Point {
    fileprivate func with(share: Double) -> Self {
        Self(signalEvents: signalEvents, gamma: gamma, share: share, constant: constant)
    }
}
