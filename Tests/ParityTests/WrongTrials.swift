import IceTracks
import Numerics

@testable import PointSource

/// Trials that do not follow SkyLLH's distribution, to show that the comparison can fail.
enum WrongTrials {
    /// ln Λ at the probes of right trials, with the signal share of the last dataset, the largest one, scaled by `factor`.
    static func biasedWeight(
        _ analysis: PointSourceAnalysis, factor: Double, meanSignal: Double, count: UInt64
    ) throws -> TrialSample {
        var workspace = analysis.makeWorkspace()
        var sample = TrialSample()
        for number in 0..<count {
            _ = try analysis.generate(number, of: Hypothesis(meanSignal: meanSignal, seed: 1), workspace: &workspace)
            workspace.fit.likelihood.load(workspace.events, limit: .infinity)
            sample.append(
                nil,
                TrialSample.probes.map { probe in
                    let (cell, offset) = analysis.grid.nearest(to: probe.gamma)
                    var shares = analysis.weights.weights(parameter: probe.gamma)
                    shares[shares.count - 1].value *= factor
                    workspace.fit.likelihood.enter(cell: cell)
                    return workspace.fit.likelihood.evaluate(n: probe.signalEvents, offset: offset, shares: shares)
                        .value
                })
        }
        return sample
    }

    /// Background trials in which events lose their declination too: uniform on the sphere, energies and errors kept.
    static func scrambledDeclination(_ analysis: PointSourceAnalysis, data: [EventTable], count: UInt64) -> TrialSample
    {
        var workspace = analysis.makeWorkspace()
        var sample = TrialSample()
        for number in 0..<count {
            for (j, (model, table)) in zip(analysis.models, data).enumerated() {
                var random = RandomStream(
                    key: Philox4x32.Key(seed: 1, stream: 0), trial: number, purpose: UInt32(truncatingIfNeeded: j))
                workspace.events[j].removeAll(total: model.eventCount)
                for event in 0..<table.count {
                    let sine = random.uniform(in: -1...1)
                    let declination = Portable.asin(sine)
                    guard analysis.box.contains(declination: declination) else { continue }
                    let difference = random.uniform(in: -Double.pi...Double.pi)
                    guard analysis.box.contains(rightAscensionDifference: difference) else { continue }
                    place(event, table, model, analysis, declination, difference, into: workspace.events[j])
                }
            }
            workspace.fit.likelihood.load(workspace.events, limit: .infinity)
            sample.append(nil, TrialSample.probes.map { analysis.logLambda(at: $0, workspace: &workspace) })
        }
        return sample
    }

    private static func place(
        _ event: Int, _ table: EventTable, _ model: DatasetModel, _ analysis: PointSourceAnalysis,
        _ declination: Double, _ difference: Double, into events: SelectedEvents
    ) {
        let signal = SignalEvent(
            log10Energy: table.log10Energy[event], angularError: table.angularError[event], declination: declination,
            sinDeclination: Portable.sin(declination), rightAscensionDifference: difference)
        let weight = model.weight(of: signal, from: analysis.source)
        // As the analysis does, leave out what cannot matter: most of the box.
        guard weight > 1e-12 else { return }
        events.appendInjected(
            event, weight: weight, log10Energy: signal.log10Energy, rightAscensionDifference: difference,
            signal: model.energySignal)
    }
}
