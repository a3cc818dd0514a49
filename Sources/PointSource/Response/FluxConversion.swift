import Diagnostics
import IceTracks

/// What determines the signal in a dataset: its name, effective area and livetime in seconds.
public struct DetectorResponse: Sendable {
    public let name: String
    public let effectiveArea: EffectiveArea
    public let livetimeSeconds: Double

    public init(name: String, effectiveArea: EffectiveArea, livetimeSeconds: Double) {
        self.name = name
        self.effectiveArea = effectiveArea
        self.livetimeSeconds = livetimeSeconds
    }

    /// The same for a multiple of the livetime.
    func scaled(by factor: Double) -> DetectorResponse {
        DetectorResponse(name: name, effectiveArea: effectiveArea, livetimeSeconds: factor * livetimeSeconds)
    }
}

/// Converts between mean numbers of detected signal events and flux normalisations (docs/model.md, section 3).
///
/// It only needs effective areas and livetimes, so it can also be made without any events.
public struct FluxConversion: Sendable {
    /// Signal yields, and the datasets' shares derived from them.
    public let weights: DatasetWeights
    /// c_j: the fraction of each dataset's signal inside the injection's energy range.
    let injectedFractions: [Double]
    let referenceGamma: Double

    init(weights: DatasetWeights, injectedFractions: [Double], referenceGamma: Double) {
        self.weights = weights
        self.injectedFractions = injectedFractions
        self.referenceGamma = referenceGamma
    }

    /// A conversion without an injection range.
    ///
    /// - Throws: `Fault` for invalid settings, an effective area that is zero everywhere, or a yield that is zero or
    ///   not finite.
    public init(responses: [DetectorResponse], source: Source, settings: AnalysisSettings) throws {
        try settings.check()
        let grid = GammaGrid(minimum: settings.gamma.minimum, maximum: settings.gamma.maximum)
        let scale = try settings.exposureScale(livetimeDays: responses.reduce(0) { $0 + $1.livetimeSeconds } / 86400)
        weights = DatasetWeights(
            yields: try responses.map { $0.scaled(by: scale) }.map { response in
                try SignalYield(
                    response: response, declination: source.declination, spectrum: settings.spectrum, grid: grid,
                    compatibility: settings.compatibility)
            })
        injectedFractions = responses.map { _ in 1 }
        referenceGamma = settings.spectrum.gamma
        guard isFinite else { throw settings.spectrum.noSignal(in: responses.map(\.name).joined(separator: ", ")) }
    }

    /// Whether the flux per event is finite and above 0.
    private var isFinite: Bool { fluxPerEvent().isFinite && fluxPerEvent() > 0 }

    /// The conversion for signal from an energy range.
    ///
    /// - Parameter fractions: c_j of each dataset.
    /// - Throws: `Fault` (usage) for a range without detected signal.
    func injecting(_ fractions: [Double]) throws(Fault) -> FluxConversion {
        let conversion = FluxConversion(
            weights: weights, injectedFractions: fractions, referenceGamma: referenceGamma)
        guard conversion.isFinite else {
            throw Fault(
                .usage, at: .field("injection.energy_range"), "no signal is detected from this range of energies",
                remedy: "choose another range")
        }
        return conversion
    }

    /// The flux normalisation Phi0 at E0, in GeV⁻¹ cm⁻² s⁻¹, for which one signal event is expected in all datasets
    /// together.
    ///
    /// - Parameter gamma: spectral index; nil for the injected spectrum's. The injection range enters at this index
    ///   only.
    public func fluxPerEvent(gamma: Double? = nil) -> Double {
        1 / eventsPerFlux(gamma: gamma).reduce(0.0, +)
    }

    /// The mean number of detected signal events of each dataset for a Phi0 of 1 GeV⁻¹ cm⁻² s⁻¹.
    ///
    /// - Parameter gamma: as for ``fluxPerEvent(gamma:)``.
    func eventsPerFlux(gamma: Double? = nil) -> [Double] {
        let gamma = gamma ?? referenceGamma
        return zip(injectedFractions, weights.yields).map { fraction, yield in
            (gamma == referenceGamma ? fraction : 1) * yield.value(gamma: gamma)
        }
    }

    /// Phi0 in GeV⁻¹ cm⁻² s⁻¹ for a mean number of detected signal events.
    public func flux(forEvents mean: Double, gamma: Double? = nil) -> Double { mean * fluxPerEvent(gamma: gamma) }

    /// The mean number of detected signal events for a Phi0 in GeV⁻¹ cm⁻² s⁻¹.
    public func events(forFlux normalisation: Double, gamma: Double? = nil) -> Double {
        normalisation / fluxPerEvent(gamma: gamma)
    }
}
