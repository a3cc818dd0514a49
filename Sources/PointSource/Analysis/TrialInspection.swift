import IceTracks
import Numerics

/// A trial made again, with the events of its fit.
public struct TrialInspection: Sendable {
    public let trial: Trial
    /// The trial with its weight; nil for an ordinary trial.
    public let weighted: WeightedTrial?
    /// The events whose density ratio can differ from 0, the most signal-like first.
    public let events: [InspectedEvent]
}

/// An event of a trial as used in the likelihood. Angles in radians.
public struct InspectedEvent: Sendable, Equatable {
    public let dataset: String
    public let isInjected: Bool
    public let rightAscension: Double
    public let declination: Double
    /// lg(E_reco/GeV).
    public let log10Energy: Double
    /// σ.
    public let angularError: Double
    /// ψ, the angle to the source.
    public let openingAngle: Double
    /// R = S_sp S_E / (B_sp B_E) at the trial's best-fit γ.
    public let ratio: Double
}

/// An event of the data as the fit weighs it.
public struct FittedEvent: Sendable, Equatable {
    public let event: InspectedEvent
    /// The position of the event in its dataset's table, from 0.
    public let index: Int
    /// The probability that it is signal, for the fitted n_s and γ: z R / (1 + z (R − 1)) with z = n_s f_j / N_j, in
    /// [0, 1]. The sum over all events is n_s where ln Λ has its maximum inside the bounds.
    public let weight: Double
}

extension PointSourceAnalysis {
    /// The events of the data in the box, with their weights in a fit, the largest weights first; without signal in the
    /// fit, the largest ratios first.
    ///
    /// - Parameters:
    ///   - data: as in ``fitData(_:)``.
    ///   - fit: the result of ``fitData(_:)``.
    /// - Throws: as ``fitData(_:)``.
    public func fittedEvents(of data: [EventTable], _ fit: FitResult) throws -> [FittedEvent] {
        var workspace = makeWorkspace()
        try load(data, &workspace)
        let (cell, offset) = grid.nearest(to: fit.gamma)
        let shares = weights.values(parameter: fit.gamma)
        var found: [FittedEvent] = []
        for (j, (model, table)) in zip(models, data).enumerated() {
            let events = workspace.events[j]
            let z = fit.signalEvents * shares[j] / Double(events.total)
            for i in 0..<events.count {
                // The data are loaded like injected events, whose indices are those of the table.
                guard case .injected(let index) = events.origin(i) else { continue }
                let ratio = events.ratio(i, cell: cell, offset: offset)
                let event = describe(
                    declination: table.declination[index], log10Energy: table.log10Energy[index],
                    angularError: table.angularError[index], difference: events.rightAscensionDifferences[i],
                    model: model, isInjected: false, ratio: ratio)
                found.append(FittedEvent(event: event, index: index, weight: z * ratio / (1 + z * (ratio - 1))))
            }
        }
        return found.sorted { ($0.weight, $0.event.ratio) > ($1.weight, $1.event.ratio) }
    }

    /// Makes a trial again and lists its events by their density ratio.
    ///
    /// - Parameters:
    ///   - data: as in ``fitData(_:)``.
    ///   - background: the mixture of a weighted trial, made for this analysis.
    /// - Throws: `Fault` (usage) as ``fitData(_:)``, `Fault` (bad data) if no signal event passes the energy cut.
    public func inspect(
        _ number: UInt64, of hypothesis: Hypothesis, data: [EventTable], background: WeightedBackground? = nil,
        workspace: inout TrialWorkspace
    ) throws -> TrialInspection {
        try check(data)
        let weighted = try background.map {
            try weightedTrial(number, of: hypothesis, background: $0, workspace: &workspace)
        }
        // Removes the injected events of the workspace's last trial with signal.
        if weighted != nil { for j in models.indices { workspace.injected[j].removeAll() } }
        let trial = try weighted?.trial ?? trial(number, of: hypothesis, workspace: &workspace)
        let (cell, offset) = grid.nearest(to: trial.fit.gamma)
        var events: [InspectedEvent] = []
        for (j, (model, table)) in zip(models, data).enumerated() {
            for i in 0..<workspace.events[j].count {
                let ratio = workspace.events[j].ratio(i, cell: cell, offset: offset)
                events.append(
                    describe(
                        i, of: workspace.events[j], model: model, data: table, injected: workspace.injected[j],
                        ratio: ratio))
            }
        }
        events.sort { $0.ratio > $1.ratio }
        return TrialInspection(trial: trial, weighted: weighted, events: events)
    }

    private func describe(
        _ index: Int, of events: SelectedEvents, model: DatasetModel, data: EventTable, injected: [SignalEvent],
        ratio: Double
    ) -> InspectedEvent {
        let difference = events.rightAscensionDifferences[index]
        let (isInjected, declination, energy, sigma): (Bool, Double, Double, Double)
        switch events.origin(index) {
        case .data(let candidate):
            let event = Int(model.background.candidates[candidate].event)
            (isInjected, declination) = (false, data.declination[event])
            (energy, sigma) = (data.log10Energy[event], data.angularError[event])
        case .injected(let event):
            (isInjected, declination) = (true, injected[event].declination)
            (energy, sigma) = (injected[event].log10Energy, injected[event].angularError)
        }
        return describe(
            declination: declination, log10Energy: energy, angularError: sigma, difference: difference, model: model,
            isInjected: isInjected, ratio: ratio)
    }

    /// - Parameter difference: the right ascension minus the source's.
    private func describe(
        declination: Double, log10Energy: Double, angularError: Double, difference: Double, model: DatasetModel,
        isInjected: Bool, ratio: Double
    ) -> InspectedEvent {
        let h = SpatialSignalDensity.haversine(
            declinationDifference: declination - source.declination,
            cosineProduct: Portable.cos(declination) * Portable.cos(source.declination),
            rightAscensionDifference: difference)
        let turn = 2 * Double.pi
        let absolute = source.rightAscension + difference
        return InspectedEvent(
            dataset: model.name, isInjected: isInjected,
            rightAscension: absolute - turn * (absolute / turn).rounded(.down), declination: declination,
            log10Energy: log10Energy, angularError: angularError,
            openingAngle: SpatialSignalDensity.openingAngle(haversine: h), ratio: ratio)
    }
}
