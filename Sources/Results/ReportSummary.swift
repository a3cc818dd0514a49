import Console
import Diagnostics
import IceTracks
import Inference
import Settings

/// The numbers that a reader of a report looks for first, in every format with the same digits: source, data, fit,
/// significance, upper limit, sensitivity and discovery potentials. Each has its warnings with it.
public struct ReportSummary: Sendable {
    /// Source and data.
    public let origin: [Quantity]
    /// The fit of the data with significance and limit; empty without a fit.
    public let data: [Quantity]
    /// Sensitivity and discovery potentials; empty without signal trials.
    public let detectable: [Quantity]

    /// The confidence level of the upper limit.
    public static let level = UpperLimit.defaultLevel

    /// - Parameters:
    ///   - limit: the upper limit for the fit's TS, or why there is none; nil without a fit or signal trials.
    ///   - places: the result of a search of many places; nil for another search.
    public init(
        campaign: Campaign, fit: UnblindResult?, background: BackgroundSummary?, detections: [Detection],
        limit: Result<LimitsSummary, Fault>?, places: PlacesSummary? = nil
    ) {
        origin = Self.origin(campaign, fit)
        data =
            fit.map { fit in
                let quantities = fit.quantities(campaign.configuration)
                let significance = background.map { $0.significanceQuantities } ?? []
                return quantities.filter { $0.name == "TS" } + significance
                    + quantities.filter { $0.name != "TS" && $0.name != "ln Lambda" }
                    + (limit.map { Self.limit($0, campaign) } ?? [])
            } ?? places?.quantities ?? []
        detectable = detections.flatMap { Self.detectable($0, campaign) }
    }

    /// All quantities in their order.
    public var quantities: [Quantity] { origin + data + detectable }

    /// Keys as in the rows: `name`, `value`, `unit`, `note`, `warnings`.
    public var json: JSONValue {
        .array(
            quantities.map {
                [
                    "name": .string($0.name), "value": .string($0.value), "unit": .string($0.unit),
                    "note": .string($0.note), "warnings": .strings($0.warnings),
                ]
            })
    }
}

extension ReportSummary {
    private static func origin(_ campaign: Campaign, _ fit: UnblindResult?) -> [Quantity] {
        let configuration = campaign.configuration
        let sample = Quantity("sample", configuration.sample.name, configuration.datasets.joined(separator: ", "))
        return (configuration.listTitle.map { [Quantity("search", $0)] } ?? position(configuration)) + [sample]
            + livetime(fit)
    }

    private static func position(_ configuration: Configuration) -> [Quantity] {
        let (ra, dec) = (configuration.rightAscensionDegrees, configuration.declinationDegrees)
        let position = SkyCoordinates(rightAscensionDegrees: ra, declinationDegrees: dec)
        let galactic = position.galactic
        let reference = configuration.label(\.positionReference).map { "position from \($0.withoutControls)" } ?? ""
        return [
            Quantity(
                "source", configuration.source.name.isEmpty ? "no name" : configuration.source.name.withoutControls),
            Quantity(
                "ra, dec", "\(NumberFormat.plain(ra))°, \(NumberFormat.plain(dec))°", "ICRS", note: reference),
            Quantity("", "\(position.hours), \(position.degreesMinutesSeconds)", "ICRS"),
            Quantity(
                "l, b",
                "\(NumberFormat.fixed(galactic.longitude, 3))°, \(NumberFormat.fixed(galactic.latitude, 3))°",
                "galactic"),
        ]
    }

    private static func livetime(_ fit: UnblindResult?) -> [Quantity] {
        guard let livetimes = fit?.livetimes else { return [] }
        let days = livetimes.values.sorted().reduce(0, +)
        return [
            Quantity("livetime", NumberFormat.fixed(days, 1), "days (\(NumberFormat.fixed(days / 365.25, 2)) years)")
        ]
    }

    private static func limit(_ limit: Result<LimitsSummary, Fault>, _ campaign: Campaign) -> [Quantity] {
        let title = "\(NumberFormat.percent(level)) % upper limit"
        switch limit {
        case .success(let limits):
            guard let observed = limits.observed else { return [] }
            return events(title, SignalRange(observed), campaign, warnings: limits.observedWarnings)
        case .failure(let fault):
            return [Quantity(title, "-", warnings: ["no limit: \(fault)"])]
        }
    }

    private static func detectable(_ detection: Detection, _ campaign: Campaign) -> [Quantity] {
        switch detection.signal {
        case .success(let signal):
            let extrapolated = detection.fitted.map { fitted in
                fitted.decades > 0 ? ["The threshold is \(fitted.extrapolation)."] : []
            }
            return events(
                detection.title, SignalRange(signal), campaign, note: "(\(signal.threshold.method.rawValue) threshold)",
                warnings: (extrapolated ?? []) + detection.warnings)
        case .failure(let fault): return [Quantity(detection.title, "-", warnings: ["none: \(fault)"])]
        }
    }

    /// A number of events and, if it is known, the flux.
    private static func events(
        _ title: String, _ range: SignalRange, _ campaign: Campaign, note: String = "", warnings: [String]
    ) -> [Quantity] {
        let events = Quantity(title, range.events, "events", note: note, warnings: warnings)
        guard campaign.fluxPerEvent.isFinite else { return [events] }
        return [
            events,
            Quantity("", range.flux(perEvent: campaign.fluxPerEvent), campaign.configuration.fluxUnit),
        ]
    }
}

extension BackgroundSummary {
    /// The recommended p-value of the observed TS and its significance; empty without an observation.
    fileprivate var significanceQuantities: [Quantity] {
        guard let observation else { return [] }
        let best = observation.best
        let law =
            switch best.method {
            case .weighted: weights?.warnings ?? []
            case .gammaFit, .chiSquareFit: tail?.study.warnings ?? []
            case .counted: [String]()
            }
        return best.quantities("local p-value", warnings: observation.warnings + law)
    }
}
