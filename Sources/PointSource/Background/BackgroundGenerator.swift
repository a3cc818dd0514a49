import Numerics

/// Background events with uniform right ascensions, without reading the events that cannot matter (docs/model.md, section 6).
///
/// In scrambled data an event keeps everything but its right ascension. It matters only if it falls closer to the
/// source's right ascension than a half-width w of its own, beyond which its density ratio stays below a negligible
/// value (or which is the box's edge). That happens with probability p = w/π, independently of all other events, and
/// then its Δra is uniform in ±w. Events of similar w form a group and share its largest.
///
/// An event that matters with probability p is one on whose stretch of length −ln(1 − p) a Poisson process of rate 1
/// has an arrival. Put end to end, the stretches of all events make a line; its arrivals are reached by exponential gaps,
/// and the group tells the event from the place on the line. The first arrival of a stretch comes at a distance x from its
/// beginning with a probability that grows as 1 − e^(−x), up to p: 1 − e^(−x) is uniform between 0 and p, and
/// Δra = 2π (1 − e^(−x)) − w.
struct BackgroundGenerator: Sendable {
    /// A data event that can matter: half a cache line.
    struct Candidate: Sendable, BitwiseCopyable {
        /// sin(Δdec/2), with the sign of event minus source.
        var halfSine: Double
        /// 1/(2σ²), and 1/(2π σ² B_sp B_E), so that w = scale · ψ/sin ψ · exp(−ψ² · halfInverseVariance) is the event's
        /// weight (``SelectedEvents``).
        var halfInverseVariance: Double
        var scale: Double
        /// Row of its energy in the dataset's signal table.
        var energy: Int32
        /// Index in the dataset's events.
        var event: Int32
    }

    /// Candidates that share a half-width.
    struct Group: Sendable, BitwiseCopyable {
        var first: Int
        var end: Int
        /// In radians, in (0, π].
        var halfWidth: Double
        /// Wider than half the sky: such a group is not on the line.
        var isWide: Bool { halfWidth > 0.5 * Double.pi }
        /// Where the group's stretches end on the line, and the length of each candidate's.
        var lineEnd: Double
        var stretch: Double
        /// The inverse of that length, and what to add to place · candidatesPerLength so that it rounds to the
        /// candidate's number.
        var candidatesPerLength: Double
        var bias: Double
        /// Δra at the end of an endless stretch, and how much less it is in the middle of the group's.
        var limit: Double
        var distance: Double

        /// - Parameter previous: the group before, whose stretches come before on the line.
        init(first: Int, end: Int, halfWidth: Double, after previous: Group?) {
            (self.first, self.end, self.halfWidth) = (first, end, halfWidth)
            stretch = -Portable.log1p(-halfWidth / Double.pi)
            let lineStart = previous?.lineEnd ?? 0
            lineEnd = halfWidth > 0.5 * Double.pi ? lineStart : lineStart + Double(end - first) * stretch
            candidatesPerLength = 1 / stretch
            bias = Double(first) - 0.5 - lineStart / stretch
            limit = 2 * Double.pi - halfWidth
            distance = -2 * Double.pi * Portable.exp(-0.5 * stretch)
        }

        /// The candidate on whose stretch a place lies.
        func candidate(at place: Double) -> Int {
            let number = bias.addingProduct(place, candidatesPerLength).rounded()
            // Also where a damaged half-width makes it NaN.
            guard number > Double(first) else { return first }
            return number < Double(end - 1) ? Int(number) : end - 1
        }

        /// Where a candidate's stretch begins.
        func beginning(of candidate: Int) -> Double { (Double(candidate) - 0.5 - bias) / candidatesPerLength }
    }

    let dataset: Int
    let placement: SourcePlacement
    let candidates: FlatTable<Candidate>
    /// By falling half-width. Those wider than half the sky come first: every candidate gets a right
    /// ascension, since most of them have an arrival.
    let groups: [Group]
    /// What the events that are not drawn are expected to add to Σ R, at the points of the γ grid.
    let negligibleRatios: FlatTable<SIMD8<Double>>
    private let wideGroups: Int
    private let pieces: LineWalk.Pieces

    /// Half-widths within a group differ by at most this factor: more groups take time, fewer groups draw more
    /// events beyond their own half-width.
    private static let groupRatio = 1.08

    init(
        dataset: Int, placement: SourcePlacement, candidates: FlatTable<Candidate>, groups: [Group],
        negligibleRatios: FlatTable<SIMD8<Double>>
    ) {
        self.negligibleRatios = negligibleRatios
        self.dataset = dataset
        self.placement = placement
        self.candidates = candidates
        self.groups = groups
        wideGroups = groups.prefix { $0.isWide }.count
        pieces = LineWalk.Pieces(groups: groups, wideGroups: wideGroups)
    }

    /// - Parameters:
    ///   - dataset: number of the dataset in the analysis.
    ///   - candidates: with their half-widths, each in [0, π], in any order.
    ///   - signal: the signal densities of their energies.
    ///   - edge: |Δra| at the box's edge, at most π.
    init(
        dataset: Int, placement: SourcePlacement, candidates: [(candidate: Candidate, halfWidth: Double)],
        signal: SignalTable, edge: Double
    ) throws {
        var negligible = try NegligibleRatios(placement: placement, edge: edge, energyCount: signal.count)
        for (candidate, _) in candidates.lazy.filter({ $0.halfWidth == 0 }) { negligible.add(candidate, beyond: 0) }
        let sorted = candidates.filter { $0.halfWidth > 0 }
            .sorted { ($1.halfWidth, $0.candidate.event) < ($0.halfWidth, $1.candidate.event) }
        var groups: [Group] = []
        var start = 0
        while start < sorted.count {
            let widest = sorted[start].halfWidth
            var end = start + 1
            while end < sorted.count, sorted[end].halfWidth * Self.groupRatio > widest { end += 1 }
            groups.append(Group(first: start, end: end, halfWidth: widest, after: groups.last))
            for (candidate, _) in sorted[start..<end] { negligible.add(candidate, beyond: widest) }
            start = end
        }
        self.init(
            dataset: dataset, placement: placement, candidates: FlatTable(sorted.lazy.map(\.candidate)), groups: groups,
            negligibleRatios: negligible.ratios(signal))
    }

    /// Writes one trial's background events to the beginning of `events`.
    ///
    /// - Parameter tilted: candidates that have right ascensions of their own in this trial, instead of uniform ones.
    func generate(
        key: Philox4x32.Key, trial: UInt64, into events: SelectedEvents, tilted: TiltedCandidates? = nil
    ) {
        var stream = ArrivalStream(key: key, trial: trial, purpose: .background(dataset: dataset))
        var count = 0
        for group in groups.prefix(wideGroups) { scatter(group, &stream, events, &count) }
        if wideGroups < groups.count {
            var walk = LineWalk(
                groups: groups, candidates: candidates, pieces: pieces, events: events, count: count)
            count = walk.finish(&stream)
        }
        if let tilted { replace(tilted, in: events, &count) }
        events.setBackground(count: count, negligibleRatios: negligibleRatios)
        weigh(events)
    }

    /// Drops the drawn events that are tilted candidates, and appends these with their own right ascensions.
    private func replace(_ tilted: TiltedCandidates, in events: SelectedEvents, _ count: inout Int) {
        events.reserve(count + tilted.candidates.count)
        let (origins, differences) = (events.origins.view, events.rightAscensionDifferences.view)
        var kept = 0
        for i in 0..<count {
            let candidate = origins[i]
            origins[kept] = candidate
            differences[kept] = differences[i]
            kept += tilted.contains(candidate) ? 0 : 1
        }
        for (candidate, difference) in zip(tilted.candidates, tilted.differences) {
            origins[kept] = candidate
            differences[kept] = difference
            kept += 1
        }
        count = kept
    }

    /// Gives every candidate of a group a right ascension.
    private func scatter(
        _ group: Group, _ stream: inout ArrivalStream, _ events: SelectedEvents, _ count: inout Int
    ) {
        events.reserve(count + group.end - group.first)
        let (origins, differences) = (events.origins.view, events.rightAscensionDifferences.view)
        var index = group.first
        while index < group.end {
            let words = stream.next()
            for places in [words.0, words.1, words.2, words.3] {
                let lane = ArrivalStream.symmetric(places)
                for i in 0..<min(8, group.end - index) {
                    let difference = lane[i] * Double.pi
                    origins[count] = Int32(truncatingIfNeeded: index + i)
                    differences[count] = difference
                    count += abs(difference) < group.halfWidth ? 1 : 0
                }
                index = min(group.end, index + 8)
            }
        }
    }

    /// Computes the weights of the drawn events, eight at a time.
    private func weigh(_ events: SelectedEvents) {
        let count = events.count
        events.reserve(count)
        let lanes = (count + 7) / 8
        // Values behind the last event of a lane are computed, too, and never read.
        let origins = events.origins.view
        for i in count..<(lanes * 8) { origins[i] = 0 }
        collect(events, lanes: lanes)
        let weights = events.weights.view
        let (halfInverseVariances, scales) = (events.scratch.0.view, events.scratch.1.view)
        for lane in 0..<lanes {
            let shape = SpatialSignalDensity.shape(
                haversine: weights[lane: lane], halfInverseVariance: halfInverseVariances[lane: lane])
            weights[lane: lane] = scales[lane: lane] * shape
        }
    }

    /// Gathers the drawn events' numbers from the table: the rows of their energies, what their weights are
    /// computed from, and, in place of the weights, the haversines of their angles to the source.
    private func collect(_ events: SelectedEvents, lanes: Int) {
        events.scratch.0.reserve(lanes * 8)
        events.scratch.1.reserve(lanes * 8)
        let (origins, energies) = (events.origins.view, events.energies.view)
        let (weights, differences) = (events.weights.view, events.rightAscensionDifferences.view)
        let (halfInverseVariances, scales) = (events.scratch.0.view, events.scratch.1.view)
        for lane in 0..<lanes {
            let i = 8 * lane
            @inline(__always)
            func candidate(_ k: Int) -> SIMD4<Double> {
                candidates.prefix(of: Int(origins[i &+ k]), as: SIMD4<Double>.self)
            }
            let (halfSine, halfInverseVariance, scale, indices) = SIMD8.columns(candidate)
            energies.store(indices.lowWords, at: i)
            halfInverseVariances[lane: lane] = halfInverseVariance
            scales[lane: lane] = scale
            weights[lane: lane] = placement.haversine(
                halfSine: halfSine, rightAscensionDifference: differences[lane: lane])
        }
    }
}
