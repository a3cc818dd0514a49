import Numerics

/// The mixture of distributions from which weighted background trials are drawn (docs/model.md, section 10).
///
/// With probability ``ordinaryShare`` a trial is an ordinary one; with probability α_k right ascensions are tilted
/// towards the source for the point (n_k, γ_k): then the density of the trial, relative to ordinary trials, is
/// exp(ln Λ(n_k, γ_k) − C_k), with the likelihood ratio Λ of the fit and a constant C_k.
public struct ProposalMixture: Sendable, Equatable {
    /// A point of the (n_s, γ) plane.
    public struct Point: Sendable, Equatable {
        /// n_k, > 0.
        public let signalEvents: Double
        /// θ_k, a point of the grid of θ.
        public let gamma: Double
        /// α_k; 0 for a point from which no trial is drawn.
        public let share: Double
        /// C_k.
        public let constant: Double
        /// The source, by its place in a catalogue's list, that events are tilted towards; nil if there is one target.
        public let source: Int?

        public init(signalEvents: Double, gamma: Double, share: Double, constant: Double, source: Int? = nil) {
            self.source = source
            self.signalEvents = signalEvents
            self.gamma = gamma
            self.share = share
            self.constant = constant
        }
    }

    /// The number of the rule by which trials are drawn now. It changes whenever the same mixture, seed and number give
    /// another trial: rule 2 finds all arrivals of the Poisson process before it draws right ascensions.
    public static let currentDrawing = 2

    /// The number of the rule by which its trials are drawn.
    public let drawing: Int
    /// The significance, in sigma, up to which p-values are valid.
    public let tail: Double
    /// α₀, the share of ordinary trials: no weight exceeds its inverse.
    public let ordinaryShare: Double
    /// By source, then by increasing γ, then by increasing n.
    public let points: [Point]
    /// Points outside the mixture, in the same order.
    public let heldOut: [Point]
    /// What is stored of each trial for ``heldOut``. The weighted mean of its dQ/dP is 1 if the mixture covers the points.
    public let heldOutGroups: [HeldOutGroup]

    /// Points outside the mixture whose dQ/dP are averaged: one point of each source of a catalogue, or a single point.
    public struct HeldOutGroup: Sendable, Equatable {
        /// The mean of the points' n.
        public let signalEvents: Double
        public let gamma: Double
        /// The places of the points in ``ProposalMixture/heldOut``.
        let points: [Int]
    }

    public init(
        drawing: Int = currentDrawing, tail: Double, ordinaryShare: Double, points: [Point], heldOut: [Point]
    ) {
        self.drawing = drawing
        self.tail = tail
        self.ordinaryShare = ordinaryShare
        self.points = points
        self.heldOut = heldOut
        heldOutGroups = Self.groups(heldOut)
    }

    /// α₀ of the mixtures that are made now.
    private static let standardOrdinaryShare = 0.1

    /// Equal shares for points of one target.
    init(tail: Double, _ points: [Point], _ heldOut: [Point]) {
        let share = (1 - Self.standardOrdinaryShare) / Double(points.count)
        self.init(
            tail: tail, ordinaryShare: Self.standardOrdinaryShare, points: points.map { $0.with(share: share) },
            heldOut: heldOut)
    }

    /// Equal shares for the sources of a catalogue, and for the points of each.
    init(tail: Double, sources: [(points: [Point], heldOut: [Point])]) {
        let share = (1 - Self.standardOrdinaryShare) / Double(sources.count)
        self.init(
            tail: tail, ordinaryShare: Self.standardOrdinaryShare,
            points: sources.enumerated().flatMap { s, source in
                source.points.map { $0.with(share: share / Double(source.points.count), source: s) }
            },
            heldOut: sources.enumerated().flatMap { s, source in
                source.heldOut.map { $0.with(share: 0, source: s) }
            })
    }

    /// The points of equal γ and of equal rank among those of their source and γ.
    private static func groups(_ heldOut: [Point]) -> [HeldOutGroup] {
        guard heldOut.contains(where: { $0.source != nil }) else {
            return heldOut.enumerated().map {
                HeldOutGroup(signalEvents: $1.signalEvents, gamma: $1.gamma, points: [$0])
            }
        }
        struct Key: Hashable {
            let gamma: Double
            let rank: Int
        }
        var groups: [Key: [Int]] = [:]
        var rank = 0
        for (i, point) in heldOut.enumerated() {
            let previous = i > 0 ? heldOut[i - 1] : nil
            rank = previous?.source == point.source && previous?.gamma == point.gamma ? rank + 1 : 0
            groups[Key(gamma: point.gamma, rank: rank), default: []].append(i)
        }
        return groups.sorted { ($0.key.gamma, $0.key.rank) < ($1.key.gamma, $1.key.rank) }.map { key, points in
            HeldOutGroup(
                signalEvents: points.reduce(0) { $0 + heldOut[$1].signalEvents } / Double(points.count),
                gamma: key.gamma, points: points)
        }
    }

    /// The component from which a trial is drawn: 0 for ordinary trials, k for `points[k - 1]`.
    ///
    /// - Parameter place: in [0, 1).
    func component(at place: Double) -> Int {
        var sum = ordinaryShare
        for (k, point) in points.enumerated() {
            if place < sum { return k }
            sum += point.share
        }
        return points.count
    }

    /// The component of a trial: its number times the golden ratio, plus an offset that depends on the seed, compared
    /// with the cumulative shares, so that any range of trials has nearly these shares.
    func component(ofTrial number: UInt64, key: Philox4x32.Key) -> Int {
        var random = RandomStream(key: key, trial: 0, purpose: RandomPurpose.proposal.rawValue)
        let place = random.next() &+ number &* 0x9E37_79B9_7F4A_7C15
        return component(at: Double(place &>> 11) * 0x1p-53)
    }

    /// ln W = −ln(α₀ + Σ_k α_k dQ_k/dP).
    ///
    /// - Parameter logarithms: ln dQ_k/dP, those of the mixture first.
    package func logWeight(_ logarithms: [Double]) -> Double {
        var largest = 0.0
        for k in points.indices { largest = max(largest, logarithms[k]) }
        var sum = ordinaryShare * Portable.exp(-largest)
        for (k, point) in points.enumerated() {
            sum += point.share * Portable.exp(max(-700, logarithms[k] - largest))
        }
        return -largest - Portable.log(sum)
    }

    /// ln of the mean dQ/dP of each group of points outside the mixture.
    ///
    /// - Parameter logarithms: ln dQ/dP at each of these points.
    func heldOutLogarithms(_ logarithms: ArraySlice<Double>) -> [Double] {
        heldOutGroups.map { group in
            let values = group.points.map { logarithms[logarithms.startIndex + $0] }
            guard values.count > 1, let largest = values.max() else { return values.first ?? 0 }
            let sum = values.reduce(0) { $0 + Portable.exp(max(-700, $1 - largest)) }
            return largest + Portable.log(sum / Double(values.count))
        }
    }
}

extension ProposalMixture.Point {
    fileprivate func with(share: Double, source: Int? = nil) -> Self {
        Self(signalEvents: signalEvents, gamma: gamma, share: share, constant: constant, source: source)
    }
}
