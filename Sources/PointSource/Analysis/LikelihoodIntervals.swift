import IceTracks

/// The intervals of a fit in which ln Λ, maximised over the other parameter, is at most `drop` below its maximum.
///
/// With a drop of 1/2 they contain the true value in 68.27 % of experiments with many events (S. S. Wilks, Ann. Math.
/// Stat. 9 (1938) 60). They end at a bound of the fit, where they contain it more often.
public struct LikelihoodIntervals: Sendable, Equatable {
    /// ln Λ_max − ln Λ at the ends.
    public let drop: Double
    /// n_s.
    public let signalEvents: ClosedRange<Double>
    /// θ, the spectral index or the peak in lg(E/GeV); the whole range of the fit if n_s = 0.
    public let gamma: ClosedRange<Double>
    /// The flux normalisation Phi0 at E0, in GeV⁻¹ cm⁻² s⁻¹, with its own θ at each value.
    public let flux: ClosedRange<Double>

    /// One standard deviation.
    public static let oneSigmaDrop = 0.5
}

extension PointSourceAnalysis {
    /// The intervals of a fit of the data.
    ///
    /// - Parameters:
    ///   - data: as in ``fitData(_:)``.
    ///   - fit: the result of ``fitData(_:)``.
    ///   - drop: above 0.
    /// - Throws: as ``fitData(_:)``.
    public func intervals(
        of data: [EventTable], about fit: FitResult, drop: Double = LikelihoodIntervals.oneSigmaDrop
    ) throws -> LikelihoodIntervals {
        var workspace = makeWorkspace()
        try load(data, &workspace)
        return intervals(about: fit, drop: drop, workspace: &workspace)
    }

    /// The intervals of the fit of the trial in the workspace: the one made last with it.
    ///
    /// It keeps the trial's events in the workspace and overwrites the state of the fit.
    ///
    /// - Parameters:
    ///   - fit: the fit of the trial.
    ///   - drop: above 0.
    public func intervals(
        about fit: FitResult, drop: Double = LikelihoodIntervals.oneSigmaDrop, workspace: inout TrialWorkspace
    ) -> LikelihoodIntervals {
        workspace.fit.likelihood.load(workspace.events, limit: .infinity)
        let level = fit.logLambda - drop
        let (nBounds, bounds) = (settings.signalEvents, settings.parameter)
        func logLambda(_ n: Double, _ parameter: Double) -> Double {
            n == 0 ? 0 : self.logLambda(at: Probe(signalEvents: n, gamma: parameter), workspace: &workspace)
        }
        /// The largest ln Λ along a curve n(θ): the best grid point, and the best position between its neighbours.
        func best(_ n: (Double) -> Double) -> Double {
            let points = Array(Set(cells.map { min(max($0.centre, bounds.minimum), bounds.maximum) })).sorted()
            let values = points.map { logLambda(n($0), $0) }
            guard let top = values.indices.max(by: { values[$0] < values[$1] }) else { return -.infinity }
            let range = points[max(0, top - 1)]...points[min(points.count - 1, top + 1)]
            return max(values[top], ProfileSearch.maximum(in: range, width: 1e-3) { logLambda(n($0), $0) })
        }
        func ends(about centre: Double, step: Double, bounds: ClosedRange<Double>, _ profile: (Double) -> Double)
            -> ClosedRange<Double>
        {
            let low = ProfileSearch.crossing(
                from: centre, step: -step, to: bounds.lowerBound, level: level, profile)
            let high = ProfileSearch.crossing(from: centre, step: step, to: bounds.upperBound, level: level, profile)
            return min(low, centre)...max(high, centre)
        }

        let step = 0.5 * max(1, fit.signalEvents).squareRoot()
        let n = ends(
            about: fit.signalEvents, step: step, bounds: nBounds.minimum...nBounds.maximum
        ) { n in best { _ in n } }
        let perEvent = { (parameter: Double) in
            1 / self.weights.yields.reduce(0) { $0 + $1.value(parameter: parameter) }
        }
        let flux = fit.signalEvents * perEvent(fit.gamma)
        let largest = cells.map { perEvent($0.centre) }.max() ?? 0
        let fluxes = ends(
            about: flux, step: step * perEvent(fit.gamma), bounds: 0...(nBounds.maximum * largest)
        ) { flux in best { min(flux / perEvent($0), nBounds.maximum) } }
        let all = bounds.minimum...bounds.maximum
        let parameter =
            fit.signalEvents == 0
            ? all
            : ends(about: fit.gamma, step: grid.step, bounds: all) { parameter in
                // ln Λ is concave in n_s; the search ends at most twice as far out as the interval of n_s.
                ProfileSearch.maximum(in: nBounds.minimum...min(nBounds.maximum, 4 * n.upperBound + 10)) {
                    logLambda($0, parameter)
                }
            }
        return LikelihoodIntervals(drop: drop, signalEvents: n, gamma: parameter, flux: fluxes)
    }
}
