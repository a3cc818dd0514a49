import Diagnostics
import Numerics

/// A background trial drawn from another distribution than background, with the weight that compensates for this.
public struct WeightedTrial: Sendable, Equatable {
    public let trial: Trial
    /// ln W, the logarithm of the trial's density under background divided by that under the mixture: the mean of
    /// W · 1{TS > t} is the p-value of t.
    public let logWeight: Double
    /// The component from which the trial was drawn: 0 for an ordinary trial, k for the mixture's k-th point.
    public let proposal: Int
    /// ln Λ − C at the points outside the mixture: the mean of W times its exponential is 1.
    public let heldOut: [Double]
}

/// The buffers of weighted trials besides those of ordinary ones. One per thread, reused.
struct WeightedBuffers {
    var tilted: [TiltedCandidates]
    /// For ``PointEvaluation``.
    let ratios = LaneArray()

    init(datasets: Int) {
        tilted = (0..<datasets).map { _ in TiltedCandidates() }
    }
}

extension PointSourceAnalysis {
    /// Makes one weighted background trial and fits it. The result depends only on the arguments.
    ///
    /// - Parameters:
    ///   - number: the trial's number.
    ///   - hypothesis: has the tail of `background`.
    ///   - background: made for this analysis.
    ///   - probes: as for ordinary trials.
    ///   - workspace: one thread's buffers.
    /// - Throws: `Fault` (usage) for a hypothesis with another tail.
    public func weightedTrial(
        _ number: UInt64, of hypothesis: Hypothesis, background: WeightedBackground, probes: [Probe] = [],
        workspace: inout TrialWorkspace
    ) throws -> WeightedTrial {
        try hypothesis.check(isOf: background.mixture)
        let key = hypothesis.key
        let component = background.mixture.component(ofTrial: number, key: key)
        generate(number, key: key, component: component, of: background, workspace: &workspace)
        let tilt = component == 0 ? 0 : background.mixture.points[component - 1].signalEvents
        let limit = settings.negligibleRatio == 0 ? Double.infinity : 16 + 1.5 * tilt
        let fit = try fit.maximum(for: workspace.events, limit: limit, workspace: &workspace.fit)
            .finite(of: "weighted trial \(number) with seed \(hypothesis.seed)")
        // Before the probes, which may load more events: the weight must not depend on them.
        let ratios = logRatios(background, workspace: &workspace)
        let values = probes.map { logLambda(at: $0, workspace: &workspace) }
        return WeightedTrial(
            trial: Trial(number: number, injected: 0, fit: fit, probes: values),
            logWeight: background.mixture.logWeight(ratios), proposal: component,
            heldOut: background.mixture.heldOutLogarithms(ratios[background.mixture.points.count...]))
    }

    /// ln dQ_k/dP at the points of the mixture, then at those outside it, for one trial of a component: 0 for ordinary
    /// background, k for the mixture's k-th point.
    package func logRatios(
        ofTrial number: UInt64, component: Int, key: Philox4x32.Key, background: WeightedBackground,
        workspace: inout TrialWorkspace
    ) -> [Double] {
        generate(number, key: key, component: component, of: background, workspace: &workspace)
        workspace.fit.likelihood.load(workspace.events, limit: background.evaluation.limit)
        return logRatios(background, workspace: &workspace)
    }

    /// Fills the workspace with the events of a trial of one component.
    func generate(
        _ number: UInt64, key: Philox4x32.Key, component: Int, of background: WeightedBackground,
        workspace: inout TrialWorkspace
    ) {
        // Not bound to a name, which would count references to its tables.
        if stack != nil {
            return generateStack(number, key: key, &workspace) { angles, weighted in
                guard component > 0 else { return }
                background.target.tilt(
                    angles, number, key: key, background.mixture.points[component - 1], &weighted)
            }
        }
        for j in models.indices {
            let events = workspace.events[j]
            events.removeAll(total: models[j].eventCount)
            guard component > 0 else {
                models[j].background.generate(key: key, trial: number, into: events)
                continue
            }
            var random = RandomStream(key: key, trial: number, purpose: RandomPurpose.tilt(dataset: j).rawValue)
            workspace.weighted.tilted[j].draw(
                background.rows[component - 1][j], background.target.tables[j], models[j].background, &random)
            models[j].background.generate(
                key: key, trial: number, into: events, tilted: workspace.weighted.tilted[j])
        }
    }

    /// ln dQ_k/dP of the workspace's events at the points of the mixture, then at those outside it.
    func logRatios(_ background: WeightedBackground, workspace: inout TrialWorkspace) -> [Double] {
        logRatios(background.evaluation, &workspace, ratios: workspace.weighted.ratios)
    }

    /// The same at the points of an evaluation.
    ///
    /// - Parameter ratios: as in ``PointEvaluation/values(_:ratios:)``.
    func logRatios(
        _ evaluation: PointEvaluation, _ workspace: inout TrialWorkspace, ratios: LaneArray
    ) -> [Double] {
        let likelihood = workspace.fit.likelihood
        if likelihood.limit < evaluation.limit { likelihood.load(workspace.events, limit: evaluation.limit) }
        return evaluation.values(likelihood.datasets, ratios: ratios)
    }
}

extension Hypothesis {
    /// - Throws: `Fault` (usage) if the tail is not that of a mixture.
    func check(isOf mixture: ProposalMixture) throws(Fault) {
        guard tail == mixture.tail else {
            throw Fault(
                .usage, at: .field("tail"),
                "a mixture for \(shortest(mixture.tail)) sigma does not make trials for "
                    + (tail.map { "\(shortest($0)) sigma" } ?? "ordinary background"),
                remedy: "make a mixture for the hypothesis")
        }
    }
}
