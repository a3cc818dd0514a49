import Diagnostics
import IceTracks

/// Everything that defines an analysis besides the data and the source.
public struct AnalysisSettings: Sendable, Equatable {
    /// The spectrum of the injected signal: the reference for distributing events over datasets and for conversions
    /// between events and flux.
    public var spectrum = EnergySpectrum(gamma: 2)
    /// The spectra that are fitted.
    public var family = SpectrumFamily.powerLaw
    /// Bounds and starting value of the number of signal events n_s.
    public var signalEvents = FitParameter(name: "fit.ns", start: 10, minimum: 0, maximum: 1000)
    /// Bounds and starting value of the spectral index γ, for a family of power laws.
    public var gamma = FitParameter(name: "fit.gamma", start: 3, minimum: 1, maximum: 4)
    /// Bounds and starting value of the peak in lg(E/GeV), for a family of tables.
    public var peak = FitParameter(name: "fit.peak", start: 3, minimum: 1.06, maximum: 10.06)
    /// Half-width of the box around the source whose events are evaluated with their densities, in radians.
    public var boxHalfWidth = Angle.radians(fromDegrees: 10)
    /// The range of true energies, in GeV, from which signal is injected; nil for all.
    public var injectionRange: EnergyRange?
    /// Whether the number of injected events follows a Poisson distribution; otherwise it is the rounded mean.
    public var poissonInjection = true
    public var compatibility = Compatibility.none
    /// Background events whose density ratio is below this value for every θ enter only by their expectation, and weak
    /// events are summed; `docs/model.md`, sections 5 and 6, has the resulting bounds on TS. In [0, 0.001]; 0 for no
    /// approximation.
    public var negligibleRatio = 5e-5
    /// The number of signal events under the null hypothesis, SkyLLH's `mean_n_sig_0`: TS compares the maximum of ln Λ
    /// with its maximum over γ at this n_s. 0 for a search.
    public var nullSignal = 0.0
    /// The exposure of trials; nil for that of the data.
    public var exposure: Exposure?

    public init() {}
}

extension AnalysisSettings {
    /// Known bugs to reproduce (docs/model.md, section 9).
    public enum Compatibility: String, Sendable, CaseIterable {
        /// None.
        case none
        /// SkyLLH 26.1: the yield spline, whose axis is the declination, is evaluated at the sine of the declination, and
        /// tabulated spectra are integrated by a coarse rule (``SpectrumTable/Rule/skyllh26_1``).
        case skyllh26_1 = "skyllh-26.1"
    }

    /// A range of energies in GeV, 0 < lower < upper.
    public struct EnergyRange: Sendable, Equatable {
        public let lower: Double
        public let upper: Double

        /// - Throws: `Fault` (usage) unless 0 < lower < upper.
        public init(lower: Double, upper: Double) throws {
            guard lower > 0, lower < upper, upper.isFinite else {
                throw Fault(
                    .usage, at: .field("injection.energy_range"),
                    "the energy range \(shortest(lower)) to \(shortest(upper)) GeV is not valid",
                    remedy: "give two energies in GeV, 0 < LO < HI, as in --energy-range 1000 1e6")
            }
            self.lower = lower
            self.upper = upper
        }
    }

    /// A parameter of the fit.
    public struct FitParameter: Sendable, Equatable {
        /// The configuration key, for messages.
        public let name: String
        public var start: Double
        public var minimum: Double
        public var maximum: Double

        public init(name: String, start: Double, minimum: Double, maximum: Double) {
            self.name = name
            self.start = start
            self.minimum = minimum
            self.maximum = maximum
        }

        /// A parameter that is not fitted.
        public init(name: String, fixed value: Double) {
            self.init(name: name, start: value, minimum: value, maximum: value)
        }

        /// Whether the parameter is fixed: its bounds are equal.
        public var isFixed: Bool { minimum == maximum }

        /// The last part of ``name``, for tables, columns and keys of JSON: "gamma" or "peak".
        public var label: String { name.split(separator: ".").last.map(String.init) ?? name }
        /// For figures: "γ" or "lg E".
        public var symbol: String { label == "gamma" ? "γ" : label == "peak" ? "lg E" : label }
        /// In words.
        public var meaning: String {
            label == "gamma" ? "spectral index" : label == "peak" ? "peak energy" : label
        }

        func check() throws {
            guard minimum <= maximum, minimum.isFinite, maximum.isFinite else {
                throw Fault(
                    .usage, at: .field(name),
                    "the bounds \(shortest(minimum)) to \(shortest(maximum)) are reversed or empty",
                    remedy: "give min < max")
            }
            guard start >= minimum, start <= maximum else {
                throw Fault(
                    .usage, at: .field(name + ".seed"),
                    "\(shortest(start)) lies outside the bounds \(shortest(minimum)) to \(shortest(maximum))",
                    remedy: "choose a start value inside them")
            }
        }
    }

    /// The valid range of spectral indices in a fit.
    public static let gammaRange = -10.0...20.0
    /// The valid range of the peak of a tabulated spectrum, in lg(E/GeV).
    public static let peakRange = -5.0...15.0

    /// The valid range of the fitted parameter θ.
    private var parameterRange: ClosedRange<Double> {
        switch family {
        case .powerLaw: Self.gammaRange
        case .table: Self.peakRange
        }
    }

    /// - Throws: `Fault` (usage) naming the first invalid field.
    public func check() throws {
        try signalEvents.check()
        guard !signalEvents.isFixed else {
            throw Fault(
                .usage, at: .field(signalEvents.name),
                "the bounds \(shortest(signalEvents.minimum)) to \(shortest(signalEvents.maximum)) leave nothing to fit",
                remedy: "give min < max; only the other parameter can be fixed, as in fit: {gamma: 2}")
        }
        let parameter = parameter
        try parameter.check()
        func positive(_ value: Double, _ field: String, _ unit: String) throws {
            guard value > 0 else {
                throw Fault(
                    .usage, at: .field(field), "\(shortest(value)) is not a positive number",
                    remedy: "give it in \(unit)")
            }
        }
        try positive(spectrum.referenceEnergy, "flux.e0", "GeV")
        try positive(spectrum.cutoffEnergy, "flux.ecut", "GeV")
        try positive(boxHalfWidth, "box.delta_angle", "degrees")
        guard parameterRange.contains(parameter.minimum...parameter.maximum) else {
            throw Fault(
                .usage, at: .field(parameter.name),
                "the bounds \(shortest(parameter.minimum)) to \(shortest(parameter.maximum)) exceed the allowed range "
                    + "\(shortest(parameterRange.lowerBound)) to \(shortest(parameterRange.upperBound))",
                remedy: "choose bounds such as 1 to 4")
        }
        guard signalEvents.minimum >= 0 else {
            throw Fault(
                .usage, at: .field("fit.ns.min"), "\(shortest(signalEvents.minimum)) is negative",
                remedy: "the number of signal events is fitted from 0 upwards")
        }
        guard nullSignal == 0 || (nullSignal >= signalEvents.minimum && nullSignal <= signalEvents.maximum) else {
            throw Fault(
                .usage, at: .field("fit.mean_n_sig_0"),
                "\(shortest(nullSignal)) lies outside the fit's bounds \(shortest(signalEvents.minimum)) to "
                    + "\(shortest(signalEvents.maximum)) of n_s",
                remedy: "choose another null hypothesis, or widen fit.ns")
        }
        // A fit with a fixed parameter may differ from what is injected; of a free one it is more likely a mistake.
        let (injected, key) = injectedCoordinate
        if let injected, injectedParameter == nil, !parameter.isFixed {
            throw Fault(
                .usage, at: .field(key),
                "\(shortest(injected)) lies outside the fit range \(shortest(parameter.minimum)) to \(shortest(parameter.maximum)) "
                    + "of \(parameter.label)",
                remedy: "choose another \(parameter.label) or widen \(parameter.name)")
        }
        try checkSpectrum()
        guard negligibleRatio >= 0, negligibleRatio <= 1e-3 else {
            throw Fault(
                .usage, at: .field("box.negligible_ratio"), "\(shortest(negligibleRatio)) is outside [0, 0.001]",
                remedy: "leave it at its default 5e-5")
        }
    }
    /// - Throws: `Fault` (usage) for invalid numbers of the injected shape.
    private func checkSpectrum() throws(Fault) {
        func check(_ value: Double, _ key: String, _ range: ClosedRange<Double>) throws(Fault) {
            guard range.contains(value) else {
                throw Fault(
                    .usage, at: .field(key), "\(shortest(value)) is out of range",
                    remedy: "give a number from \(shortest(range.lowerBound)) to \(shortest(range.upperBound))")
            }
        }
        switch spectrum.shape {
        case .powerLaw: return
        case .logParabola(let alpha, let beta):
            try check(alpha, "flux.alpha", Self.gammaRange)
            try check(beta, "flux.beta", -5...5)
        case .brokenPowerLaw(let law):
            try check(law.lowIndex, "flux.gamma1", Self.gammaRange)
            try check(law.highIndex, "flux.gamma2", Self.gammaRange)
            try check(law.breakEnergy, "flux.ebreak", 1e-3...1e15)
            if law.smoothness != 0 {
                try check(law.smoothness, "flux.smoothness", BrokenPowerLaw.smallestSmoothness...10)
            }
        case .table(let table, let peak):
            try check(peak, "flux.peak", Self.peakRange)
            let range = table.range(peak: peak)
            guard spectrum.isNormalisedAtPeak || range.contains(spectrum.referenceEnergy) else {
                throw Fault(
                    .usage, at: .field("flux.e0"),
                    "\(shortest(spectrum.referenceEnergy)) GeV lies outside the spectrum's \(shortest(range.lowerBound)) to "
                        + "\(shortest(range.upperBound)) GeV, so that its flux there is 0",
                    remedy: "choose an energy inside, or leave it out to state the flux at the peak")
            }
        }
    }
}
