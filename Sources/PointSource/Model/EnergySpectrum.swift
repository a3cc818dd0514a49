import Diagnostics
import Numerics

/// The energy profile of a source's flux, dimensionless; the flux is Phi0 times this, Phi0 in GeV⁻¹ cm⁻² s⁻¹
/// (docs/model.md, section 2).
///
/// Phi0 is the flux at the reference energy E0; with a cutoff, where it is the flux without the cutoff's factor.
public struct EnergySpectrum: Sendable, Equatable {
    public var shape = SpectrumShape.powerLaw
    /// Spectral index γ of a power law.
    public var gamma: Double
    /// Ec in GeV, > 0, of a power law with a cutoff; +∞ for a pure power law.
    public var cutoffEnergy: Double
    /// E0 if it was given.
    private var givenReferenceEnergy: Double?

    /// A power law, possibly with a cutoff.
    public init(gamma: Double, referenceEnergy: Double = 1000, cutoffEnergy: Double = .infinity) {
        self.gamma = gamma
        givenReferenceEnergy = referenceEnergy == Self.standardReferenceEnergy ? nil : referenceEnergy
        self.cutoffEnergy = cutoffEnergy
    }

    /// - Parameter referenceEnergy: in GeV; nil for the default, which is 1 TeV, or the peak of a table.
    public init(shape: SpectrumShape, referenceEnergy: Double? = nil) {
        self.init(gamma: 2)
        self.shape = shape
        givenReferenceEnergy = referenceEnergy
    }

    private static let standardReferenceEnergy = 1000.0

    /// Reference energy E0 in GeV, > 0: 1 TeV unless it is set, and the peak's energy for a table.
    public var referenceEnergy: Double {
        get {
            if let givenReferenceEnergy { return givenReferenceEnergy }
            if case .table(_, let peak) = shape { return Portable.exp10(peak) }
            return Self.standardReferenceEnergy
        }
        set { givenReferenceEnergy = newValue }
    }

    /// Whether E0 is the moving peak of a table.
    public var isNormalisedAtPeak: Bool {
        if case .table = shape { givenReferenceEnergy == nil } else { false }
    }

    /// Whether this is a power law, with or without a cutoff.
    public var isPowerLaw: Bool { shape == .powerLaw }

    /// The same power law with another spectral index.
    public func with(gamma: Double) -> EnergySpectrum {
        var spectrum = self
        spectrum.gamma = gamma
        return spectrum
    }

    public static func == (one: EnergySpectrum, other: EnergySpectrum) -> Bool {
        one.shape == other.shape && one.gamma == other.gamma && one.referenceEnergy == other.referenceEnergy
            && one.cutoffEnergy == other.cutoffEnergy && one.isNormalisedAtPeak == other.isNormalisedAtPeak
    }

    /// The profile at an energy in GeV.
    public func value(atEnergy energy: Double) -> Double {
        switch shape {
        case .powerLaw:
            let power = Portable.pow(energy / referenceEnergy, -gamma)
            return cutoffEnergy.isFinite ? power * Portable.exp(-energy / cutoffEnergy) : power
        case .logParabola, .brokenPowerLaw:
            return Portable.exp(logarithm(Portable.log(energy / referenceEnergy)))
        case .table(let table, let peak):
            return table.value(atEnergy: energy, peak: peak) / tableNorm(table, peak)
        }
    }

    /// The integral over an energy range given by its ends in lg(E/GeV), in GeV.
    ///
    /// Analytic for a power law, also with a sharp break, and for a table. With a cutoff: the trapezoid rule on 5000
    /// points that are equidistant in lg E, as in SkyLLH, so that yields agree. A log-parabola and a smooth break: a
    /// Gauss-Legendre rule, to a relative 1e−12.
    public func integral(fromLog10Energy lower: Double, toLog10Energy upper: Double) -> Double {
        switch shape {
        case .powerLaw:
            return cutoffEnergy.isFinite ? trapezoid(lower, upper) : powerLawIntegral(gamma, lower, upper)
        case .brokenPowerLaw(let law) where law.smoothness == 0:
            return sharpIntegral(law, lower, upper)
        case .logParabola(let alpha, let beta):
            // The integrand, a Gaussian in ln E, changes by at most four e-foldings in a piece.
            let ends = [lower, upper].map { $0 * Self.decade - Portable.log(referenceEnergy) }
            let steepest = ends.map { abs(1 - alpha - 2 * beta * $0) }.reduce(1, max)
            return quadrature(lower, upper, largestPiece: min(0.5, 4 / steepest))
        case .brokenPowerLaw(let law):
            // The integrand's poles lie at π Δ from the real axis of ln E.
            return quadrature(lower, upper, largestPiece: min(0.5, 2 * law.smoothness))
        case .table(let table, let peak):
            return table.integral(fromLog10Energy: lower, toLog10Energy: upper, peak: peak) / tableNorm(table, peak)
        }
    }

    private func powerLawIntegral(_ gamma: Double, _ lower: Double, _ upper: Double) -> Double {
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
    /// ln 10.
    private static let decade = 2.302585092994046
    /// The nodes and weights on [−1, 1]; an order of 20 is valid.
    private static let rule = try? GaussLegendre(order: 20)

    /// ln of the profile of a log-parabola or a broken power law at x = ln(E/E0).
    private func logarithm(_ x: Double) -> Double {
        switch shape {
        case .logParabola(let alpha, let beta): return -x * (alpha + beta * x)
        case .brokenPowerLaw(let law):
            let distance = Portable.log(referenceEnergy / law.breakEnergy)
            return law.logarithm(x + distance) - law.logarithm(distance)
        case .powerLaw, .table: return .nan
        }
    }

    /// ∫ E exp(logarithm) d ln E in equal pieces, from the rule's 20 nodes each.
    ///
    /// - Parameter largestPiece: in ln E.
    private func quadrature(_ lower: Double, _ upper: Double, largestPiece: Double) -> Double {
        guard let rule = Self.rule, lower < upper else { return 0 }
        let start = Portable.log(referenceEnergy)
        let (low, high) = (lower * Self.decade - start, upper * Self.decade - start)
        let count = max(1, Int(((high - low) / largestPiece).rounded(.up)))
        let half = 0.5 * (high - low) / Double(count)
        var sum = 0.0
        for piece in 0..<count {
            let centre = low + Double(2 * piece + 1) * half
            for (node, weight) in zip(rule.nodes, rule.weights) {
                let x = centre + half * node
                sum += weight * Portable.exp(x + logarithm(x))
            }
        }
        return sum * half * referenceEnergy
    }

    /// The two power laws on either side of a sharp break, normalised at E0.
    private func sharpIntegral(_ law: BrokenPowerLaw, _ lower: Double, _ upper: Double) -> Double {
        let place = Portable.log10(law.breakEnergy)
        let distance = Portable.log(referenceEnergy / law.breakEnergy)
        // The power law that is not that of E0 meets it at the break.
        let factor = Portable.exp((law.highIndex - law.lowIndex) * abs(distance))
        let (low, high) = distance > 0 ? (factor, 1.0) : (1.0, factor)
        var sum = 0.0
        if lower < place { sum += low * powerLawIntegral(law.lowIndex, lower, min(upper, place)) }
        if upper > place { sum += high * powerLawIntegral(law.highIndex, max(lower, place), upper) }
        return sum
    }

    /// The table's profile at the reference energy; 1 at its peak.
    private func tableNorm(_ table: SpectrumTable, _ peak: Double) -> Double {
        isNormalisedAtPeak ? 1 : table.value(atEnergy: referenceEnergy, peak: peak)
    }
}

extension EnergySpectrum {
    /// The fault for a spectrum whose expected number of events in a dataset is not finite and positive.
    func noSignal(in dataset: String) -> Fault {
        let isCut = isPowerLaw && cutoffEnergy.isFinite
        let (field, what, remedy) =
            switch shape {
            case .powerLaw where isCut:
                (
                    "flux.ecut", "a cutoff at \(shortest(cutoffEnergy)) GeV",
                    "give a cutoff within the energies of the release, such as 1e5"
                )
            case .powerLaw:
                (
                    "flux.e0", "the reference energy \(shortest(referenceEnergy)) GeV",
                    "give a reference energy within the energies of the release, such as 1000"
                )
            case .logParabola: ("flux.alpha", "this log-parabola", "give smaller alpha and beta")
            case .brokenPowerLaw: ("flux.gamma1", "this broken power law", "give smaller indices")
            case .table: ("flux.table", "this table", "give a spectrum within the energies of the release")
            }
        return Fault(
            .usage, at: .field(field),
            "with \(what) the number of signal events expected in \(dataset) is zero or not finite", remedy: remedy)
    }
}
