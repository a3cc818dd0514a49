import Console
import PointSource
import Settings

/// A mean number of signal events with its interval, as it is printed: in events, as the flux normalisation Phi0 at E0,
/// and as E0² Phi0.
public struct SignalRange {
    public let mu: Double
    public let low: Double
    /// Nil where trials do not bound it.
    public let high: Double?

    public init(mu: Double, low: Double, high: Double?) {
        self.mu = mu
        self.low = low
        self.high = high
    }

    public static let fluxUnit = "GeV^-1 cm^-2 s^-1"
    public static let energyFluxUnit = "TeV cm^-2 s^-1"

    /// "2.06 +0.04 -0.05"
    public var events: String { NumberFormat.value(mu, low: low, high: high ?? .infinity) }

    /// "(1.71 +0.04 -0.04)e-15", as multiples of a flux.
    public func flux(perEvent flux: Double) -> String {
        NumberFormat.flux(mu * flux, low: low * flux, high: (high ?? .infinity) * flux)
    }

    /// Adds its rows to a list of quantities.
    public func add(to table: inout Table, _ campaign: Campaign) {
        table.add("signal", events, "events")
        // Imported trials may come without a flux.
        guard campaign.fluxPerEvent.isFinite else { return }
        let energy = campaign.referenceEnergyText
        table.add("flux at \(energy)", flux(perEvent: campaign.fluxPerEvent), Self.fluxUnit)
        table.add("E² flux at \(energy)", flux(perEvent: campaign.energyFluxPerEvent), Self.energyFluxUnit)
    }

    /// The ends without the value, in some unit: "[1.97, 2.15]".
    public func ends(perEvent unit: Double = 1) -> String {
        let text = [low, high ?? .infinity].map { NumberFormat.significant($0 * unit, 4) }
        return "[\(text[0]), \(text[1])]"
    }

    /// `mu`, `flux_norm` and `e2_flux` with their ends.
    public func members(_ campaign: Campaign) -> [JSONValue.Member] {
        [.init("mu", .number(mu))] + ends("mu", 1)
            + [.init("flux_norm", .number(mu * campaign.fluxPerEvent))] + ends("flux", campaign.fluxPerEvent)
            + [.init("e2_flux", .number(mu * campaign.energyFluxPerEvent))]
            + ends("e2_flux", campaign.energyFluxPerEvent)
    }

    /// The ends in some unit: `mu_low` and `mu_high`; one that trials do not bound is null.
    func ends(_ name: String, _ unit: Double, suffix: String = "") -> [JSONValue.Member] {
        [
            .init("\(name)_low\(suffix)", .number(low * unit)),
            .init("\(name)_high\(suffix)", high.map { .number($0 * unit) } ?? .null),
        ]
    }
}

extension Campaign {
    /// Why there are no fluxes; nil where there are.
    public var missingFluxReason: String? {
        fluxPerEvent.isFinite
            ? nil : "the trials were imported without a flux: give --flux-per-event to trialmerge import"
    }

    /// E0² Phi0, in TeV cm⁻² s⁻¹, at which one signal event is expected; with a cutoff, what it is without.
    public var energyFluxPerEvent: Double {
        let energy = configuration.settings.spectrum.referenceEnergy
        return fluxPerEvent * energy * energy / 1000
    }
}
