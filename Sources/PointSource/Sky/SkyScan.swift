import Numerics

/// The search of skies for the events that are relevant for several sources. One per thread, reused.
///
/// Events are searched in blocks, and each block for all sources: the right ascensions and the numbers of a block's events
/// come from memory once, not once for every source.
struct SkyScan {
    /// A source in one sky.
    struct Target {
        let reach: SourceReach
        /// In [0, 2π) radians.
        let rightAscension: Double
        /// The right ascensions of one dataset's events.
        let angles: TurnArray
        /// Receives the relevant events.
        let near: NearEvents
    }

    /// The numbers of a block's events and their right ascensions in four skies fit into a processor's second cache.
    private static let blockLength = 256 * TurnArray.laneCount

    /// The relevant events of one block.
    private let block: SelectedEvents
    private let buffer = TurnArray.Buffer()

    init(_ grid: ParameterGrid) {
        block = SelectedEvents(grid)
        block.reserve(Self.blockLength)
    }

    /// Finds the relevant events of one dataset for each of the targets, in ascending order of the events.
    func find(_ targets: [Target], in sky: SkyEvents) {
        var (first, end) = (Int.max, 0)
        for target in targets {
            target.near.removeAll()
            first = min(first, target.reach.run.lowerBound)
            end = max(end, target.reach.run.upperBound)
        }
        while first < end {
            let events = first..<min(first + Self.blockLength, end)
            for target in targets where target.reach.run.overlaps(events) {
                target.reach.collect(
                    events, of: sky, at: target.angles, rightAscension: target.rightAscension, into: block,
                    buffer: buffer)
                target.near.append(block)
            }
            first = events.upperBound
        }
    }
}

/// The events of one dataset in a sky that are relevant for a source, with their weights. One per thread, reused.
final class NearEvents {
    private(set) var count = 0
    let weights = LaneArray()
    let energies = IndexArray()
    let origins = IndexArray()
    /// In radians.
    let rightAscensionDifferences = LaneArray()

    func removeAll() { count = 0 }

    /// Appends background events.
    func append(_ events: SelectedEvents) {
        let new = events.count
        // Whole lanes are copied; the numbers after the last event are never read.
        weights.reserve(count + new + 8)
        energies.reserve(count + new + 8)
        origins.reserve(count + new + 8)
        rightAscensionDifferences.reserve(count + new + 8)
        for lane in 0..<((new + 7) / 8) {
            let place = count + 8 * lane
            weights.view.store(events.weights.view[lane: lane], at: place)
            rightAscensionDifferences.view.store(events.rightAscensionDifferences.view[lane: lane], at: place)
            energies.view.store(events.energies.view[lane: lane], at: place)
            origins.view.store(events.origins.view[lane: lane], at: place)
        }
        count += new
    }

    /// Writes the events to the beginning of `events`.
    ///
    /// - Parameter negligibleRatios: as in ``SelectedEvents/setBackground(count:negligibleRatios:)``.
    func copy(to events: SelectedEvents, negligibleRatios: FlatTable<SIMD8<Double>>) {
        events.reserve(count)
        for lane in 0..<((count + 7) / 8) {
            events.weights.view[lane: lane] = weights.view[lane: lane]
            events.rightAscensionDifferences.view[lane: lane] = rightAscensionDifferences.view[lane: lane]
            events.energies.view.store(energies.view[lane: lane], at: 8 * lane)
            events.origins.view.store(origins.view[lane: lane], at: 8 * lane)
        }
        events.setBackground(count: count, negligibleRatios: negligibleRatios)
    }
}
