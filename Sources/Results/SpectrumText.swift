import Console
import PointSource
import Settings

/// The injected spectrum for people and for other programs.
extension EnergySpectrum {
    /// The quantities of the spectrum besides E0: key of JSON, name in tables, value, and unit.
    private var quantities: [(key: String, name: String, value: Double, unit: String)] {
        switch shape {
        case .powerLaw:
            [("gamma", "gamma", gamma, "")]
                + (cutoffEnergy.isFinite ? [("ecut", "cutoff energy", cutoffEnergy, "GeV")] : [])
        case .logParabola(let alpha, let beta): [("alpha", "alpha", alpha, ""), ("beta", "beta", beta, "")]
        case .brokenPowerLaw(let law):
            [
                ("gamma1", "gamma1", law.lowIndex, ""), ("gamma2", "gamma2", law.highIndex, ""),
                ("ebreak", "break energy", law.breakEnergy, "GeV"), ("smoothness", "smoothness", law.smoothness, ""),
            ]
        case .table(_, let peak): [("peak", "peak", peak, "lg(E/GeV)")]
        }
    }

    /// "power-law", "cutoff", "log-parabola", "broken-power-law" or "table".
    var shapeName: String {
        switch shape {
        case .powerLaw: cutoffEnergy.isFinite ? "cutoff" : "power-law"
        case .logParabola: "log-parabola"
        case .brokenPowerLaw: "broken-power-law"
        case .table: "table"
        }
    }

    /// The spectrum in a line: "gamma 2, cutoff at 100 TeV", "log-parabola, alpha 2, beta 0.2".
    public var text: String {
        if isPowerLaw {
            let cutoff = cutoffEnergy.isFinite ? ", cutoff at \(NumberFormat.energy(cutoffEnergy))" : ""
            return "gamma \(NumberFormat.plain(gamma))\(cutoff)"
        }
        let values = quantities.map { quantity in
            quantity.unit == "GeV"
                ? "\(quantity.name) \(NumberFormat.energy(quantity.value))"
                : "\(quantity.name) \(NumberFormat.plain(quantity.value))"
                    + (quantity.unit.isEmpty ? "" : " in \(quantity.unit)")
        }
        return ([shapeName] + values).joined(separator: ", ")
    }

    /// Adds a line for the shape, unless it is a power law, and one for each quantity.
    func add(to table: inout Table) {
        if !isPowerLaw { table.add("spectrum", shapeName) }
        for quantity in quantities { table.add(quantity.name, NumberFormat.plain(quantity.value), quantity.unit) }
    }

    /// `shape`, its quantities, and `e0` in GeV, at which Phi0 is stated; of a power law `ecut`, too, null without a cutoff.
    var members: [JSONValue.Member] {
        let values = quantities.filter { $0.key != "ecut" }.map { JSONValue.Member($0.key, .number($0.value)) }
        return values + [.init("e0", .number(referenceEnergy))]
            + (isPowerLaw ? [.init("ecut", .number(cutoffEnergy))] : []) + [.init("shape", .string(shapeName))]
    }
}

extension Configuration {
    /// Adds the injected spectrum to a list of quantities.
    public func addSpectrum(to table: inout Table) { settings.spectrum.add(to: &table) }

    /// The injected spectrum: `shape` and its quantities.
    public var spectrumMembers: [JSONValue.Member] { settings.spectrum.members }

    /// The unit of the fitted parameter θ; empty for a spectral index.
    public var parameterUnit: String { settings.family == .powerLaw ? "" : "lg(E/GeV)" }

    /// Adds the cutoff of the fitted spectra to a list of quantities, if they have one.
    func addFittedCutoff(to table: inout Table) {
        let cutoff = settings.fittedSpectrum(settings.parameter.start).cutoffEnergy
        if cutoff.isFinite { table.add("cutoff energy", NumberFormat.plain(cutoff), "GeV") }
    }

    /// The unit of a fitted flux: "GeV^-1 cm^-2 s^-1 at 1000 GeV", or "at the peak".
    ///
    /// - Parameter parameter: θ of the fit.
    public func fittedFluxUnit(_ parameter: Double) -> String {
        let spectrum = settings.fittedSpectrum(parameter)
        return spectrum.isNormalisedAtPeak
            ? "\(SignalRange.fluxUnit) at the peak" : fluxUnit(at: spectrum.referenceEnergy)
    }

    /// "GeV^-1 cm^-2 s^-1 at 1000 GeV"
    func fluxUnit(at energy: Double) -> String { "\(SignalRange.fluxUnit) at \(NumberFormat.plain(energy)) GeV" }
}
