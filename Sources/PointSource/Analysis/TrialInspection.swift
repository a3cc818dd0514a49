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
    /// ψ, the angle to the source; of a stack, to the nearest one.
    public let openingAngle: Double
    /// R = S_sp S_E / (B_sp B_E) at the trial's best-fit γ.
    public let ratio: Double
    /// The position of the nearest source in ``PointSourceAnalysis/stackedSources``; nil for one source.
    public let nearestSource: Int?
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
                    EventProperties(table, index), difference: events.rightAscensionDifferences[i], model: model,
                    isInjected: false, ratio: ratio)
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
        let events: [InspectedEvent] =
            if let stack, let buffers = workspace.stack {
                inspected(stack, buffers, workspace.events, of: data, gamma: trial.fit.gamma)
            } else {
                inspected(
                    workspace.events, of: data, gamma: trial.fit.gamma,
                    dataIndex: { Int(models[$0].background.candidates[$1].event) },
                    injected: { workspace.injected[$0][$1] })
            }
        return TrialInspection(trial: trial, weighted: weighted, events: events)
    }

    /// The events of a trial, the most signal-like first.
    ///
    /// - Parameters:
    ///   - gamma: at which ratios are taken.
    ///   - dataIndex: the position in a dataset's table of a background event, from dataset and number.
    ///   - injected: an injected event, from dataset and index.
    func inspected(
        _ events: [SelectedEvents], of data: [EventTable], gamma: Double, dataIndex: (Int, Int) -> Int,
        injected: (Int, Int) -> SignalEvent
    ) -> [InspectedEvent] {
        let (cell, offset) = grid.nearest(to: gamma)
        var found: [InspectedEvent] = []
        for (j, (model, table)) in zip(models, data).enumerated() {
            for i in 0..<events[j].count {
                let (properties, isInjected) =
                    switch events[j].origin(i) {
                    case .data(let number): (EventProperties(table, dataIndex(j, number)), false)
                    case .injected(let index): (EventProperties(injected(j, index)), true)
                    }
                found.append(
                    describe(
                        properties, difference: events[j].rightAscensionDifferences[i], model: model,
                        isInjected: isInjected, ratio: events[j].ratio(i, cell: cell, offset: offset)))
            }
        }
        return found.sorted { $0.ratio > $1.ratio }
    }

    /// The events of a sky of a stack, each relative to the nearest source.
    private func inspected(
        _ stack: StackModel, _ buffers: StackWorkspace, _ events: [SelectedEvents], of data: [EventTable],
        gamma: Double
    ) -> [InspectedEvent] {
        let (cell, offset) = grid.nearest(to: gamma)
        var found: [InspectedEvent] = []
        for (j, (model, table)) in zip(models, data).enumerated() {
            // An event that several sources reach has a second place with the sum of its ratios.
            var places: [Int32: Int] = [:]
            for i in 0..<events[j].count { places[events[j].origins[i]] = i }
            for i in 0..<events[j].count where places[events[j].origins[i]] == i {
                let (properties, rightAscension, isInjected) =
                    switch events[j].origin(i) {
                    case .data(let number):
                        (
                            EventProperties(table, Int(stack.skies[j].events[number].index)),
                            buffers.angles[j].angle(number), false
                        )
                    case .injected(let index):
                        (
                            EventProperties(buffers.signal.events[j][index].event),
                            buffers.signal.events[j][index].rightAscension, true
                        )
                    }
                let distances = stack.members.map {
                    properties.haversine(to: $0.source, difference: rightAscension - $0.source.rightAscension)
                }
                let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
                let own = stack.members[nearest].source
                found.append(
                    describe(
                        properties, difference: rightAscension - own.rightAscension, model: model,
                        isInjected: isInjected, ratio: events[j].ratio(i, cell: cell, offset: offset),
                        of: (own, nearest)))
            }
        }
        return found.sorted { $0.ratio > $1.ratio }
    }

    /// - Parameters:
    ///   - difference: the right ascension minus the source's.
    ///   - member: a stack's source to which the event is relative, with its position; nil for ``source``.
    private func describe(
        _ properties: EventProperties, difference: Double, model: DatasetModel, isInjected: Bool, ratio: Double,
        of member: (source: Source, index: Int)? = nil
    ) -> InspectedEvent {
        let own = member?.source ?? source
        let turn = 2 * Double.pi
        let absolute = own.rightAscension + difference
        return InspectedEvent(
            dataset: model.name, isInjected: isInjected,
            rightAscension: absolute - turn * (absolute / turn).rounded(.down), declination: properties.declination,
            log10Energy: properties.log10Energy, angularError: properties.angularError,
            openingAngle: SpatialSignalDensity.openingAngle(
                haversine: properties.haversine(to: own, difference: difference)), ratio: ratio,
            nearestSource: member?.index)
    }
}

/// What an event is besides its right ascension.
private struct EventProperties {
    let declination: Double
    let log10Energy: Double
    let angularError: Double

    init(_ data: EventTable, _ index: Int) {
        declination = data.declination[index]
        (log10Energy, angularError) = (data.log10Energy[index], data.angularError[index])
    }

    init(_ event: SignalEvent) {
        (declination, log10Energy, angularError) = (event.declination, event.log10Energy, event.angularError)
    }

    /// - Parameter difference: the right ascension minus the source's.
    func haversine(to source: Source, difference: Double) -> Double {
        SpatialSignalDensity.haversine(
            declinationDifference: declination - source.declination,
            cosineProduct: Portable.cos(declination) * Portable.cos(source.declination),
            rightAscensionDifference: difference)
    }
}
