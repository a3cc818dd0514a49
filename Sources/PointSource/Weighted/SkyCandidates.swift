import Diagnostics
import Numerics

/// The candidates of one dataset of a sky: the events that one source reaches, or each source of a stack.
///
/// The candidates of a source are its whole run of declinations, in order. An event without a half-width has a number,
/// but is not in the table.
struct SkyCandidates: Sendable {
    private struct Member: Sendable {
        let source: Source
        let reach: SourceReach
        /// The first of its rows in the signal table.
        let firstRow: Int
        /// The number of the run's first event.
        let firstNumber: Int
    }

    private let sky: SkyEvents
    private let members: [Member]
    private let average: WeightAverage

    /// - Parameter members: each source with its reach, and its first row in the signal table.
    init(_ sky: SkyEvents, _ members: [(source: Source, reach: SourceReach, firstRow: Int)]) throws {
        self.sky = sky
        var first = 0
        self.members = members.map { source, reach, firstRow in
            defer { first += reach.widths.count }
            return Member(source: source, reach: reach, firstRow: firstRow, firstNumber: first)
        }
        average = try WeightAverage()
        guard first <= Int32.max else {
            throw Fault(
                .usage, at: .field("sources"), "\(members.count) sources have too many events for weighted trials",
                remedy: "make ordinary trials, or choose a smaller box")
        }
    }

    /// Calls `body` with each candidate that can be tilted, its row in the signal table, and its place.
    func forEach(
        _ body: (_ number: Int, _ row: Int, _ place: CandidatePlace) throws(Fault) -> Void
    ) throws(Fault) {
        for member in members {
            for i in 0..<member.reach.widths.count where member.reach.widths[i] > 0 {
                let event = sky.events[member.reach.first + i]
                try body(
                    member.firstNumber + i, member.firstRow + Int(event.energy), place(event, i, of: member))
            }
        }
    }

    private func member(of number: Int) -> Member {
        members[prefixCount(members.count - 1) { members[$0 + 1].firstNumber <= number }]
    }

    /// - Parameter i: the event's position in the member's run.
    private func place(_ event: SkyEvents.Event, _ i: Int, of member: Member) -> CandidatePlace {
        CandidatePlace(
            BackgroundGenerator.Candidate(event, declination: member.reach.declination),
            placement: member.reach.placement,
            halfWidth: member.reach.halfWidth(at: i))
    }

    /// Gives tilted events their right ascensions.
    func move(_ tilted: TiltedCandidates, in angles: TurnArray) {
        for i in tilted.events.indices {
            let source = member(of: Int(tilted.numbers[i])).source
            angles.set(Int(tilted.events[i]), source.rightAscension + tilted.differences[i])
        }
    }
}

extension SkyCandidates: TiltCandidates {
    func place(of number: Int) -> CandidatePlace {
        let member = member(of: number)
        let i = number - member.firstNumber
        return place(sky.events[member.reach.first + i], i, of: member)
    }

    func prefetch(_ number: Int) { sky.events.prefetch(event(of: number)) }

    func event(of number: Int) -> Int {
        let member = member(of: number)
        return member.reach.first + number - member.firstNumber
    }

    func otherOdds(of number: Int, slopes: [Double]) -> Double {
        guard members.count > 1 else { return 0 }
        let index = event(of: number)
        let event = sky.events[index]
        return members.reduce(0) { sum, member in
            let i = index - member.reach.first
            guard i >= 0, i < member.reach.widths.count, member.reach.widths[i] > 0, number != member.firstNumber + i
            else { return sum }
            return sum + slopes[member.firstRow + Int(event.energy)] * average.value(place(event, i, of: member))
        }
    }

    func logProduct(_ table: TiltTable, zeta: Double, density: (Int) -> Double) -> Double {
        guard members.count > 1 else { return table.logProduct(zeta: zeta, density: density) }
        // ζ R̄ of each event, rounded up to whole lanes.
        var odds = [Double](repeating: 0, count: (sky.events.count + 3) / 4 * 4)
        for member in members {
            let offset = member.reach.first - member.firstNumber
            for energy in sky.energies.indices {
                let row = member.firstRow + energy
                let slope = zeta * density(row)
                table.forEach(ofRow: row) { odds[$0 + offset] += slope * $1 }
            }
        }
        var product = LogProduct()
        for lane in 0..<odds.count / 4 {
            let i = 4 * lane
            product.multiply(SIMD4(1 + odds[i], 1 + odds[i + 1], 1 + odds[i + 2], 1 + odds[i + 3]))
            if lane & 7 == 7 { product.normalise() }
        }
        return product.value
    }
}
