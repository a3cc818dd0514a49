import Diagnostics
import Numerics

/// The data for weighted background trials of a catalogue: skies that are tilted towards one of the sources, each in its
/// own points (docs/model.md, section 14). It is an immutable value, shared by threads.
public struct WeightedCatalogue: Sendable {
    /// The points of all sources, by source.
    public let mixture: ProposalMixture
    /// By source.
    let targets: [TiltTarget]
    /// By source: the points of the mixture, then those outside it, with the quantities for ln Λ.
    let evaluations: [PointEvaluation]
    /// By source: its points in the mixture, and its points outside it.
    let places: [(points: Range<Int>, heldOut: Range<Int>)]

    /// The largest number of points of a mixture.
    private static let largestPointCount = 65535

    /// Chooses the mixture for a catalogue: it depends only on the analysis and the tail.
    ///
    /// - Parameter tail: the significance, in sigma, up to which p-values are valid, in
    ///   ``WeightedBackground/tailRange``.
    /// - Throws: `Fault` (usage) for another tail, if the box extends more than 120° from a source, or for too many
    ///   sources.
    public init(_ catalogue: CatalogueAnalysis, tail: Double) throws {
        try WeightedBackground.check(tail: tail)
        let parts = try concurrently(catalogue.sources.count) { s in
            let target = try TiltTarget(catalogue, source: s)
            let (points, heldOut) = PointChoice(target).points(tail: tail, cells: nil, largestTilt: nil)
            return (target: target.chosen(), points: points, heldOut: heldOut)
        }
        guard parts.reduce(0, { $0 + $1.points.count }) <= Self.largestPointCount else {
            throw Fault(
                .usage, at: .field("--tail"),
                "weighted trials of \(catalogue.sources.count) sources would have more than \(Self.largestPointCount) "
                    + "components", remedy: "make ordinary trials, or search fewer sources")
        }
        self.init(
            parts.map(\.target),
            mixture: ProposalMixture(tail: tail, sources: parts.map { ($0.points, $0.heldOut) }))
    }

    /// The same mixture with other constants, for tests.
    init(_ other: WeightedCatalogue, mixture: ProposalMixture) { self.init(other.targets, mixture: mixture) }

    private init(_ targets: [TiltTarget], mixture: ProposalMixture) {
        self.mixture = mixture
        self.targets = targets
        let places = targets.indices.map { s in
            (points: Self.range(of: s, in: mixture.points), heldOut: Self.range(of: s, in: mixture.heldOut))
        }
        self.places = places
        evaluations = targets.indices.map { s in
            PointEvaluation(
                targets[s],
                points: Array(mixture.points[places[s].points] + mixture.heldOut[places[s].heldOut]))
        }
    }

    /// The places of a source's points in a list that is sorted by source.
    private static func range(of source: Int, in points: [ProposalMixture.Point]) -> Range<Int> {
        let first = prefixCount(points.count) { (points[$0].source ?? 0) < source }
        return first..<prefixCount(points.count) { (points[$0].source ?? 0) <= source }
    }
}
