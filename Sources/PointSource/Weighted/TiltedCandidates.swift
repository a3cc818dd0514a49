import Numerics

/// The events of one dataset that are tilted in one trial, with their right ascensions. One per thread, reused.
struct TiltedCandidates {
    private(set) var events: [Int32] = []
    /// The candidates that the events were drawn as.
    private(set) var numbers: [Int32] = []
    /// Right ascension minus the source's, in radians.
    private(set) var differences: [Double] = []
    /// One bit for each of 32,768 remainders of events' numbers.
    private var marks = [UInt64](repeating: 0, count: Self.markWords)
    /// The arrivals of one ``draw(_:_:_:_:)``.
    private var arrivals: [Arrival] = []

    private static let markWords = 512

    /// An arrival of the Poisson process, from which a tilted event follows unless it is thinned out.
    private struct Arrival {
        var search: TiltTable.Search
        /// The candidate, and its w̄.
        var found: (number: Int, mean: Double) = (0, 0)
    }

    mutating func removeAll() {
        for event in events { marks[Self.word(event)] = 0 }
        events.removeAll(keepingCapacity: true)
        numbers.removeAll(keepingCapacity: true)
        differences.removeAll(keepingCapacity: true)
    }

    private mutating func append(_ event: Int32, _ number: Int, rightAscensionDifference: Double) {
        events.append(event)
        numbers.append(Int32(truncatingIfNeeded: number))
        differences.append(rightAscensionDifference)
        marks[Self.word(event)] |= Self.bit(event)
    }

    @inline(__always)
    func contains(_ event: Int32) -> Bool {
        guard marks[Self.word(event)] & Self.bit(event) != 0 else { return false }
        return events.contains(event)
    }

    @inline(__always)
    private static func word(_ event: Int32) -> Int { Int(truncatingIfNeeded: event >> 6) & (markWords - 1) }

    @inline(__always)
    private static func bit(_ event: Int32) -> UInt64 { 1 << UInt64(truncatingIfNeeded: event & 63) }

    /// Draws the tilted events of a trial: each independently with probability x/(1 + x), x = ζ R̄ summed over its
    /// candidates, of which one is chosen in proportion to its term.
    ///
    /// A Poisson process with an intensity of ln(1 + x) for each event has an arrival with exactly that
    /// probability. It is drawn with an intensity of ζ R̄ for each candidate, and thinned.
    ///
    /// - Parameters:
    ///   - rows: the rows of the point from which the trial is drawn.
    ///   - table: the dataset's table.
    ///   - candidates: the candidates in the table.
    mutating func draw(
        _ rows: TiltRows, _ table: TiltTable, _ candidates: some TiltCandidates, _ random: inout RandomStream
    ) {
        removeAll()
        arrivals.removeAll(keepingCapacity: true)
        // Each step is taken for all arrivals before the next one: what it reads has then come into the cache.
        for _ in 0..<random.poisson(mean: rows.total) {
            let row = rows.row(at: random.uniform() * rows.total)
            guard let search = table.search(row: row, fraction: random.uniform()) else { continue }
            arrivals.append(Arrival(search: search))
        }
        for i in arrivals.indices { table.advance(&arrivals[i].search) }
        for i in arrivals.indices {
            arrivals[i].found = table.candidate(arrivals[i].search)
            candidates.prefetch(arrivals[i].found.number)
        }
        for arrival in arrivals {
            let (number, mean) = arrival.found
            let x = rows.slopes[arrival.search.row] * mean + candidates.otherOdds(of: number, slopes: rows.slopes)
            let kept = random.uniform() * x < Portable.log1p(x)
            let event = Int32(truncatingIfNeeded: candidates.event(of: number))
            guard kept, !contains(event) else { continue }
            let place = candidates.place(of: number)
            append(event, number, rightAscensionDifference: place.tiltedDifference(&random))
        }
    }
}

/// The tilt of the candidates of each energy at one point of a mixture, in one dataset.
struct TiltRows: Sendable {
    /// ζ S_E(γ) of each row.
    let slopes: [Double]
    /// Σ ζ R̄ up to and including each row.
    private let cumulative: [Double]
    /// Σ ζ R̄ over all rows.
    var total: Double { cumulative.last ?? 0 }

    init(slopes: [Double], table: TiltTable) {
        self.slopes = slopes
        var sum = 0.0
        cumulative = slopes.indices.map {
            sum += slopes[$0] * table.rowSums[$0]
            return sum
        }
    }

    /// The first row whose cumulative sum exceeds a number below the total.
    func row(at wanted: Double) -> Int {
        prefixCount(cumulative.count - 1) { cumulative[$0] <= wanted }
    }
}

extension CandidatePlace {
    /// Draws Δra with a density proportional to the shape of the signal's density, by rejection.
    ///
    /// ψ² ≥ 4 sin²(ψ/2) ≥ 4 sin²(Δdec/2) + cos cos q Δra² for q = (sin(h/2)/(h/2))², |Δra| ≤ h, and ψ/sin ψ is largest
    /// at h: a normal distribution in Δra is an envelope; if it is wider than h, a uniform one is better.
    func tiltedDifference(_ random: inout RandomStream) -> Double {
        let halfSine = Portable.sin(0.5 * halfWidth) / (0.5 * halfWidth)
        let curvature = candidate.halfInverseVariance * cosineProduct * halfSine * halfSine
        let deviation = (0.5 / curvature).squareRoot()
        let isUniform = deviation > halfWidth
        let largest = largestHaversine
        let largestJacobian = SpatialSignalDensity.shape(haversine: largest, halfInverseVariance: 0)
        let start = 4 * smallestHaversine * candidate.halfInverseVariance
        while true {
            let difference = isUniform ? random.uniform(in: -halfWidth...halfWidth) : deviation * random.normal()
            let threshold = random.uniform() * largestJacobian
            guard abs(difference) < halfWidth else { continue }
            let sine = Portable.sin(0.5 * difference)
            let h = smallestHaversine + cosineProduct * sine * sine
            let psi = SpatialSignalDensity.openingAngle(haversine: h)
            let envelope = start + (isUniform ? 0 : curvature * difference * difference)
            let ratio =
                SpatialSignalDensity.shape(haversine: h, halfInverseVariance: 0)
                * Portable.exp(envelope - psi * psi * candidate.halfInverseVariance)
            if threshold < ratio { return difference }
        }
    }
}
