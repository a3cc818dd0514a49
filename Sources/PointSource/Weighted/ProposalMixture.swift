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

        public init(signalEvents: Double, gamma: Double, share: Double, constant: Double) {
            self.signalEvents = signalEvents
            self.gamma = gamma
            self.share = share
            self.constant = constant
        }
    }

    /// The significance, in sigma, up to which p-values are valid.
    public let tail: Double
    /// α₀, the share of ordinary trials: no weight exceeds its inverse.
    public let ordinaryShare: Double
    /// By increasing γ, then by increasing n.
    public let points: [Point]
    /// Points outside the mixture. The weighted mean of exp(ln Λ − C) there is 1 if the mixture covers them.
    public let heldOut: [Point]

    public init(tail: Double, ordinaryShare: Double, points: [Point], heldOut: [Point]) {
        self.tail = tail
        self.ordinaryShare = ordinaryShare
        self.points = points
        self.heldOut = heldOut
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
}
