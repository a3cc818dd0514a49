import Console
import Diagnostics
import PointSource
import Settings

/// The likelihood intervals of a fit as read from JSON: low and high end.
public struct FitIntervals: Sendable, Equatable, Decodable {
    let signalEvents: [Double]
    let gamma: [Double]
    let flux: [Double]

    /// The name of θ: "gamma" or "peak".
    let parameterName: String

    private enum CodingKeys: String, CodingKey {
        case gamma, peak
        case signalEvents = "ns"
        case flux = "flux_norm"
    }

    init(_ intervals: LikelihoodIntervals, parameterName: String) {
        func ends(_ interval: ClosedRange<Double>) -> [Double] { [interval.lowerBound, interval.upperBound] }
        (signalEvents, gamma, flux) = (ends(intervals.signalEvents), ends(intervals.gamma), ends(intervals.flux))
        self.parameterName = parameterName
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let key = values.contains(.peak) ? CodingKeys.peak : .gamma
        signalEvents = try values.decode([Double].self, forKey: .signalEvents)
        gamma = try values.decode([Double].self, forKey: key)
        flux = try values.decode([Double].self, forKey: .flux)
        parameterName = key.rawValue
    }

    var members: [JSONValue.Member] {
        [(CodingKeys.signalEvents.rawValue, signalEvents), (parameterName, gamma), (CodingKeys.flux.rawValue, flux)].map
        {
            .init($0, .numbers($1))
        }
    }

    /// - Throws: `Fault` (bad data) for an interval that is not two increasing numbers.
    func check(_ command: String) throws(Fault) {
        for (key, ends) in [("ns", signalEvents), (parameterName, gamma), ("flux_norm", flux)]
        where ends.count != 2 || !(ends[0] <= ends[1]) {
            throw Fault(
                .badData, "intervals.\(key) is \(ends), not two increasing numbers",
                remedy: "give the output of \(command), unchanged")
        }
    }
}

extension UnblindResult {
    /// The fit as people see it: TS, ln Λ, n_s, θ and flux, with errors and bounds.
    public func quantities(_ configuration: Configuration) -> [Quantity] {
        [Quantity("TS", NumberFormat.fixed(ts, 3), warnings: warnings)] + nullQuantities(configuration) + [
            Quantity("ln Lambda", NumberFormat.fixed(logLambda, 4)), signalEventsQuantity(configuration),
            gammaQuantity(configuration),
        ] + fluxQuantities(configuration)
    }

    private func nullQuantities(_ configuration: Configuration) -> [Quantity] {
        let signal = configuration.settings.nullSignal
        return signal > 0 ? [Quantity("null hypothesis", NumberFormat.plain(signal), "signal events")] : []
    }

    private func signalEventsQuantity(_ configuration: Configuration) -> Quantity {
        let bounds = configuration.settings.signalEvents
        guard let ends = intervals?.signalEvents else {
            return Quantity(
                "n_s", NumberFormat.fixed(signalEvents, 2), "events",
                note: FitBound(of: signalEvents, bounds)?.text ?? "")
        }
        let n = BoundedInterval(signalEvents, ends[0]...ends[1], bounds)
        return Quantity("n_s", n.text, "events", note: n.note)
    }

    private func gammaQuantity(_ configuration: Configuration) -> Quantity {
        // Without signal events θ is undefined.
        let bounds = configuration.settings.parameter
        guard signalEvents > 0 || bounds.isFixed else {
            return Quantity(bounds.label, "-", configuration.parameterUnit)
        }
        guard let ends = intervals?.gamma else {
            return Quantity(
                bounds.label, NumberFormat.fixed(gamma, 3), configuration.parameterUnit,
                note: FitBound(of: gamma, bounds)?.text ?? "")
        }
        let interval = BoundedInterval(gamma, ends[0]...ends[1], bounds)
        return Quantity(bounds.label, interval.text, configuration.parameterUnit, note: interval.note)
    }

    private func fluxQuantities(_ configuration: Configuration) -> [Quantity] {
        guard let ends = intervals?.flux else {
            return [Quantity("flux", NumberFormat.flux(fluxNormalisation), configuration.fittedFluxUnit(gamma))]
        }
        let flux = NumberFormat.flux(fluxNormalisation, low: ends[0], high: ends[1])
        return [Quantity("flux", flux, configuration.fittedFluxUnit(gamma))]
            + (ends[0] <= 0 && signalEvents > 0 ? [Quantity("flux interval", "from 0", "a bound of the fit")] : [])
    }
}
