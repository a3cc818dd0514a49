import IceTracks
import Numerics

/// Background by uniform right ascensions, without touching the events that cannot matter (docs/model.md, section 6).
///
/// In a scrambled data set an event keeps all but its right ascension. It matters only if it falls closer to the
/// source's right ascension than a half-width w of its own, beyond which its density ratio stays below a negligible
/// value (or which is the box's edge). That happens with probability w/π, independently of all other events, and then
/// its Δra is uniform in ±w. Events of similar w form a group; in a group, the gap to the next event that falls within
/// the group's largest half-width W is geometric with probability W/π, and of those an event is kept if it falls within
/// its own w ≤ W.
struct BackgroundGenerator: Sendable {
    /// A data event that can matter.
    struct Candidate: Sendable {
        /// Index in the dataset's events.
        var event: Int32
        /// Row of its energy ratios.
        var row: Int32
        /// sin²(Δdec/2) and cos dec₁ cos dec₂: with Δra they give the haversine of the opening angle.
        var declinationTerm: Double
        var cosineProduct: Double
        /// 1/(2σ²), and 1/(2π σ² B_sp), so that S_sp/B_sp = scale · ψ/sin ψ · exp(−ψ² · halfInverseVariance).
        var halfInverseVariance: Double
        var scale: Double
        /// w in radians, in (0, π].
        var halfWidth: Double

        /// S_sp/B_sp at a right ascension difference.
        @inline(__always)
        func spatialRatio(rightAscensionDifference: Double) -> Double {
            let sine = Portable.sin(0.5 * rightAscensionDifference)
            let h = min(1, declinationTerm + cosineProduct * sine * sine)
            return scale * SpatialSignalDensity.shape(haversine: h, halfInverseVariance: halfInverseVariance)
        }
    }

    private struct Group: Sendable {
        let candidates: Range<Int>
        /// The largest half-width in the group.
        let halfWidth: Double
        /// ln(1 − W/π); −∞ where every event falls inside.
        let logMissProbability: Double
    }

    let dataset: Int
    private(set) var candidates: [Candidate] = []
    private let groups: [Group]

    /// Half-widths within a group differ by at most this factor: a balance of gaps drawn against events turned down.
    private static let groupRatio = 1.25

    /// - Parameters:
    ///   - dataset: number of the dataset in the analysis.
    ///   - candidates: those with a positive half-width, in any order.
    init(dataset: Int, candidates: [Candidate]) {
        self.dataset = dataset
        let sorted = candidates.sorted { ($1.halfWidth, $0.event) < ($0.halfWidth, $1.event) }
        var groups: [Group] = []
        var start = 0
        while start < sorted.count {
            let widest = sorted[start].halfWidth
            var end = start + 1
            while end < sorted.count, sorted[end].halfWidth * Self.groupRatio > widest { end += 1 }
            let miss = 1 - widest / Double.pi
            groups.append(
                Group(
                    candidates: start..<end, halfWidth: widest,
                    logMissProbability: miss > 0 ? Portable.log(miss) : -.infinity))
            start = end
        }
        self.candidates = sorted
        self.groups = groups
    }

    /// Appends one trial's background events, to which no other has been added; `draws` and `geometry` are
    /// buffers.
    func generate(
        key: Philox4x32.Key, trial: UInt64, draws: inout ScrambledDraws, geometry: inout EventGeometry,
        into events: inout SelectedEvents
    ) {
        draws.removeAll()
        geometry.removeAll()
        var jumps = JumpStream(key: key, trial: trial, purpose: .background(dataset: dataset))
        for group in groups {
            jumps.draw(
                from: group.candidates, halfWidth: group.halfWidth, logMiss: group.logMissProbability, into: &draws)
        }
        events.reserve(draws.count)
        geometry.reserve(draws.count)
        for i in 0..<draws.count {
            let candidate = candidates[Int(draws.candidates[i])]
            let difference = draws.differences[i]
            guard abs(difference) < candidate.halfWidth else { continue }
            // The ratio itself comes after this, eight at a time.
            events.append(
                spatialRatio: 0, row: candidate.row, origin: candidate.event, rightAscensionDifference: difference)
            geometry.append(candidate)
        }
        geometry.ratios(of: events)
    }
}
