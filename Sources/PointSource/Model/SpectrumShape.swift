import Numerics

/// The shape of an energy spectrum, besides its reference energy (docs/model.md, section 2).
public enum SpectrumShape: Sendable, Equatable {
    /// (E/E0)^−γ exp(−E/Ec), with γ and Ec of the ``EnergySpectrum``.
    case powerLaw
    /// (E/E0)^(−α − β ln(E/E0)).
    case logParabola(alpha: Double, beta: Double)
    case brokenPowerLaw(BrokenPowerLaw)
    /// A table whose peak of E² dN/dE lies at lg(E/GeV) = peak.
    case table(SpectrumTable, peak: Double)
}

/// (E/Eb)^−γ₁ [1 + (E/Eb)^(1/Δ)]^((γ₁ − γ₂) Δ): a power law with index γ₁ far below the break energy and γ₂ far above;
/// sharp for Δ = 0.
public struct BrokenPowerLaw: Sendable, Equatable {
    /// γ₁ and γ₂.
    public var lowIndex: Double
    public var highIndex: Double
    /// Eb in GeV, > 0.
    public var breakEnergy: Double
    /// Δ: the transition takes about this many e-foldings of the energy. 0, or from ``smallestSmoothness`` on.
    public var smoothness: Double

    public init(lowIndex: Double, highIndex: Double, breakEnergy: Double, smoothness: Double = 0) {
        self.lowIndex = lowIndex
        self.highIndex = highIndex
        self.breakEnergy = breakEnergy
        self.smoothness = smoothness
    }

    /// The smallest Δ above 0, so that a quadrature needs few pieces.
    public static let smallestSmoothness = 0.01

    /// The logarithm at x = ln(E/Eb).
    func logarithm(_ x: Double) -> Double {
        let difference = lowIndex - highIndex
        guard smoothness > 0 else { return -lowIndex * x + (x > 0 ? difference * x : 0) }
        let y = x / smoothness
        let softened = max(y, 0) + Portable.log1p(Portable.exp(-abs(y)))
        return -lowIndex * x + difference * smoothness * softened
    }
}
