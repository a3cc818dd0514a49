import Numerics

/// A walk along the line of all candidates' stretches, from arrival to arrival (``BackgroundGenerator``).
struct LineWalk {
    typealias Group = BackgroundGenerator.Group
    typealias Lane = SIMD8<Double>

    private var groups: ArraySlice<Group>
    private var group: Group
    private let events: SelectedEvents
    private var origins: IndexView
    private var differences: LaneView
    /// Events written so far; room for events.
    private var count: Int
    private var room: Int
    /// The place reached on the line, and the last candidate that was met.
    private var place = 0.0
    private var last: Int32 = -1

    /// - Parameters:
    ///   - groups: at least one.
    ///   - count: events that are there already.
    init(groups: ArraySlice<Group>, events: SelectedEvents, count: Int) {
        group = groups[groups.startIndex]
        self.groups = groups.dropFirst()
        self.events = events
        self.count = count
        room = count
        origins = events.origins.view
        differences = events.rightAscensionDifferences.view
    }

    /// Writes the candidates on whose stretches there are arrivals, with their right ascension differences, behind the
    /// events that are there already; returns how many there are in all.
    mutating func finish(_ stream: inout ArrivalStream) -> Int {
        while true {
            // One number is written before it is known whether it counts.
            if count &+ 17 > room { grow() }
            let words = stream.next()
            guard follow(words.0.gaps, words.0.places), follow(words.1.gaps, words.1.places) else { return count }
        }
    }

    /// Follows eight arrivals; returns whether the line goes on.
    @inline(__always)
    private mutating func follow(_ gaps: Philox4x32.Words, _ places: Philox4x32.Words) -> Bool {
        let arrivals = ArrivalStream.exponential(gaps).runningSums + place
        let sides = ArrivalStream.symmetric(places)
        place = arrivals[7]
        guard place < group.lineEnd else { return cross(arrivals, sides) }
        let lastOffset = Double(group.end &- group.first &- 1)
        let offsets = ((arrivals - group.lineStart) * group.candidatesPerLength).rounded(.down)
        // Whole numbers below 2⁵² stand in the low bits of their sum with 2⁵².
        let candidates = unsafeBitCast(
            offsets.replacing(with: lastOffset, where: offsets .> lastOffset) + (0x1p52 + Double(group.first)),
            to: SIMD8<UInt64>.self)
        let difference = sides * group.halfWidth
        take(candidates[0], difference[0])
        take(candidates[1], difference[1])
        take(candidates[2], difference[2])
        take(candidates[3], difference[3])
        take(candidates[4], difference[4])
        take(candidates[5], difference[5])
        take(candidates[6], difference[6])
        take(candidates[7], difference[7])
        return true
    }

    /// Follows eight arrivals of which some lie beyond the group. Not inlined: most do not.
    @inline(never)
    private mutating func cross(_ arrivals: Lane, _ sides: Lane) -> Bool {
        for lane in 0..<8 {
            while arrivals[lane] >= group.lineEnd {
                guard let next = groups.popFirst() else { return false }
                group = next
            }
            let offset = Int((arrivals[lane] - group.lineStart) * group.candidatesPerLength)
            take(UInt64(group.first + min(offset, group.end - group.first - 1)), sides[lane] * group.halfWidth)
        }
        return true
    }

    /// Takes an arrival on a candidate's stretch, unless it is not the first one there.
    @inline(__always)
    private mutating func take(_ candidate: UInt64, _ difference: Double) {
        let candidate = Int32(truncatingIfNeeded: candidate)
        origins[count] = candidate
        differences[count] = difference
        count &+= candidate == last ? 0 : 1
        last = candidate
    }

    @inline(never)
    private mutating func grow() {
        room = max(2 * count, 4096)
        events.reserve(room)
        (origins, differences) = (events.origins.view, events.rightAscensionDifferences.view)
    }
}
