import IceTracks
import Numerics

/// Draws reconstructed energy, opening angle and angular error for a true energy, from the source's slice of the
/// smearing matrix (docs/model.md, section 7).
struct SmearingSampler: Sendable {
    /// One reconstructed event without a direction.
    struct Draw {
        var log10Energy: Double
        /// ψ in radians.
        var openingAngle: Double
        /// σ in radians.
        var angularError: Double
    }

    let log10TrueEnergy: Binning
    /// Histograms by true energy; by true and reconstructed energy; by these and ψ.
    let energies: Marginals
    let openingAngles: Marginals
    let angularErrors: Marginals

    /// One draw, or nil if the matrix has no simulation at this true energy.
    func draw(log10TrueEnergy trueEnergy: Double, _ random: inout RandomStream) -> Draw? {
        guard let e = log10TrueEnergy.index(of: trueEnergy), let (r, log10Energy) = energies.draw(row: e, &random)
        else { return nil }
        let reconstructed = e * energies.binCount + r
        guard let (p, psi) = openingAngles.draw(row: reconstructed, &random),
            let (_, sigma) = angularErrors.draw(row: reconstructed * openingAngles.binCount + p, &random)
        else { return nil }
        return Draw(log10Energy: log10Energy, openingAngle: psi, angularError: sigma)
    }
}

extension SmearingSampler {
    init(smearing: SourceSmearing) {
        let matrix = smearing.matrix
        let shape = matrix.shape
        let d = smearing.declinationBin
        var energies = Marginals.Builder(binCount: shape.recoEnergy)
        var openingAngles = Marginals.Builder(binCount: shape.psi)
        var angularErrors = Marginals.Builder(binCount: shape.angularError)
        for e in 0..<shape.trueEnergy {
            energies.append(
                counts: (0..<shape.recoEnergy).lazy.map { matrix.fractionalCounts(e, d, $0).reduce(0, +) },
                edges: matrix.recoEnergyEdges(e, d))
            for r in 0..<shape.recoEnergy {
                openingAngles.append(
                    counts: (0..<shape.psi).lazy.map { matrix.fractionalCounts(e, d, r, $0).reduce(0, +) },
                    edges: matrix.psiEdges(e, d, r))
                for p in 0..<shape.psi {
                    angularErrors.append(
                        counts: matrix.fractionalCounts(e, d, r, p), edges: matrix.angularErrorEdges(e, d, r, p))
                }
            }
        }
        log10TrueEnergy = Binning(edges: matrix.log10TrueEnergyEdges)
        self.energies = energies.marginals
        self.openingAngles = openingAngles.marginals
        self.angularErrors = angularErrors.marginals
    }
}
