import Numerics

/// Eight walks in parallel along the line of all candidates' stretches, from arrival to arrival
/// (``BackgroundGenerator``).
///
/// The line is cut into eight pieces of about the same length, each starting at a candidate's beginning: arrivals on
/// different pieces are independent, so the walks do not wait for each other.
struct LineWalk {
    typealias Group = BackgroundGenerator.Group
    typealias Lane = SIMD8<Double>

    /// The beginning and end of each walk: computed once for all trials.
    struct Pieces: Sendable {
        /// Positions on the line, and their groups.
        fileprivate var starts = Lane.zero
        fileprivate var ends = Lane.zero
        fileprivate var groups = SIMD8<Int>.zero
        /// The expected number of arrivals on the whole line.
        fileprivate var length = 0.0

        /// - Parameters:
        ///   - groups: all groups, those on the line last.
        ///   - wideGroups: the number of groups that are not on the line.
        init(groups: [Group], wideGroups: Int) {
            guard wideGroups < groups.count else { return }
            length = groups[groups.count - 1].lineEnd
            var g = wideGroups
            var starts: [(place: Double, group: Int)] = [(0, wideGroups)]
            for piece in 1..<8 {
                let wanted = length * Double(piece) / 8
                while g + 1 < groups.count, groups[g].lineEnd <= wanted { g += 1 }
                let start = groups[g].beginning(of: groups[g].candidate(at: wanted))
                // Rounding must not lead backwards.
                let before = starts[piece - 1]
                starts.append(start > before.place ? (start, g) : before)
            }
            for (i, start) in starts.enumerated() {
                self.starts[i] = start.place
                self.groups[i] = start.group
                ends[i] = i < 7 ? starts[i + 1].place : length
            }
        }
    }

    private let groups: [Group]
    private let candidates: FlatTable<BackgroundGenerator.Candidate>
    private let pieces: Pieces
    private let events: SelectedEvents
    private var origins: IndexView
    private var differences: LaneView
    /// The number of events written so far, and the capacity.
    private var count: Int
    private var room: Int
    /// The current positions, and the ends of the current groups' stretches on the walks' pieces; ∞ for a walk that has
    /// ended.
    private var places: Lane
    private var ends: Lane
    private var groupIndices: SIMD8<Int>
    /// The numbers of the current groups, for all walks.
    private var scales = Lane.zero
    private var biases = Lane.zero
    private var stretches = Lane.zero
    private var limits = Lane.zero
    private var distances = Lane.zero
    private let lastCandidate: SIMD8<Int32>
    /// The last candidate found by each walk.
    private var last = SIMD8<Int32>(repeating: -1)
    private var walksLeft = 8

    /// - Parameters:
    ///   - groups: all groups, as for the pieces.
    ///   - count: the number of existing events.
    init(
        groups: [Group], candidates: FlatTable<BackgroundGenerator.Candidate>, pieces: Pieces, events: SelectedEvents,
        count: Int
    ) {
        self.groups = groups
        self.candidates = candidates
        self.pieces = pieces
        self.events = events
        self.count = count
        room = count
        lastCandidate = SIMD8(repeating: Int32(truncatingIfNeeded: candidates.count - 1))
        origins = events.origins.view
        differences = events.rightAscensionDifferences.view
        places = pieces.starts
        ends = .zero
        groupIndices = pieces.groups
        for i in 0..<8 { enter(groupIndices[i], i) }
    }

    /// Writes the candidates with arrivals on their stretches, with their right ascension differences, after the
    /// existing events; returns the total number.
    mutating func finish(_ stream: inout ArrivalStream) -> Int {
        while true {
            // Events are written before it is known whether they count.
            if count &+ 40 > room { grow() }
            let words = stream.next()
            guard follow(words.0), follow(words.1), follow(words.2), follow(words.3) else { return count }
        }
    }

    /// Follows one arrival on each piece; returns whether any walk continues.
    @inline(__always)
    private mutating func follow(_ words: ArrivalStream.Words) -> Bool {
        places += ArrivalStream.exponential(words)
        if (places .>= ends).isTrueAnywhere { enterNextGroups() }
        // Adding 1.5 · 2^52 rounds to the nearest integer, which is then in the low bits.
        let shift = 6755399441055744.0
        let number = biases.addingProduct(places, scales)
        let rounded = number + shift
        var found = rounded.lowWords
        // Rounding must not lead beyond the table.
        let first = SIMD8<Int32>(repeating: 0)
        found.replace(with: first, where: found .< first)
        found.replace(with: lastCandidate, where: found .> lastCandidate)
        origins.store(found, at: count)
        candidates.prefetch(found)
        let toMiddle = ((rounded - shift) - number) * stretches
        differences.store(limits.addingProduct(distances, Self.exponential(toMiddle)), at: count)
        if (found .== last).isTrueAnywhere { keepFirstArrivals() } else { count &+= 8 }
        last = found
        return walksLeft > 0
    }

    /// e^x for |x| ≤ ln 2/2 by its power series; the terms after the seventh power are below 6e−9.
    @inline(__always)
    private static func exponential(_ x: Lane) -> Lane {
        var value = Lane(repeating: 1.0 / 5040)
        value = (1.0 / 720).addingProduct(x, value)
        value = (1.0 / 120).addingProduct(x, value)
        value = (1.0 / 24).addingProduct(x, value)
        value = (1.0 / 6).addingProduct(x, value)
        value = (1.0 / 2).addingProduct(x, value)
        value = 1.0.addingProduct(x, value)
        return 1.0.addingProduct(x, value)
    }

    /// Keeps those of the last eight events that are first arrivals on their stretches. Not inlined: most are.
    @inline(never)
    private mutating func keepFirstArrivals() {
        let written = count
        for i in 0..<8 {
            let candidate = origins[written &+ i]
            origins[count] = candidate
            differences[count] = differences[written &+ i]
            count &+= candidate == last[i] ? 0 : 1
        }
    }

    /// Moves walks at the end of a group to the next group. Not inlined: groups are long.
    @inline(never)
    private mutating func enterNextGroups() {
        for i in 0..<8 {
            while places[i] >= ends[i] {
                if ends[i] >= pieces.ends[i] {
                    stop(i)
                    break
                }
                groupIndices[i] += 1
                enter(groupIndices[i], i)
            }
        }
    }

    /// Ends a walk: from now on it finds its last candidate again and again.
    private mutating func stop(_ i: Int) {
        ends[i] = .infinity
        walksLeft -= 1
        last[i] = max(0, last[i])
        let candidate = Double(last[i])
        (scales[i], biases[i]) = (0, candidate)
    }

    /// Moves a walk to a group.
    private mutating func enter(_ index: Int, _ i: Int) {
        let group = groups[index]
        ends[i] = min(group.lineEnd, pieces.ends[i])
        scales[i] = group.candidatesPerLength
        biases[i] = group.bias
        stretches[i] = group.stretch
        limits[i] = group.limit
        distances[i] = group.distance
    }

    @inline(never)
    private mutating func grow() {
        room = max(2 * count, count + Int(1.2 * pieces.length) + 1024)
        events.reserve(room)
        (origins, differences) = (events.origins.view, events.rightAscensionDifferences.view)
    }
}
