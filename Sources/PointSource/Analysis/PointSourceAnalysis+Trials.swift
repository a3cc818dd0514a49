import Diagnostics
import Numerics

extension PointSourceAnalysis {
    /// Makes one trial and fits it. The result depends only on the arguments (docs/architecture.md, promise 1).
    ///
    /// - Parameters:
    ///   - number: the trial's number.
    ///   - probes: points at which ln Λ is also evaluated; −∞ if a dataset would have more signal than events.
    ///   - workspace: the buffers of one thread.
    /// - Throws: `Fault` (bad data) if no signal event passes the energy cut, or ln Λ is not finite.
    public func trial(
        _ number: UInt64, of hypothesis: Hypothesis, probes: [Probe] = [], workspace: inout TrialWorkspace
    ) throws -> Trial {
        let injected = try generate(number, of: hypothesis, workspace: &workspace)
        let fit = try maximum(
            limit: expectedSignal(injected: injected), workspace: &workspace,
            of: "trial \(number) with mu \(shortest(hypothesis.meanSignal)) and seed \(hypothesis.seed)")
        let values = probes.map { logLambda(at: $0, workspace: &workspace) }
        return Trial(number: number, injected: injected, fit: fit, probes: values)
    }

    /// Fits the events in the workspace, also under the null hypothesis if it contains signal.
    ///
    /// - Parameter name: the events, for a fault.
    /// - Throws: `Fault` (bad data) if ln Λ is not finite.
    func maximum(
        limit: Double, workspace: inout TrialWorkspace, of name: @autoclosure () -> String
    ) throws(Fault) -> FitResult {
        var best = try fit.maximum(for: workspace.events, limit: limit, workspace: &workspace.fit).finite(of: name())
        guard let nullFit else { return best }
        let null = nullFit.maximum(
            for: workspace.events, limit: max(limit, settings.nullSignal), workspace: &workspace.fit)
        guard null.convergence != .notFinite else {
            throw Fault(
                .badData, at: .field("fit.mean_n_sig_0"),
                "the likelihood of \(name()) is not finite with \(shortest(settings.nullSignal)) signal events",
                remedy: "choose a smaller null hypothesis: a dataset would have more signal than events")
        }
        best.nullLogLambda = null.logLambda
        // Rounding in either search must not leave the fit below a point that it contains.
        if null.logLambda > best.logLambda {
            (best.logLambda, best.signalEvents, best.gamma) = (null.logLambda, null.signalEvents, null.gamma)
        }
        return best
    }

    /// An n_s that a trial's fit rarely exceeds; if it does, the fit makes another pass. +∞ if the settings allow no
    /// approximation.
    func expectedSignal(injected: Int) -> Double {
        settings.negligibleRatio == 0 ? .infinity : 16 + 1.5 * Double(injected)
    }

    /// Fills the workspace with the events of a trial; returns the number of injected events.
    func generate(_ number: UInt64, of hypothesis: Hypothesis, workspace: inout TrialWorkspace) throws -> Int {
        // Not bound to a name, which would count references to its tables.
        if stack != nil { return try generateStack(number, of: hypothesis, &workspace) }
        let key = hypothesis.key
        var total = 0
        if hypothesis.meanSignal > 0 {
            total = sharing.counts(
                mean: hypothesis.meanSignal, key: key, trial: number, into: &workspace.injectedCounts)
        } else {
            for j in models.indices { workspace.injectedCounts[j] = 0 }
        }
        // By index: for a local copy the references to its twenty tables would be counted for every event.
        for j in models.indices {
            let count = workspace.injectedCounts[j]
            let events = workspace.events[j]
            if let copies {
                events.removeAll(total: count)
                events.addToTotal(
                    models[j].background.generate(
                        copies[j], of: models[j].eventCount, key: key, trial: number, into: events))
            } else {
                events.removeAll(total: models[j].eventCount + count)
                models[j].background.generate(key: key, trial: number, into: events)
            }
            try models[j].signal.generate(count: count, key: key, trial: number, into: &workspace.injected[j])
            for (i, event) in workspace.injected[j].enumerated() {
                add(event, index: i, dataset: j, to: events)
            }
        }
        return total
    }

    /// Adds an event with its own densities, if it lies in the box.
    func add(_ event: SignalEvent, index: Int, dataset j: Int, to events: SelectedEvents) {
        guard box.contains(declination: event.declination),
            box.contains(rightAscensionDifference: event.rightAscensionDifference)
        else { return }
        let weight = DatasetModel.weight(
            of: event, from: source, models[j].spatialBackground, models[j].energyBackground)
        events.appendInjected(
            index, weight: weight, log10Energy: event.log10Energy,
            rightAscensionDifference: event.rightAscensionDifference, signal: models[j].energySignal)
    }

    /// ln Λ at a point for the events loaded in the workspace's likelihood; −∞ if a dataset would have more signal than
    /// events.
    func logLambda(at point: Probe, workspace: inout TrialWorkspace) -> Double {
        let (cell, offset) = grid.nearest(to: point.gamma)
        if point.signalEvents > workspace.fit.likelihood.limit {
            workspace.fit.likelihood.load(workspace.events, limit: .infinity)
        }
        workspace.fit.likelihood.enter(cell: cell)
        return workspace.fit.likelihood.evaluate(n: point.signalEvents, offset: offset).value
    }
}
