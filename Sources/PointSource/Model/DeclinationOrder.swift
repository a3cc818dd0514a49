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
        let run = box.run(of: events.count) { declinations[$0] }
        let (origin, halfWidth) = (box.source.rightAscension, box.rightAscensionHalfWidth)
        var found: [Int] = []
        events.withUnsafeBufferPointer { events in
            data.rightAscension.withUnsafeBufferPointer { rightAscensions in
                for place in run {
                    let event = Int(events[place])
                    // As SelectionBox.contains(rightAscensionDifference:).
                    if abs(SelectionBox.difference(rightAscensions[event], from: origin)) < halfWidth {
                        found.append(event)
                    }
                }
            }
        }
        found.sort()
        return found
    }
}
