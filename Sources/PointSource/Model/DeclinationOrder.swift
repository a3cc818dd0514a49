import IceTracks
import Numerics

/// The events of one dataset in order of declination, those of equal declination in order of their indices.
struct DeclinationOrder: Sendable {
    /// Indices in the dataset's events.
    let events: [Int32]
    /// The declinations of these events, ascending, in radians.
    private let declinations: [Double]

    init(_ data: EventTable) {
        let all = zip(data.declination, 0...).sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        events = all.map { Int32(truncatingIfNeeded: $0.1) }
        declinations = all.map(\.0)
    }

    /// The indices of the events in a box, ascending.
    ///
    /// - Parameter data: from which the order was made.
    func indices(in box: SelectionBox, of data: EventTable) -> [Int] {
        let first = prefixCount(events.count) { declinations[$0] <= box.declinations.lower }
        let end = prefixCount(events.count) { declinations[$0] < box.declinations.upper }
        guard first < end else { return [] }
        return data.rightAscension.withUnsafeBufferPointer { rightAscensions in
            events[first..<end].filter {
                box.contains(rightAscensionDifference: box.difference(rightAscension: rightAscensions[Int($0)]))
            }
        }.sorted().map(Int.init)
    }
}
