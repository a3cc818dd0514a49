import Console
import Diagnostics
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
    /// The likelihood intervals; nil in results of older versions.
    public let intervals: FitIntervals?
    /// The livetime of each dataset in days; nil in results of older versions.
    public let livetimes: [String: Double]?
    /// The events near the source; nil unless `--events` was given.
    public let events: [ObservedEvent]?

    private enum CodingKeys: String, CodingKey {
        case ts, gamma, peak, campaign, fingerprint, intervals, events
        case livetimes = "livetime_days"
        case signalEvents = "ns"
        case logLambda = "log_lambda"
        case fluxNormalisation = "flux_norm"
        case isConverged = "converged"
    }

    public static let command = "trialgen unblind --json"

    /// - Parameters:
    ///   - flux: the flux normalisation for the fitted number of events.
    ///   - livetimes: of each dataset, in days.
    ///   - events: the events to list; nil for none.
    ///   - campaign: the campaign of the data.
    public init(
        _ fit: FitResult, flux: Double, campaign: Campaign, intervals: FitIntervals? = nil,
        livetimes: [String: Double]? = nil, events: [ObservedEvent]? = nil
    ) {
        (self.intervals, self.livetimes, self.events) = (intervals, livetimes, events)
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

    /// - Throws: `Fault` (bad data) for an interval that is not two numbers.
    public func check() throws(Fault) {
        try intervals?.check(Self.command)
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
        intervals = try values.decodeIfPresent(FitIntervals.self, forKey: .intervals)
        livetimes = try values.decodeIfPresent([String: Double].self, forKey: .livetimes)
        events = try values.decodeIfPresent([ObservedEvent].self, forKey: .events)
    }

    /// The numbers of the fit, and its campaign.
    public var members: [JSONValue.Member] { numberMembers + campaignMembers }

    /// The numbers of the fit.
    var numberMembers: [JSONValue.Member] {
        let numbers: [(String, Double)] = [
            (CodingKeys.ts.rawValue, ts), (CodingKeys.signalEvents.rawValue, signalEvents), (parameterName, gamma),
            (CodingKeys.logLambda.rawValue, logLambda), (CodingKeys.fluxNormalisation.rawValue, fluxNormalisation),
        ]
        return numbers.map { .init($0, .number($1)) }
            + (isConverged.map { [.init(CodingKeys.isConverged.rawValue, .bool($0))] } ?? [])
    }

    /// ``members`` with what else was read: intervals, livetimes and events.
    public var allMembers: [JSONValue.Member] {
        members
            + (livetimes.map { days in
                [
                    .init(
                        CodingKeys.livetimes.rawValue,
                        .object(days.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }))
                ]
            } ?? []) + (intervals.map { [.init(CodingKeys.intervals.rawValue, .object($0.members))] } ?? [])
            + (events.map { [.init(CodingKeys.events.rawValue, .array($0.map { .object($0.members) }))] } ?? [])
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
public struct UnblindSummary: CommandResult, Sendable {
    /// A dataset: its livetime in days, and its numbers of events, all and those that the fit selects.
    public typealias DatasetFacts = (dataset: String, livetime: Double, all: Int, selected: Int)

    let campaign: Campaign
    let result: UnblindResult
    let evaluations: Int
    let intervals: LikelihoodIntervals
    let datasets: [DatasetFacts]

    /// The number of events that the table for people lists.
    private static let listed = 20

    /// - Parameters:
    ///   - flux: the flux normalisation for the fitted number of events.
    ///   - events: the events to list, the largest weights first; nil for none.
    public init(
        _ campaign: Campaign, _ fit: FitResult, flux: Double, intervals: LikelihoodIntervals,
        datasets: [DatasetFacts], events: [FittedEvent]? = nil
    ) {
        self.campaign = campaign
        result = UnblindResult(
            fit, flux: flux, campaign: campaign,
            intervals: FitIntervals(intervals, parameterName: campaign.configuration.settings.parameter.label),
            livetimes: Dictionary(datasets.map { ($0.dataset, $0.livetime) }) { $1 },
            events: events.map { $0.map { ObservedEvent($0) } })
        evaluations = fit.evaluations
        self.intervals = intervals
        self.datasets = datasets
    }

    public var warnings: [String] { result.warnings }

    public var text: String {
        let configuration = campaign.configuration
        var best = Table()
        for quantity in result.quantities(configuration) {
            best.add(
                quantity.name, quantity.value,
                [quantity.unit, quantity.note].filter { !$0.isEmpty }.joined(separator: " "))
        }
        configuration.addFittedCutoff(to: &best)
        best.add("evaluations", String(evaluations), result.isConverged == false ? "not converged" : "")
        var counts = Table([.name("dataset"), .number("events"), .number("in the box")])
        for facts in datasets {
            counts.add([facts.dataset, NumberFormat.count(facts.all), NumberFormat.count(facts.selected)])
        }
        let events = result.events.map { "\n" + ObservedEvent.table($0.prefix(Self.listed)).text } ?? ""
        return campaign.title + best.text + "\n" + counts.text + stackText + events
    }

    private var stackText: String { result.stackTable(campaign.configuration).map { "\n" + $0.text } ?? "" }

    private var bounds: [(String, BoundedInterval)] {
        let settings = campaign.configuration.settings
        return [
            ("ns", BoundedInterval(result.signalEvents, intervals.signalEvents, settings.signalEvents)),
            (settings.parameter.label, BoundedInterval(result.gamma, intervals.gamma, settings.parameter)),
        ]
    }

    public var members: [JSONValue.Member] {
        result.members + campaign.originMembers + [
            boundMember, datasets.events, selectedMember, datasets.livetimes, evaluationsMember,
            .init("ecut", .number(campaign.configuration.settings.fittedSpectrum(result.gamma).cutoffEnergy)),
            intervalMember,
        ] + result.stackMembers(campaign.configuration)
            + (result.events.map { [.init("events", .array($0.map { .object($0.members) }))] } ?? [])
    }

    /// What differs between the sources of a list.
    var sourceMembers: [JSONValue.Member] {
        result.numberMembers + [intervalMember, boundMember, selectedMember, evaluationsMember]
    }

    /// Which ends of intervals, and which best-fit values, are bounds of the fit.
    private var boundMember: JSONValue.Member {
        .init(
            "at_bounds",
            .object(
                bounds.map { .init($0, $1.json) } + [
                    .init("flux_norm", ["low": .bool(intervals.flux.lowerBound <= 0)])
                ]))
    }

    private var selectedMember: JSONValue.Member {
        .init("n_selected", .object(datasets.map { .init($0.dataset, .integer($0.selected)) }))
    }

    private var evaluationsMember: JSONValue.Member { .init("evaluations", .integer(evaluations)) }

    private var intervalMember: JSONValue.Member {
        .init(
            "intervals",
            .object([.init("log_lambda_drop", .number(intervals.drop))] + (result.intervals?.members ?? [])))
    }
}

extension [UnblindSummary.DatasetFacts] {
    /// The number of events of each dataset.
    var events: JSONValue.Member { .init("n_events", .object(map { .init($0.dataset, .integer($0.all)) })) }

    /// The livetime of each dataset.
    var livetimes: JSONValue.Member {
        .init("livetime_days", .object(map { .init($0.dataset, .number($0.livetime)) }))
    }
}
