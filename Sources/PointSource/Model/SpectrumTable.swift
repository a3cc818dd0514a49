import Diagnostics
import Numerics

/// A tabulated spectrum dN/dE, linear between its energies, that can be moved along lg E (docs/model.md, section 2).
///
/// Moved by a factor 1/s, the spectrum is f(E·s) s², which conserves energy: E² dN/dE keeps its height. Profiles are
/// relative to dN/dE at the peak of E² dN/dE, and have a floor of 1e−100 there.
public struct SpectrumTable: Sendable, Equatable {
    /// How the table is integrated.
    public enum Rule: Sendable {
        /// Exactly, with nothing but the floor outside the table.
        case exact
        /// SkyLLH 26.1: the trapezoid rule on 50 points that are equidistant in lg E of each bin; the first and the
        /// last piece of the table go on beyond its ends.
        case skyllh26_1
    }

    /// In GeV, ascending, > 0.
    public let energies: [Double]
    /// E² dN/dE at the energies, in any unit, not negative.
    public let energyFluxes: [Double]
    public var rule = Rule.exact
    /// dN/dE at the energies, relative to that at the peak.
    private let densities: [Double]
    /// The energy at which E² dN/dE is largest, in GeV.
    public let peakEnergy: Double

    /// The smallest profile, relative to that at the peak.
    private static let floor = 1e-100
    /// The points of SkyLLH's rule in a bin.
    private static let pointCount = 50
    /// The largest number of rows.
    public static let largestCount = 10_000

    /// - Throws: `Fault` (usage), without a place, for fewer than two or more than ``largestCount`` rows, energies that
    ///   do not ascend or are not positive, and fluxes that are negative or all zero.
    public init(energies: [Double], energyFluxes: [Double]) throws(Fault) {
        func fault(_ problem: String, _ remedy: String) -> Fault { Fault(.usage, problem, remedy: remedy) }
        guard energies.count == energyFluxes.count, (2...Self.largestCount).contains(energies.count) else {
            throw fault(
                "a spectrum needs 2 to \(Self.largestCount) rows, not \(energies.count)", "give more or fewer energies")
        }
        for (row, (energy, flux)) in zip(energies, energyFluxes).enumerated() {
            guard energy > 0, energy.isFinite else {
                throw fault("row \(row + 1): the energy \(shortest(energy)) is not positive", "give energies in GeV")
            }
            guard row == 0 || energy > energies[row - 1] else {
                throw fault(
                    "row \(row + 1): the energy \(shortest(energy)) is not above the previous one, "
                        + shortest(energies[row - 1]), "sort the rows by energy, each energy once")
            }
            guard flux >= 0, flux.isFinite else {
                throw fault("row \(row + 1): the flux \(shortest(flux)) is negative", "give a flux from 0")
            }
        }
        let peak = energyFluxes.indices.reduce(0) { energyFluxes[$1] > energyFluxes[$0] ? $1 : $0 }
        let largest = energyFluxes[peak] / (energies[peak] * energies[peak])
        let densities = zip(energies, energyFluxes).map { $1 / ($0 * $0) / largest }
        guard largest > 0, densities.allSatisfy(\.isFinite) else {
            throw fault("the flux is zero at every energy", "give a flux above 0")
        }
        self.energies = energies
        self.energyFluxes = energyFluxes
        self.densities = densities
        peakEnergy = energies[peak]
    }

    /// The energies covered by the table if its peak is moved, in GeV.
    ///
    /// - Parameter peak: lg of the peak's energy in GeV.
    public func range(peak: Double) -> ClosedRange<Double> {
        let scale = scale(peak: peak)
        return energies[0] / scale...energies[energies.count - 1] / scale
    }

    /// s, by which energies are multiplied to find their place in the table.
    private func scale(peak: Double) -> Double { peakEnergy / Portable.exp10(peak) }

    /// dN/dE at an energy in GeV, relative to that at the peak.
    func value(atEnergy energy: Double, peak: Double) -> Double {
        max(density(at: energy * scale(peak: peak)), Self.floor)
    }

    /// The relative dN/dE at an energy of the table.
    private func density(at energy: Double) -> Double {
        let last = energies.count - 1
        if rule == .exact, energy < energies[0] || energy > energies[last] { return 0 }
        return line(piece(of: energy), at: energy)
    }

    /// The piece of the table that contains an energy; the first or the last one outside.
    private func piece(of energy: Double) -> Int {
        prefixCount(energies.count - 2) { energies[$0 + 1] <= energy }
    }

    private func line(_ piece: Int, at energy: Double) -> Double {
        let (low, high) = (energies[piece], energies[piece + 1])
        let fraction = (energy - low) / (high - low)
        return densities[piece] + fraction * (densities[piece + 1] - densities[piece])
    }

    /// The integral of the relative dN/dE over a range of lg(E/GeV), in GeV.
    func integral(fromLog10Energy lower: Double, toLog10Energy upper: Double, peak: Double) -> Double {
        rule == .exact ? exactIntegral(lower, upper, peak) : trapezoid(lower, upper, peak)
    }

    private func exactIntegral(_ lower: Double, _ upper: Double, _ peak: Double) -> Double {
        let scale = scale(peak: peak)
        let (low, high) = (Portable.exp10(lower) * scale, Portable.exp10(upper) * scale)
        var sum = 0.0
        // Pieces are added, since the difference of two cumulative sums would lose the digits of small integrals.
        if low < energies[energies.count - 1], high > energies[0] {
            for i in piece(of: low)...piece(of: high) {
                let (a, b) = (max(low, energies[i]), min(high, energies[i + 1]))
                if a < b { sum += 0.5 * (line(i, at: a) + line(i, at: b)) * (b - a) }
            }
        }
        return (sum + Self.floor * (high - low)) / scale
    }

    private func trapezoid(_ lower: Double, _ upper: Double, _ peak: Double) -> Double {
        let step = (upper - lower) / Double(Self.pointCount - 1)
        func integrand(_ i: Int) -> Double {
            let energy = Portable.exp10(i == Self.pointCount - 1 ? upper : lower + Double(i) * step)
            return value(atEnergy: energy, peak: peak) * energy
        }
        var sum = 0.5 * (integrand(0) + integrand(Self.pointCount - 1))
        for i in 1..<(Self.pointCount - 1) { sum += integrand(i) }
        return max(0, sum * step * 2.302585092994046)
    }
}
