import Diagnostics
import Numerics

/// A sky without signal that was drawn from another distribution than background, with the weight that compensates for
/// this.
public struct WeightedSkyTrial: Sendable, Equatable {
    public let sky: SkyTrial
    /// ln W, as in ``WeightedTrial``.
    public let logWeight: Double
    /// The component from which the sky was drawn: 0 for an ordinary sky, k for the mixture's k-th point.
    public let proposal: Int
    /// ln of the mean density ratio of each group of points outside the mixture: the mean of W times its exponential is
    /// 1.
    public let heldOut: [Double]
}

extension CatalogueAnalysis {
    /// Makes one weighted sky and fits every source. The result depends only on the arguments.
    ///
    /// - Parameters:
    ///   - number: the trial's number.
    ///   - hypothesis: has the tail of `background`.
    ///   - background: made for this analysis.
    /// - Throws: `Fault` (usage) for a hypothesis with another tail, `Fault` (bad data) if ln Λ is not finite.
    public func weightedTrial(
        _ number: UInt64, of hypothesis: Hypothesis, background: WeightedCatalogue, workspace: inout SkyWorkspace
    ) throws -> WeightedSkyTrial {
        let mixture = background.mixture
        try hypothesis.check(isOf: mixture)
        let key = hypothesis.key
        let component = mixture.component(ofTrial: number, key: key)
        generate(number, key: key, component: component, of: background, workspace: &workspace)
        var fits = [FitResult?](repeating: nil, count: sources.count)
        var ratios = SkyRatios(mixture)
        for s in order {
            _ = collect(s, ofSky: 0, workspace)
            let tilt = component > 0 && mixture.points[component - 1].source == s
            let signal = tilt ? mixture.points[component - 1].signalEvents : 0
            // The events are classified once, for the fit and for the points.
            fits[s] = try sources[s].maximum(
                limit: max(16 + 1.5 * signal, background.evaluations[s].limit), workspace: &workspace.sources[s],
                of: "weighted trial \(number) with seed \(hypothesis.seed) at \(sources[s].source.name)")
            ratios.set(logRatios(s, background, &workspace), background.places[s])
        }
        return WeightedSkyTrial(
            sky: SkyTrial(number: number, injected: 0, fits: fits.compactMap { $0 }),
            logWeight: mixture.logWeight(ratios.points), proposal: component,
            heldOut: mixture.heldOutLogarithms(ratios.heldOut[...]))
    }

    /// ln dQ_k/dP at the points of the mixture, then at those outside it, for one sky of a component: 0 for ordinary
    /// background, k for the mixture's k-th point.
    package func logRatios(
        ofTrial number: UInt64, component: Int, key: Philox4x32.Key, background: WeightedCatalogue,
        workspace: inout SkyWorkspace
    ) -> [Double] {
        generate(number, key: key, component: component, of: background, workspace: &workspace)
        var ratios = SkyRatios(background.mixture)
        for s in order {
            _ = collect(s, ofSky: 0, workspace)
            workspace.sources[s].fit.likelihood.load(
                workspace.sources[s].events, limit: background.evaluations[s].limit)
            ratios.set(logRatios(s, background, &workspace), background.places[s])
        }
        return ratios.points + ratios.heldOut
    }

    /// Draws the right ascensions of one component, and finds the events of all sources.
    private func generate(
        _ number: UInt64, key: Philox4x32.Key, component: Int, of background: WeightedCatalogue,
        workspace: inout SkyWorkspace
    ) {
        workspace.skies[0].angles.draw(number, key: key)
        workspace.skies[0].signal.removeAll()
        if component > 0, let source = background.mixture.points[component - 1].source {
            background.targets[source].tilt(
                workspace.skies[0].angles, number, key: key, background.mixture.points[component - 1],
                &workspace.weighted)
        }
        findEvents(ofSkies: 1, workspace)
    }

    /// ln dQ_k/dP at the points of one source, of the events that were last loaded.
    private func logRatios(
        _ s: Int, _ background: WeightedCatalogue, _ workspace: inout SkyWorkspace
    ) -> [Double] {
        sources[s].logRatios(
            background.evaluations[s], &workspace.sources[s], ratios: workspace.weighted.ratios)
    }
}

/// ln dQ_k/dP of one sky at all points of a catalogue's mixture.
private struct SkyRatios {
    private(set) var points: [Double]
    private(set) var heldOut: [Double]

    init(_ mixture: ProposalMixture) {
        points = [Double](repeating: 0, count: mixture.points.count)
        heldOut = [Double](repeating: 0, count: mixture.heldOut.count)
    }

    /// - Parameter values: of one source, at its points in the mixture, then at those outside it.
    mutating func set(_ values: [Double], _ places: (points: Range<Int>, heldOut: Range<Int>)) {
        points.replaceSubrange(places.points, with: values.prefix(places.points.count))
        heldOut.replaceSubrange(places.heldOut, with: values.dropFirst(places.points.count))
    }
}
