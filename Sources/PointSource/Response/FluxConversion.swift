import Diagnostics
import IceTracks
import Numerics

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

    init(_ dataset: Dataset) {
        self.init(name: dataset.name, effectiveArea: dataset.effectiveArea, livetimeSeconds: dataset.livetimeSeconds)
    }

    /// The same for a multiple of the livetime.
    func scaled(by factor: Double) -> DetectorResponse {
        DetectorResponse(name: name, effectiveArea: effectiveArea, livetimeSeconds: factor * livetimeSeconds)
    }
}

/// The expected numbers of events of the injected spectrum.
struct InjectedYields: Sendable {
    /// θ of the injected spectrum, if it belongs to the fitted family and lies within the fit's bounds.
    let parameter: Double?
    /// Y of each dataset in events / (GeV⁻¹ cm⁻² s⁻¹).
    let values: [Double]

    /// A member of the fitted family: its yields are those of the fit.
    init(parameter: Double, weights: DatasetWeights) {
        self.parameter = parameter
        values = weights.yields.map { $0.value(parameter: parameter) }
    }

    /// Another spectrum.
    init(values: [Double]) {
        parameter = nil
        self.values = values
    }

    /// The datasets' shares of the injected signal.
    func shares(_ weights: DatasetWeights) -> [Double] {
        if let parameter { return weights.values(parameter: parameter) }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
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
    let injected: InjectedYields

    init(weights: DatasetWeights, injectedFractions: [Double], injected: InjectedYields) {
        self.weights = weights
        self.injectedFractions = injectedFractions
        self.injected = injected
    }

    /// A conversion without an injection range.
    ///
    /// - Throws: `Fault` for invalid settings, an effective area that is zero everywhere, or a yield that is zero or
    ///   not finite.
    public init(responses: [DetectorResponse], source: Source, settings: AnalysisSettings) throws {
        try self.init(
            Self.yields(responses, settings), of: responses.map(\.name), source: source, settings: settings)
    }

    /// The yields of datasets at every declination, for the exposure of the settings.
    ///
    /// - Throws: as ``init(responses:source:settings:)``.
    static func yields(_ responses: [DetectorResponse], _ settings: AnalysisSettings) throws -> [YieldSplines] {
        try settings.check()
        let scale = try settings.exposureScale(livetimeDays: responses.reduce(0) { $0 + $1.livetimeSeconds } / 86400)
        return try responses.map { try YieldSplines($0.scaled(by: scale), settings: settings) }
    }

    /// A conversion without an injection range, from yields at every declination.
    ///
    /// - Parameter names: of the datasets.
    /// - Throws: as ``init(responses:source:settings:)``.
    init(_ yields: [YieldSplines], of names: [String], source: Source, settings: AnalysisSettings) throws {
        let grid = settings.grid
        weights = DatasetWeights(
            yields: try yields.map { try SignalYield($0, declination: source.declination, grid: grid) })
        injectedFractions = yields.map { _ in 1 }
        let spectrum = settings.injectedSpectrum
        if let parameter = settings.injectedParameter {
            injected = InjectedYields(parameter: parameter, weights: weights)
        } else {
            injected = InjectedYields(
                values: yields.compactMap { yields in
                    yields.injected.map { Portable.exp(yields.logarithm($0, declination: source.declination)) }
                })
        }
        guard isFinite else { throw spectrum.noSignal(in: names.joined(separator: ", ")) }
    }

    /// Whether the flux per event is finite and above 0.
    private var isFinite: Bool { fluxPerEvent().isFinite && fluxPerEvent() > 0 }

    /// The conversion for signal from an energy range.
    ///
    /// - Parameter fractions: c_j of each dataset.
    /// - Throws: `Fault` (usage) for a range without detected signal.
    func injecting(_ fractions: [Double]) throws(Fault) -> FluxConversion {
        let conversion = FluxConversion(weights: weights, injectedFractions: fractions, injected: injected)
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
    /// - Parameter gamma: θ of the fitted family, the spectral index or the peak in lg(E/GeV); nil for the injected
    ///   spectrum. The injection range enters at the injected θ only.
    public func fluxPerEvent(gamma: Double? = nil) -> Double {
        1 / eventsPerFlux(gamma: gamma).reduce(0.0, +)
    }

    /// The mean number of detected signal events of each dataset for a Phi0 of 1 GeV⁻¹ cm⁻² s⁻¹.
    ///
    /// - Parameter gamma: as for ``fluxPerEvent(gamma:)``.
    func eventsPerFlux(gamma: Double? = nil) -> [Double] {
        let isInjected = gamma == nil || gamma == injected.parameter
        let yields = gamma.map { gamma in weights.yields.map { $0.value(parameter: gamma) } } ?? injected.values
        return zip(injectedFractions, yields).map { fraction, yield in
            (isInjected ? fraction : 1) * yield
        }
    }

    /// Phi0 in GeV⁻¹ cm⁻² s⁻¹ for a mean number of detected signal events.
    public func flux(forEvents mean: Double, gamma: Double? = nil) -> Double { mean * fluxPerEvent(gamma: gamma) }

    /// The mean number of detected signal events for a Phi0 in GeV⁻¹ cm⁻² s⁻¹.
    public func events(forFlux normalisation: Double, gamma: Double? = nil) -> Double {
        normalisation / fluxPerEvent(gamma: gamma)
    }
}
