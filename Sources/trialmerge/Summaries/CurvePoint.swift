import Console
import Diagnostics
import Inference
import PointSource
import Results
import Settings

/// A campaign as a point of a curve: what it could see.
struct CurvePoint {
    let campaign: Campaign
    let files: [String]
    let backgroundTrials: Int
    let signalTrials: Int
    /// For each quantity the signal, or why there is none.
    let signals: [Result<DetectableSignal, Fault>]
    /// For each quantity what whoever quotes the number must know.
    let warnings: [[String]]

    var description: PointDescription { PointDescription(nil, campaign.configuration) }

    private var spectrum: EnergySpectrum { campaign.configuration.settings.spectrum }

    /// The energy in GeV at which E² Phi is quoted: the middle, in lg E, of the injected energies; E0 if they are not
    /// restricted.
    var quotedEnergy: Double {
        campaign.configuration.settings.injectionRange.map { ($0.lower * $0.upper).squareRoot() }
            ?? spectrum.referenceEnergy
    }

    /// Phi0 in GeV⁻¹ cm⁻² s⁻¹ of a mean number of events.
    func flux(_ mu: Double) -> Double { mu * campaign.fluxPerEvent }

    /// E² Phi(E) at ``quotedEnergy``, in TeV cm⁻² s⁻¹.
    func energyFlux(_ mu: Double) -> Double {
        let energy = quotedEnergy
        return 1e-3 * energy * energy * flux(mu) * spectrum.value(atEnergy: energy)
    }

    /// Order of the rows: by declination, then gamma, then energies.
    static func precedes(_ one: CurvePoint, _ other: CurvePoint) -> Bool {
        func key(_ point: CurvePoint) -> [Double] {
            let (configuration, description) = (point.campaign.configuration, point.description)
            let energies: [Double] = description.energyRange.map { [$0.lower, $0.upper] } ?? [0, 0]
            return [configuration.declinationDegrees, description.gamma] + energies + [description.rightAscension]
        }
        return key(one).lexicographicallyPrecedes(key(other))
    }
}

extension CurvePoint {
    /// The numbers of a quantity by name, in a fixed order; nil for what there is not.
    ///
    /// Fluxes are normalisations at E0 in GeV⁻¹ cm⁻² s⁻¹, `e2_flux` is E² Phi at `e2_energy` (GeV) in TeV cm⁻² s⁻¹.
    func numbers(of signal: Result<DetectableSignal, Fault>) -> [(name: String, value: Double?)] {
        let found = try? signal.get()
        let mu = [("", found?.mu), ("_low", found?.muLow), ("_high", found?.muHigh)]
        return mu.map { ("mu" + $0, $1) } + mu.map { ($0.isEmpty ? "flux_norm" : "flux" + $0, $1.map(flux)) }
            + mu.map { ("e2_flux" + $0, $1.map(energyFlux)) } + [
                ("ts_threshold", found?.threshold.value), ("ts_threshold_low", found?.threshold.low),
                ("ts_threshold_high", found?.threshold.high),
            ]
    }
}
