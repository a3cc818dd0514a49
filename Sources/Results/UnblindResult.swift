import Console
import PointSource
import Settings

/// The fit of the data: printed by `trialgen unblind`, and read by `trialmerge`.
public struct UnblindResult: Sendable, Equatable, CampaignResult {
    public let ts: Double
    public let signalEvents: Double
    /// θ: the spectral index, or the peak of a tabulated spectrum in lg(E/GeV).
    public let gamma: Double
    /// The name of θ: "gamma" or "peak".
    public let parameterName: String
    /// ln Λ at the best fit.
    public let logLambda: Double
    /// The flux normalisation at E0, in GeV⁻¹ cm⁻² s⁻¹.
    public let fluxNormalisation: Double
    /// Whether the fit found the maximum within its limit of iterations; nil in results of older versions.
    public let isConverged: Bool?
    public let campaign: String?
    public let fingerprint: String?

    private enum CodingKeys: String, CodingKey {
        case ts, gamma, peak, campaign, fingerprint
        case signalEvents = "ns"
        case logLambda = "log_lambda"
        case fluxNormalisation = "flux_norm"
        case isConverged = "converged"
    }

    public static let command = "trialgen unblind --json"

    /// - Parameters:
    ///   - flux: the flux normalisation for the fitted number of events.
    ///   - campaign: the campaign of the data.
    public init(_ fit: FitResult, flux: Double, campaign: Campaign) {
        self.campaign = campaign.text
        fingerprint = campaign.fingerprint
        ts = fit.testStatistic
        signalEvents = fit.signalEvents
        gamma = fit.gamma
        parameterName = campaign.configuration.settings.parameter.label
        logLambda = fit.logLambda
        fluxNormalisation = flux
        isConverged = fit.convergence == .converged
    }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        ts = try values.decode(Double.self, forKey: .ts)
        signalEvents = try values.decode(Double.self, forKey: .signalEvents)
        let key = values.contains(.peak) ? CodingKeys.peak : .gamma
        gamma = try values.decode(Double.self, forKey: key)
        parameterName = key.rawValue
        logLambda = try values.decode(Double.self, forKey: .logLambda)
        fluxNormalisation = try values.decode(Double.self, forKey: .fluxNormalisation)
        isConverged = try values.decodeIfPresent(Bool.self, forKey: .isConverged)
        campaign = try values.decodeIfPresent(String.self, forKey: .campaign)
        fingerprint = try values.decodeIfPresent(String.self, forKey: .fingerprint)
    }

    /// The keys that are read.
    public var members: [JSONValue.Member] {
        let numbers: [(String, Double)] = [
            (CodingKeys.ts.rawValue, ts), (CodingKeys.signalEvents.rawValue, signalEvents), (parameterName, gamma),
            (CodingKeys.logLambda.rawValue, logLambda), (CodingKeys.fluxNormalisation.rawValue, fluxNormalisation),
        ]
        return numbers.map { .init($0, .number($1)) }
            + (isConverged.map { [.init(CodingKeys.isConverged.rawValue, .bool($0))] } ?? [])
            + campaignMembers
    }

    /// The bounds of the fit that n_s and θ have reached.
    public func bounds(of settings: AnalysisSettings) -> (signalEvents: FitBound?, gamma: FitBound?) {
        // Without signal events θ is undefined.
        (
            FitBound(of: signalEvents, settings.signalEvents),
            signalEvents == 0 ? nil : FitBound(of: gamma, settings.parameter)
        )
    }

    public var warnings: [String] {
        isConverged == false
            ? ["the fit of the data stopped at the limit of iterations: the best point found is reported"] : []
    }
}

/// The output of `trialgen unblind`: the fit with its intervals, and the numbers of events.
public struct UnblindSummary: CommandResult {
    /// Numbers of events of a dataset: all, and those that the fit selects.
    public typealias Events = (dataset: String, all: Int, selected: Int)

    let campaign: Campaign
    let result: UnblindResult
    let evaluations: Int
    let intervals: LikelihoodIntervals
    let events: [Events]

    /// - Parameter flux: the flux normalisation for the fitted number of events.
    public init(
        _ campaign: Campaign, _ fit: FitResult, flux: Double, intervals: LikelihoodIntervals, events: [Events]
    ) {
        self.campaign = campaign
        result = UnblindResult(fit, flux: flux, campaign: campaign)
        evaluations = fit.evaluations
        self.intervals = intervals
        self.events = events
    }

    public var warnings: [String] { result.warnings }

    public var text: String {
        var best = Table()
        best.add("TS", NumberFormat.fixed(result.ts, 3))
        best.add("ln Lambda", NumberFormat.fixed(result.logLambda, 4))
        let (configuration, settings) = (campaign.configuration, campaign.configuration.settings)
        let n = BoundedInterval(result.signalEvents, intervals.signalEvents, settings.signalEvents)
        best.add("n_s", n.text, "events" + n.note)
        let parameter = BoundedInterval(result.gamma, intervals.gamma, settings.parameter)
        let isDefined = result.signalEvents > 0 || settings.parameter.isFixed
        best.add(
            settings.parameter.label, isDefined ? parameter.text : "-",
            [configuration.parameterUnit, isDefined ? String(parameter.note.dropFirst()) : ""]
                .filter { !$0.isEmpty }.joined(separator: " "))
        best.add(
            "flux",
            NumberFormat.flux(
                result.fluxNormalisation, low: intervals.flux.lowerBound, high: intervals.flux.upperBound),
            configuration.fittedFluxUnit(result.gamma))
        if intervals.flux.lowerBound <= 0, result.signalEvents > 0 {
            best.add("flux interval", "from 0", "a bound of the fit")
        }
        configuration.addFittedCutoff(to: &best)
        best.add("evaluations", String(evaluations), result.isConverged == false ? "not converged" : "")
        var counts = Table([.name("dataset"), .number("events"), .number("in the box")])
        for (dataset, all, selected) in events {
            counts.add([dataset, NumberFormat.count(all), NumberFormat.count(selected)])
        }
        return configuration.title + best.text + "\n" + counts.text
    }

    private var bounds: [(String, BoundedInterval)] {
        let settings = campaign.configuration.settings
        return [
            ("ns", BoundedInterval(result.signalEvents, intervals.signalEvents, settings.signalEvents)),
            (settings.parameter.label, BoundedInterval(result.gamma, intervals.gamma, settings.parameter)),
        ]
    }

    /// `at_bounds` tells which ends of intervals, and which best-fit values, are bounds of the fit.
    public var members: [JSONValue.Member] {
        result.members + campaign.originMembers + [
            .init(
                "at_bounds",
                .object(
                    bounds.map { .init($0, $1.json) } + [
                        .init("flux_norm", ["low": .bool(intervals.flux.lowerBound <= 0)])
                    ])),
            .init("n_events", .object(events.map { .init($0.dataset, .integer($0.all)) })),
            .init("n_selected", .object(events.map { .init($0.dataset, .integer($0.selected)) })),
            .init("evaluations", .integer(evaluations)),
            .init("ecut", .number(campaign.configuration.settings.fittedSpectrum(result.gamma).cutoffEnergy)),
            .init(
                "intervals",
                .object([
                    .init("log_lambda_drop", .number(intervals.drop)), .init("ns", .interval(intervals.signalEvents)),
                    .init(result.parameterName, .interval(intervals.gamma)),
                    .init("flux_norm", .interval(intervals.flux)),
                ])),
        ]
    }
}
