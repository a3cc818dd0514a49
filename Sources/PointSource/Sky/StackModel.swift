import IceTracks
import Numerics

/// The sources of a stack: what their common likelihood needs besides that of one source (docs/model.md, section 13).
///
/// An event's ratio is the sum over the sources, R_i(θ) = Σ_s g_sj(θ) R_is(θ), where g_sj = W_s Y_sj / Σ_s W_s Y_sj is
/// the source's share of the dataset's signal. It is taken at the points of the grid of θ and interpolated as R is. The
/// signal table of a dataset has a row g_sj S_E for each source and energy, so an event that one source reaches is an
/// event like that of a single source; one that several sources reach gets a row of its own.
struct StackModel: Sendable {
    /// One of the sources.
    struct Member: Sendable {
        let source: Source
        /// The relative flux W_s; those of all members sum to 1.
        let weight: Double
        let box: SelectionBox
        /// By dataset: the relevant background events, the densities and generators, and the first of the source's rows
        /// in the dataset's signal table.
        let reaches: [SourceReach]
        let models: [DatasetModel]
        let firstRows: [Int]
        /// By dataset: g_sj at the points of the grid of θ, in lanes of eight.
        let shares: [FlatTable<SIMD8<Double>>]
    }

    let members: [Member]
    let skies: [SkyEvents]
    /// The expected contribution to Σ R of the events that are not drawn, by dataset.
    let negligibleRatios: [FlatTable<SIMD8<Double>>]
    /// The row of each energy (bits of lg E) among those of a source, by dataset.
    let rows: [[UInt64: Int]]
    let signal: SkySignal

    /// An event's weight w_s for one of the sources.
    struct Contribution {
        let event: Int
        let member: Int
        let weight: Double
        /// Right ascension minus the source's, in radians.
        let rightAscensionDifference: Double
    }
}

extension StackModel {
    /// Writes the background events of one dataset to `events`, for the right ascensions of a sky.
    func collect(_ j: Int, _ buffers: StackWorkspace, into events: SelectedEvents) {
        let owners = buffers.owners[j]
        // What further sources contribute to an event that one source reaches: chains, which begin and end at an index for
        // each place among the selected events; −1 is the end of a chain.
        var repeats: [(weight: Double, row: Int32, next: Int32)] = []
        var chains: [(first: Int32, last: Int32)] = []
        buffers.scan.find(
            zip(members, buffers.near).map { member, near in
                SkyScan.Target(
                    reach: member.reaches[j], rightAscension: member.source.rightAscension, angles: buffers.angles[j],
                    near: near)
            }, in: skies[j])
        for (member, near) in zip(members, buffers.near) {
            let firstRow = Int32(truncatingIfNeeded: member.firstRows[j])
            for i in 0..<near.count {
                let event = Int(near.origins[i])
                let row = firstRow + near.energies[i]
                let slot = Int(owners[event])
                if slot > 0 {
                    let number = Int32(truncatingIfNeeded: repeats.count)
                    let last = Int(chains[slot - 1].last)
                    if last >= 0 { repeats[last].next = number } else { chains[slot - 1].first = number }
                    chains[slot - 1].last = number
                    repeats.append((near.weights[i], row, -1))
                } else {
                    chains.append((-1, -1))
                    owners[event] = Int32(truncatingIfNeeded: events.count + 1)
                    events.append(
                        weight: near.weights[i], energy: row, origin: Int32(truncatingIfNeeded: event),
                        rightAscensionDifference: near.rightAscensionDifferences[i])
                }
            }
        }
        let count = events.count
        for i in 0..<count { owners[Int(events.origins[i])] = 0 }
        events.setBackground(count: count, negligibleRatios: negligibleRatios[j])
        // An event that several sources reach becomes one with a row of its own; the first place gets the ratio 0, like
        // any event that is not relevant.
        var parts: [(weight: Double, row: Int32)] = []
        for slot in 0..<count where chains[slot].first >= 0 {
            parts.removeAll(keepingCapacity: true)
            parts.append((events.weights[slot], events.energies[slot]))
            var next = Int(chains[slot].first)
            while next >= 0 {
                parts.append((repeats[next].weight, repeats[next].row))
                next = Int(repeats[next].next)
            }
            events.weights[slot] = 0
            events.append(
                sumOf: parts, origin: events.origins[slot],
                rightAscensionDifference: events.rightAscensionDifferences[slot])
        }
    }

    /// Adds all data events of a dataset that are in the box of any source, at their true right ascensions.
    func add(_ data: EventTable, dataset j: Int, to events: SelectedEvents) {
        var all = members.indices.flatMap { s in
            members[s].box.indices(of: data).map { i in
                let event = SignalEvent(data, i, rightAscensionDifference: 0)
                return contribution(of: event, index: i, to: s, dataset: j, rightAscension: data.rightAscension[i])
            }
        }[...]
        all.sort { ($0.event, $0.member) < ($1.event, $1.member) }
        while let index = all.first?.event {
            let ofEvent = all.prefix { $0.event == index }
            add(
                ofEvent, log10Energy: data.log10Energy[index], dataset: j,
                origin: Int32(truncatingIfNeeded: -1 - index), to: events)
            all = all.dropFirst(ofEvent.count)
        }
    }

    /// Adds an injected event, if it is in the box of any source.
    func add(_ placed: SkySignal.Event, index: Int, dataset j: Int, to events: SelectedEvents) {
        let contributions = members.indices.compactMap { s -> Contribution? in
            let box = members[s].box
            guard box.contains(declination: placed.event.declination),
                box.contains(rightAscensionDifference: box.difference(rightAscension: placed.rightAscension))
            else { return nil }
            return contribution(
                of: placed.event, index: index, to: s, dataset: j, rightAscension: placed.rightAscension)
        }
        add(
            contributions[...], log10Energy: placed.event.log10Energy, dataset: j,
            origin: Int32(truncatingIfNeeded: -1 - index), to: events)
    }

    private func contribution(
        of event: SignalEvent, index: Int, to s: Int, dataset j: Int, rightAscension: Double
    ) -> Contribution {
        let member = members[s]
        var placed = event
        placed.rightAscensionDifference = member.box.difference(rightAscension: rightAscension)
        return Contribution(
            event: index, member: s, weight: member.models[j].weight(of: placed, from: member.source),
            rightAscensionDifference: placed.rightAscensionDifference)
    }

    /// Adds an event with its own row of densities, if it has contributions.
    private func add(
        _ contributions: ArraySlice<Contribution>, log10Energy: Double, dataset j: Int, origin: Int32,
        to events: SelectedEvents
    ) {
        guard let first = contributions.first else { return }
        if contributions.count == 1, let row = rows[j][log10Energy.bitPattern] {
            events.append(
                weight: first.weight, energy: Int32(truncatingIfNeeded: members[first.member].firstRows[j] + row),
                origin: origin, rightAscensionDifference: first.rightAscensionDifference)
            return
        }
        let parts = contributions.map { part in
            let member = members[part.member]
            let density = member.models[j].energySignal
            return (part.weight, member.shares[j], density, density.place(log10Energy: log10Energy))
        }
        events.append(origin: origin, rightAscensionDifference: first.rightAscensionDifference) { lane in
            var sum = SIMD8<Double>.zero
            for (weight, shares, density, place) in parts {
                guard let place else { continue }
                sum += weight * (shares[lane] * density.values(at: place, lane: lane))
            }
            return sum
        }
    }
}

/// The buffers of one thread for the skies of a stack.
struct StackWorkspace {
    let angles: SkyAngles
    var signal: SkySignal.Buffers
    let scan: SkyScan
    /// By source: the relevant events of one dataset.
    let near: [NearEvents]
    /// For each data event, 1 + its place among the selected events; 0 for one that is not selected.
    let owners: [IndexArray]

    init(_ stack: StackModel, _ grid: ParameterGrid) {
        angles = SkyAngles(stack.skies)
        signal = SkySignal.Buffers(sources: stack.members.count, datasets: stack.skies.count)
        scan = SkyScan(grid)
        near = stack.members.map { _ in NearEvents() }
        owners = stack.skies.map { IndexArray(count: $0.events.count) }
    }
}
