/// The smearing of neutrinos by a configuration's reconstruction: for every bin of true energy and true declination,
/// the fraction of simulated events in bins of reconstructed energy, of the angle psi between true and reconstructed
/// direction, and of the estimated angular error.
///
/// Bins of reconstructed energy differ for every (true energy, true declination); those of psi also for every
/// reconstructed energy; those of the angular error also for every psi. A slice without simulation has bins of zero
/// width and zero counts throughout. Indices are named e (true energy), d (true declination), r (reconstructed
/// energy), p (psi) and a (angular error); all arrays are row-major in that order.
public struct SmearingMatrix: Sendable, Equatable {
    /// The number of bins along each axis.
    public struct Shape: Sendable, Equatable {
        public let trueEnergy: Int
        public let trueDeclination: Int
        public let recoEnergy: Int
        public let psi: Int
        public let angularError: Int

        /// - Precondition: every count is positive.
        public init(trueEnergy: Int, trueDeclination: Int, recoEnergy: Int, psi: Int, angularError: Int) {
            precondition(trueEnergy > 0 && trueDeclination > 0 && recoEnergy > 0 && psi > 0 && angularError > 0)
            self.trueEnergy = trueEnergy
            self.trueDeclination = trueDeclination
            self.recoEnergy = recoEnergy
            self.psi = psi
            self.angularError = angularError
        }

        /// The number of (e, d) slices.
        public var slices: Int { trueEnergy * trueDeclination }
    }

    public let shape: Shape
    /// Edges of the bins in log10 of the true energy in GeV, increasing; `shape.trueEnergy + 1` of them.
    public let log10TrueEnergyEdges: [Double]
    /// Edges of the bins in true declination in radians, increasing; `shape.trueDeclination + 1` of them.
    public let trueDeclinationEdges: [Double]
    /// Edges in log10 of the reconstructed energy in GeV, shape (e, d, r + 1).
    public let recoEnergyEdges: [Double]
    /// Edges of psi in radians, shape (e, d, r, p + 1).
    public let psiEdges: [Double]
    /// Edges of the angular error in radians, shape (e, d, r, p, a + 1).
    public let angularErrorEdges: [Double]
    /// Fraction of the simulated events of (e, d) in each bin, shape (e, d, r, p, a); not negative.
    public let fractionalCounts: [Double]

    /// - Precondition: the arrays have the lengths required by `shape`.
    public init(
        shape: Shape, log10TrueEnergyEdges: [Double], trueDeclinationEdges: [Double], recoEnergyEdges: [Double],
        psiEdges: [Double], angularErrorEdges: [Double], fractionalCounts: [Double]
    ) {
        precondition(log10TrueEnergyEdges.count == shape.trueEnergy + 1)
        precondition(trueDeclinationEdges.count == shape.trueDeclination + 1)
        precondition(recoEnergyEdges.count == shape.slices * (shape.recoEnergy + 1))
        precondition(psiEdges.count == shape.slices * shape.recoEnergy * (shape.psi + 1))
        precondition(angularErrorEdges.count == shape.slices * shape.recoEnergy * shape.psi * (shape.angularError + 1))
        precondition(fractionalCounts.count == shape.slices * shape.recoEnergy * shape.psi * shape.angularError)
        self.shape = shape
        self.log10TrueEnergyEdges = log10TrueEnergyEdges
        self.trueDeclinationEdges = trueDeclinationEdges
        self.recoEnergyEdges = recoEnergyEdges
        self.psiEdges = psiEdges
        self.angularErrorEdges = angularErrorEdges
        self.fractionalCounts = fractionalCounts
    }
}

/// Slices keep the indices of their array.
extension SmearingMatrix {
    /// Edges in log10 of the reconstructed energy in GeV of the slice (e, d); `shape.recoEnergy + 1` of them.
    public func recoEnergyEdges(_ e: Int, _ d: Int) -> ArraySlice<Double> {
        let width = shape.recoEnergy + 1
        let first = slice(e, d) * width
        return recoEnergyEdges[first..<first + width]
    }

    /// Edges of psi in radians at (e, d, r); `shape.psi + 1` of them.
    public func psiEdges(_ e: Int, _ d: Int, _ r: Int) -> ArraySlice<Double> {
        let width = shape.psi + 1
        let first = (slice(e, d) * shape.recoEnergy + r) * width
        return psiEdges[first..<first + width]
    }

    /// Edges of the angular error in radians at (e, d, r, p); `shape.angularError + 1` of them.
    public func angularErrorEdges(_ e: Int, _ d: Int, _ r: Int, _ p: Int) -> ArraySlice<Double> {
        let width = shape.angularError + 1
        let first = ((slice(e, d) * shape.recoEnergy + r) * shape.psi + p) * width
        return angularErrorEdges[first..<first + width]
    }

    /// Fractional counts of the slice (e, d), shape (r, p, a).
    public func fractionalCounts(_ e: Int, _ d: Int) -> ArraySlice<Double> {
        let width = shape.recoEnergy * shape.psi * shape.angularError
        return fractionalCounts[slice(e, d) * width..<(slice(e, d) + 1) * width]
    }

    /// Fractional counts at (e, d, r), shape (p, a).
    public func fractionalCounts(_ e: Int, _ d: Int, _ r: Int) -> ArraySlice<Double> {
        let width = shape.psi * shape.angularError
        let first = (slice(e, d) * shape.recoEnergy + r) * width
        return fractionalCounts[first..<first + width]
    }

    /// Fractional counts at (e, d, r, p), one per bin of the angular error.
    public func fractionalCounts(_ e: Int, _ d: Int, _ r: Int, _ p: Int) -> ArraySlice<Double> {
        let width = shape.angularError
        let first = ((slice(e, d) * shape.recoEnergy + r) * shape.psi + p) * width
        return fractionalCounts[first..<first + width]
    }

    /// Whether the slice (e, d) contains no simulation: no bin of reconstructed energy has a width.
    public func isEmpty(_ e: Int, _ d: Int) -> Bool {
        let edges = recoEnergyEdges(e, d)
        return edges.first == edges.last
    }

    private func slice(_ e: Int, _ d: Int) -> Int { e * shape.trueDeclination + d }
}
