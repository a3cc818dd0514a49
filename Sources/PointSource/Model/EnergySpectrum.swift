import Diagnostics
import Numerics

/// The energy profile of a source's flux: (E/E0)^−γ · exp(−E/Ec), dimensionless; Ec may be infinite.
///
/// The flux is Phi0 times this, Phi0 in GeV⁻¹ cm⁻² s⁻¹ (docs/model.md, section 2).
public struct EnergySpectrum: Sendable, Equatable {
    /// Spectral index γ.
    public var gamma: Double
    /// Reference energy E0 in GeV, > 0.
    public var referenceEnergy: Double
    /// Cutoff energy Ec in GeV, > 0; +∞ for a pure power law.
    public var cutoffEnergy: Double

    public init(gamma: Double, referenceEnergy: Double = 1000, cutoffEnergy: Double = .infinity) {
        self.gamma = gamma
        self.referenceEnergy = referenceEnergy
        self.cutoffEnergy = cutoffEnergy
    }

    /// The same profile with another spectral index.
    public func with(gamma: Double) -> EnergySpectrum {
        EnergySpectrum(gamma: gamma, referenceEnergy: referenceEnergy, cutoffEnergy: cutoffEnergy)
    }

    /// The profile at an energy in GeV.
    public func value(atEnergy energy: Double) -> Double {
        let power = Portable.pow(energy / referenceEnergy, -gamma)
        return cutoffEnergy.isFinite ? power * Portable.exp(-energy / cutoffEnergy) : power
    }

    /// The integral over an energy range given by its ends in lg(E/GeV), in GeV.
    ///
    /// Analytic for a power law. With a cutoff: the trapezoid rule on 5000 points that are equidistant in lg E, as in
    /// SkyLLH, so that yields agree.
    public func integral(fromLog10Energy lower: Double, toLog10Energy upper: Double) -> Double {
        if cutoffEnergy.isFinite { return trapezoid(lower, upper) }
        let (low, high) = (Portable.exp10(lower), Portable.exp10(upper))
        if gamma == 1 { return referenceEnergy * Portable.log(high / low) }
        let exponent = 1 - gamma
        return Portable.pow(referenceEnergy, gamma) / exponent
            * (Portable.pow(high, exponent) - Portable.pow(low, exponent))
    }

    private func trapezoid(_ lower: Double, _ upper: Double) -> Double {
        let points = 5000
        let step = (upper - lower) / Double(points - 1)
        func integrand(_ i: Int) -> Double {
            let energy = Portable.exp10(i == points - 1 ? upper : lower + Double(i) * step)
            return value(atEnergy: energy) * energy
        }
        var sum = 0.5 * (integrand(0) + integrand(points - 1))
        for i in 1..<(points - 1) { sum += integrand(i) }
        return max(0, sum * step * 2.302585092994046)
    }
}

extension EnergySpectrum {
    /// The fault for a spectrum whose expected number of events in a dataset is not finite and positive.
    func noSignal(in dataset: String) -> Fault {
        let isCut = cutoffEnergy.isFinite
        return Fault(
            .usage, at: .field(isCut ? "flux.ecut" : "flux.e0"),
            "with \(isCut ? "a cutoff at \(shortest(cutoffEnergy))" : "the reference energy \(shortest(referenceEnergy))") GeV "
                + "the number of signal events expected in \(dataset) is zero or not finite",
            remedy: isCut
                ? "give a cutoff within the energies of the release, such as 1e5"
                : "give a reference energy within the energies of the release, such as 1000")
    }
}
