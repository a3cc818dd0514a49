import IceTracks
import Numerics

extension PointSourceAnalysis {
    /// Fits the data as they are.
    ///
    /// - Parameter data: the events of each dataset, those that the analysis was made from.
    public func fitData(_ data: [EventTable]) -> FitResult {
        var workspace = makeWorkspace()
        load(data, &workspace)
        return fit.maximum(of: &workspace.likelihood, events: workspace.events, limit: .infinity)
    }

    /// ln Λ of the data at each of a list of points.
    ///
    /// - Parameters:
    ///   - data: the events of each dataset.
    ///   - points: γ in the fit's range, n_s ≥ 0.
    public func logLambda(of data: [EventTable], at points: [Probe]) -> [Double] {
        var workspace = makeWorkspace()
        load(data, &workspace)
        workspace.likelihood.take(workspace.events, limit: .infinity)
        return points.map { logLambda(at: $0, workspace: &workspace) }
    }

    /// Fills a workspace with all data events of the box, at their true right ascensions.
    func load(_ data: [EventTable], _ workspace: inout TrialWorkspace) {
        for (j, (model, events)) in zip(models, data).enumerated() {
            workspace.events[j].removeAll(total: model.eventCount)
            workspace.injected[j].removeAll()
            for i in 0..<events.count where box.contains(declination: events.declination[i]) {
                let difference = box.difference(rightAscension: events.rightAscension[i])
                guard box.contains(rightAscensionDifference: difference) else { continue }
                let declination = events.declination[i]
                let event = SignalEvent(
                    log10Energy: events.log10Energy[i], angularError: events.angularError[i],
                    declination: declination, sinDeclination: Portable.sin(declination),
                    rightAscensionDifference: difference)
                add(event, index: i, dataset: j, to: workspace.events[j])
            }
        }
    }

    /// Data events of each dataset inside the box around the source.
    public func selectedCounts(of data: [EventTable]) -> [Int] {
        data.map { events in
            (0..<events.count).count { i in
                box.contains(declination: events.declination[i])
                    && box.contains(
                        rightAscensionDifference: box.difference(rightAscension: events.rightAscension[i]))
            }
        }
    }
}
