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

    /// Cumulative sums of the bins' counts, and the bins' edges.
    private struct Marginal: Sendable {
        let cumulative: [Double]
        let edges: [Double]

        init?(counts: [Double], edges: ArraySlice<Double>) {
            var sum = 0.0
            cumulative = counts.map { count in
                sum += count
                return sum
            }
            self.edges = Array(edges)
            if !(sum > 0) { return nil }
        }

        /// A bin by its count and a value uniform inside it.
        func draw(_ random: inout RandomStream) -> (bin: Int, value: Double) {
            let target = random.uniform() * cumulative[cumulative.count - 1]
            var (low, high) = (0, cumulative.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if cumulative[middle] > target { high = middle } else { low = middle + 1 }
            }
            return (low, random.uniform(in: edges[low]...edges[low + 1]))
        }
    }

    private let shape: SmearingMatrix.Shape
    private let log10TrueEnergyEdges: [Double]
    /// By true energy; by true and reconstructed energy; by these and ψ. Nil where there is no simulation.
    private let energies: [Marginal?]
    private let openingAngles: [Marginal?]
    private let angularErrors: [Marginal?]

    init(smearing: SourceSmearing) {
        let matrix = smearing.matrix
        let shape = matrix.shape
        let d = smearing.declinationBin
        self.shape = shape
        log10TrueEnergyEdges = matrix.log10TrueEnergyEdges
        var energies: [Marginal?] = []
        var openingAngles: [Marginal?] = []
        var angularErrors: [Marginal?] = []
        for e in 0..<shape.trueEnergy {
            energies.append(
                Marginal(
                    counts: (0..<shape.recoEnergy).map { matrix.fractionalCounts(e, d, $0).reduce(0, +) },
                    edges: matrix.recoEnergyEdges(e, d)))
            for r in 0..<shape.recoEnergy {
                openingAngles.append(
                    Marginal(
                        counts: (0..<shape.psi).map { matrix.fractionalCounts(e, d, r, $0).reduce(0, +) },
                        edges: matrix.psiEdges(e, d, r)))
                for p in 0..<shape.psi {
                    angularErrors.append(
                        Marginal(
                            counts: Array(matrix.fractionalCounts(e, d, r, p)),
                            edges: matrix.angularErrorEdges(e, d, r, p)))
                }
            }
        }
        self.energies = energies
        self.openingAngles = openingAngles
        self.angularErrors = angularErrors
    }

    /// One draw, or nil where the matrix has no simulation at this true energy.
    func draw(log10TrueEnergy: Double, _ random: inout RandomStream) -> Draw? {
        guard let e = Binning(edges: log10TrueEnergyEdges).index(of: log10TrueEnergy), let energy = energies[e] else {
            return nil
        }
        let (r, log10Energy) = energy.draw(&random)
        guard let angle = openingAngles[e * shape.recoEnergy + r] else { return nil }
        let (p, psi) = angle.draw(&random)
        guard let error = angularErrors[(e * shape.recoEnergy + r) * shape.psi + p] else { return nil }
        let (_, sigma) = error.draw(&random)
        return Draw(log10Energy: log10Energy, openingAngle: psi, angularError: sigma)
    }
}
