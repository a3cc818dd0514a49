import Numerics

/// The distances in right ascension up to which the events of one dataset are relevant for a source at one declination and
/// any right ascension.
struct SourceReach: Sendable {
    /// The first event of the run of declinations around the source: a multiple of the lanes in which events are
    /// compared.
    let first: Int
    /// The half-width of each event of the run in units of ``TurnArray/widthUnit``, rounded up; 0 for events that are not
    /// relevant, and for those that fill the lanes.
    let widths: FlatTable<UInt16>
    /// The expected contribution to Σ R of the events beyond their half-widths, at the points of the grid of θ.
    let negligibleRatios: FlatTable<SIMD8<Double>>
    let declination: Double
    let placement: SourcePlacement
    /// |Δra| at the box's edge, at most π.
    private let edge: Double

    /// - Parameters:
    ///   - declination: of the source, in radians.
    ///   - signal: the signal's energy densities at the events' energies.
    ///   - bounds: an upper bound of each of its rows over all θ.
    init(
        _ sky: SkyEvents, declination: Double, box: SelectionBox, relevance: Relevance, signal: SignalTable,
        bounds: [Double]
    ) throws {
        let run = box.run(of: sky.events.count) { sky.events[$0].declination }
        let laneCount = TurnArray.laneCount
        let first = run.lowerBound / laneCount * laneCount
        var widths = [UInt16](
            repeating: 0, count: run.isEmpty ? 0 : (run.upperBound - first + laneCount - 1) / laneCount * laneCount)
        let placement = SourcePlacement(declination: declination)
        var negligible = try NegligibleRatios(
            placement: placement, edge: relevance.edge, energyCount: signal.count)
        let sourceCosine = Portable.cos(declination)
        for i in run {
            let event = sky.events[i]
            let candidate = BackgroundGenerator.Candidate(event, declination: declination)
            if candidate.scale == 0 { continue }
            let width = relevance.halfWidth(
                candidate, cosineProduct: Portable.cos(event.declination) * sourceCosine,
                signalBound: bounds[Int(event.energy)])
            let units = UInt16(min(0x1p15, (width / TurnArray.widthUnit).rounded(.up)))
            widths[i - first] = units
            negligible.add(candidate, beyond: Self.halfWidth(units, edge: relevance.edge))
        }
        self.first = first
        self.widths = FlatTable(widths)
        negligibleRatios = negligible.ratios(signal)
        self.declination = declination
        self.placement = placement
        edge = relevance.edge
    }

    private static func halfWidth(_ units: UInt16, edge: Double) -> Double {
        min(edge, Double(units) * TurnArray.widthUnit)
    }

    /// The half-width, in radians, of an event by its position in the run; 0 for one that is not relevant.
    func halfWidth(at place: Int) -> Double { Self.halfWidth(widths[place], edge: edge) }

    /// The events that have widths: its ends are multiples of the lanes in which events are compared.
    var run: Range<Int> { first..<(first + widths.count) }

    /// Writes the relevant events of a part of a sky to the beginning of `events`, with their weights.
    ///
    /// - Parameters:
    ///   - block: of the sky's events, which overlaps the run; its ends are those of ``run`` or multiples of the lanes.
    ///   - rightAscension: of the source, in [0, 2π) radians.
    ///   - events: has memory for all events of the block.
    ///   - buffer: reused memory.
    func collect(
        _ block: Range<Int>, of sky: SkyEvents, at angles: TurnArray, rightAscension: Double,
        into events: SelectedEvents, buffer: TurnArray.Buffer
    ) {
        let (word, rest) = TurnArray.word(of: rightAscension)
        let part = block.clamped(to: run)
        let (origins, differences) = (events.origins.view, events.rightAscensionDifferences.view)
        var count = 0
        angles.forEach(
            near: word, first: first, widths: widths, in: (part.lowerBound - first)..<(part.upperBound - first),
            buffer: buffer
        ) { index, steps in
            let difference = (Double(steps) + 0.5) * TurnArray.unit - rest
            guard abs(difference) < edge else { return }
            sky.events.prefetch(index)
            origins[count] = Int32(truncatingIfNeeded: index)
            differences[count] = difference
            count += 1
        }
        events.setBackground(count: count, negligibleRatios: negligibleRatios)
        events.weigh(from: sky.events, placement) { [declination] in
            Portable.sin(0.5 * ($0 - declination))
        }
    }
}

extension BackgroundGenerator.Candidate {
    /// An event of a sky, as a candidate of a source at a declination in radians.
    init(_ event: SkyEvents.Event, declination: Double) {
        self.init(
            halfSine: Portable.sin(0.5 * (event.declination - declination)),
            halfInverseVariance: event.halfInverseVariance, scale: event.scale, energy: event.energy,
            event: event.index)
    }
}
