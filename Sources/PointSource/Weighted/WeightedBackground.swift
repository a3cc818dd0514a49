import Diagnostics
import Numerics

/// The data for weighted background trials of one analysis, of a source or of a stack: the mixture of their
/// distributions, and tables of the events that are tilted. It is an immutable value, shared by threads.
public struct WeightedBackground: Sendable {
    public let mixture: ProposalMixture
    let target: TiltTarget
    /// For each point of the mixture, one element per dataset. Empty for skies, whose many rows are made in each trial.
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
        let target = try TiltTarget(analysis)
        let (points, heldOut) = PointChoice(target).points(tail: tail, cells: cells, largestTilt: largestTilt)
        self.init(target.chosen(), mixture: ProposalMixture(tail: tail, points, heldOut))
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
    init(_ other: WeightedBackground, mixture: ProposalMixture) { self.init(other.target, mixture: mixture) }

    private init(_ target: TiltTarget, mixture: ProposalMixture) {
        self.mixture = mixture
        self.target = target
        rows =
            target.skies != nil
            ? []
            : mixture.points.map { point in target.tables.indices.map { target.rows(point, dataset: $0) } }
        evaluation = PointEvaluation(target, points: mixture.points + mixture.heldOut)
    }
}
