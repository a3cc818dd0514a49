import Console
import Inference
import PointSource
import Settings

/// A mean number of signal events with its interval, for printing: in events, as the flux normalisation Phi0 at E0, and
/// as E² Phi.
public struct SignalRange {
    public let mu: Double
    public let low: Double
    /// Nil if the trials do not bound it.
    public let high: Double?

    public init(mu: Double, low: Double, high: Double?) {
        self.mu = mu
        self.low = low
        self.high = high
    }

    public init(_ signal: DetectableSignal) { self.init(mu: signal.mu, low: signal.muLow, high: signal.muHigh) }

    public init(_ limit: UpperLimit) { self.init(mu: limit.mu, low: limit.muLow, high: limit.muHigh) }

    public static let fluxUnit = "GeV^-1 cm^-2 s^-1"
    public static let energyFluxUnit = "TeV cm^-2 s^-1"

    /// "2.06 +0.04 -0.05"
    public var events: String { NumberFormat.value(mu, low: low, high: high ?? .infinity) }

    /// "(1.71 +0.04 -0.04)e-15", as multiples of a flux; "-" for an unknown flux.
    public func flux(perEvent flux: Double) -> String {
        // Imported trials may lack a flux.
        guard flux.isFinite else { return "-" }
        return NumberFormat.flux(mu * flux, low: low * flux, high: (high ?? .infinity) * flux)
    }

    /// Adds its rows to a list of quantities.
    public func add(to table: inout Table, _ campaign: Campaign) {
        table.add("signal", events, "events")
        guard campaign.fluxPerEvent.isFinite else { return }
        let energy = campaign.referenceEnergyText
        table.add("flux at \(energy)", flux(perEvent: campaign.fluxPerEvent), Self.fluxUnit)
        table.add("E² flux at \(energy)", flux(perEvent: campaign.energyFluxPerEvent()), Self.energyFluxUnit)
    }

    /// The ends without the value, in some unit: "[1.97, 2.15]".
    public func ends(perEvent unit: Double = 1) -> String {
        let text = [low, high ?? .infinity].map { NumberFormat.significant($0 * unit, 4) }
        return "[\(text[0]), \(text[1])]"
    }

    /// `mu`, `flux_norm` and `e2_flux` with their ends.
    ///
    /// - Parameter energy: the energy of E² Phi in GeV; nil for E0.
    public func members(_ campaign: Campaign, at energy: Double? = nil) -> [JSONValue.Member] {
        let quantities = [
            ("mu", "mu", 1), ("flux_norm", "flux", campaign.fluxPerEvent),
            ("e2_flux", "e2_flux", campaign.energyFluxPerEvent(at: energy)),
        ]
        return quantities.flatMap { [.init($0, .number(mu * $2))] + ends($1, $2) }
    }

    /// The ends in some unit: `mu_low` and `mu_high`; an end that the trials do not bound is null.
    func ends(_ name: String, _ unit: Double, suffix: String = "") -> [JSONValue.Member] {
        [
            .init("\(name)_low\(suffix)", .number(low * unit)),
            .init("\(name)_high\(suffix)", .number(high.map { $0 * unit })),
        ]
    }
}

extension Threshold {
    /// "25.9 +3.7 -2.8"; a threshold inside the spike at 0 has no error.
    public var text: String {
        low == high ? NumberFormat.plain(value) : NumberFormat.value(value, low: low, high: high)
    }

    /// `value`, `low`, `high` and `method`; for weighted trials also their diagnostics.
    var members: [JSONValue.Member] {
        [
            .init("value", .number(value)), .init("low", .number(low)), .init("high", .number(high)),
            .init("method", .string(method.rawValue)),
        ] + (weighted?.qualityMembers ?? [])
    }
}

extension BinomialProportion {
    /// `value`, `low` and `high`: the Clopper-Pearson interval that contains 68.27 %.
    func members(_ value: String) -> [JSONValue.Member] {
        let interval = clopperPearson()
        return [
            .init(value, .number(estimate)), .init("low", .number(interval.lowerBound)),
            .init("high", .number(interval.upperBound)),
        ]
    }
}

extension DetectableSignal.Criterion {
    /// "90 % of signal trials above the background median"
    public var explanation: String {
        let share = "\(NumberFormat.percent(power)) % of signal trials above"
        guard tailProbability != 0.5 else { return "\(share) the background median" }
        let sigma = NumberFormat.significant(Significance.sigma(tailProbability: tailProbability), 3)
        return "\(share) \(Double(sigma).map(NumberFormat.plain) ?? sigma)σ "
            + "(p = \(NumberFormat.significant(tailProbability, 3)))"
    }
}
