import Console
import Diagnostics
import PointSource
import Settings

extension Campaign {
    private var spectrum: EnergySpectrum { configuration.settings.spectrum }

    /// One line with the source and spectrum of the trials, and what their TS is if there are several sources.
    public var line: String {
        switch configuration.search {
        case .catalogue: sourceLine + ", TS of the hottest source"
        case .sky: sourceLine + ", TS of the hottest place"
        case .source, .stack: sourceLine
        }
    }

    /// One line with the source and spectrum of the trials.
    public var sourceLine: String {
        let name = configuration.source.name.isEmpty ? "source" : configuration.source.name
        let (ra, dec) = (configuration.rightAscensionDegrees, configuration.declinationDegrees)
        let source =
            configuration.listTitle
            ?? "\(name) at ra \(NumberFormat.plain(ra))°, dec \(NumberFormat.plain(dec))°"
        var line = "\(source), \(configuration.sample.name)"
        if configuration.injectsSignal { line += ", \(spectrum.text)" }
        if configuration.sky != nil, configuration.injectsSignal {
            let places = configuration.sources.enumerated().filter { configuration.injectionWeights[$0.offset] > 0 }
            line +=
                places.count == 1
                ? ", signal at \(places[0].element.source.name)" : ", signal at \(places.count) places"
        }
        let settings = configuration.settings
        if settings.parameter.isFixed {
            line += ", fitted with \(settings.parameter.label) = \(NumberFormat.plain(settings.parameter.start))"
        } else if settings.injectedParameter == nil {
            line += ", fitted with free \(settings.parameter.label)"
        }
        if let energies = injectedEnergiesText { line += ", true energies \(energies)" }
        let null = configuration.settings.nullSignal
        if null > 0 { line += ", null hypothesis with \(NumberFormat.plain(null)) signal events" }
        if let exposure = configuration.exposureText { line += ", exposure \(exposure)" }
        return line.withoutControls
    }

    /// The energy at which flux normalisations are given: "1 TeV".
    public var referenceEnergyText: String { NumberFormat.energy(spectrum.referenceEnergy) }

    /// Why there are no fluxes; nil if there are.
    public var missingFluxReason: String? {
        if !configuration.injectsSignal { return "a search of the sky without sources injects no signal" }
        return fluxPerEvent.isFinite
            ? nil : "the trials were imported without a flux: give --flux-per-event to trialmerge import"
    }

    /// E² Φ(E), in TeV cm⁻² s⁻¹, for which one signal event is expected, in the shape of the spectrum.
    ///
    /// - Parameter energy: in GeV; nil for E0.
    public func energyFluxPerEvent(at energy: Double? = nil) -> Double {
        let energy = energy ?? spectrum.referenceEnergy
        return fluxPerEvent * energy * energy * spectrum.value(atEnergy: energy) / 1000
    }

    /// `flux_per_event`, why it is missing, and the spectrum to which it belongs: energies in GeV, null for no cutoff.
    var fluxMembers: [JSONValue.Member] {
        [
            .init("flux_per_event", .number(fluxPerEvent)), .init("flux_reason", .string(missingFluxReason)),
        ] + spectrum.members + energyMembers
    }
}
