import Numerics

/// A walk along the line of all candidates' stretches, from arrival to arrival (``BackgroundGenerator``).
struct LineWalk {
    typealias Group = BackgroundGenerator.Group

    private var groups: ArraySlice<Group>
    private var group: Group
    private let candidates: FlatTable<BackgroundGenerator.Candidate>
    private let events: SelectedEvents
    private var origins: IndexView
    private var differences: LaneView
    /// The eight gaps at hand, and places in (−1, 1).
    private let gaps: LaneView
    private let sides: LaneView
    /// Events written so far; room for events.
    private var count: Int
    private var room: Int
    /// The place reached on the line, and the last candidate that was met.
    private var place = 0.0
    private var last: Int32 = -1

    /// - Parameters:
    ///   - groups: at least one.
    ///   - count: events that are there already.
    ///   - candidates: those that the groups speak of; they are fetched on the way.
    init(
        groups: ArraySlice<Group>, candidates: FlatTable<BackgroundGenerator.Candidate>, events: SelectedEvents,
        count: Int
    ) {
        self.candidates = candidates
        group = groups[groups.startIndex]
        self.groups = groups.dropFirst()
        self.events = events
        self.count = count
        room = count
        origins = events.origins.view
        differences = events.rightAscensionDifferences.view
        gaps = events.scratch.0.view
        sides = events.scratch.1.view
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
    private mutating func follow(_ gapWords: Philox4x32.Words, _ placeWords: Philox4x32.Words) -> Bool {
        // Taking a vector apart lane by lane is slow, reading it back from memory is not.
        gaps[lane: 0] = ArrivalStream.exponential(gapWords)
        sides[lane: 0] = ArrivalStream.symmetric(placeWords)
        // What changes from arrival to arrival is kept out of memory.
        var (place, last, count, group) = (self.place, self.last, self.count, self.group)
        for i in 0..<8 {
            place += gaps[i]
            while place >= group.lineEnd {
                guard let next = groups.popFirst() else {
                    self.count = count
                    return false
                }
                group = next
                self.group = next
            }
            let candidate = group.candidate(at: place)
            candidates.prefetch(Int(candidate))
            origins[count] = candidate
            differences[count] = sides[i] * group.halfWidth
            // An arrival counts unless it is not the first one on its stretch.
            count &+= candidate == last ? 0 : 1
            last = candidate
        }
        (self.place, self.last, self.count) = (place, last, count)
        return true
    }

    @inline(never)
    private mutating func grow() {
        room = max(2 * count, 4096)
        events.reserve(room)
        (origins, differences) = (events.origins.view, events.rightAscensionDifferences.view)
    }
}
