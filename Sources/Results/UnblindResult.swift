import Console
import PointSource
import Settings

/// The fit of the data: what `trialgen unblind` prints, and `trialmerge` reads.
public struct UnblindResult: Sendable, Equatable, JSONInput {
    public let ts: Double
    public let signalEvents: Double
    public let gamma: Double
    /// ln Λ at the best fit.
    public let logLambda: Double
    /// The flux normalisation at E0, in GeV⁻¹ cm⁻² s⁻¹.
    public let fluxNormalisation: Double
    /// Whether the fit found the maximum before it had used up its iterations; nil in results of older versions.
    public let isConverged: Bool?

    private enum CodingKeys: String, CodingKey {
        case ts, gamma
        case signalEvents = "ns"
        case logLambda = "log_lambda"
        case fluxNormalisation = "flux_norm"
        case isConverged = "converged"
    }

    public static let command = "trialgen unblind --json"

    /// - Parameter flux: the flux normalisation that the fitted number of events stands for.
    public init(_ fit: FitResult, flux: Double) {
        ts = fit.testStatistic
        signalEvents = fit.signalEvents
        gamma = fit.gamma
        logLambda = fit.logLambda
        fluxNormalisation = flux
        isConverged = fit.convergence == .converged
    }

    /// The keys that are read.
    public var members: [JSONValue.Member] {
        let numbers: [(CodingKeys, Double)] = [
            (.ts, ts), (.signalEvents, signalEvents), (.gamma, gamma), (.logLambda, logLambda),
            (.fluxNormalisation, fluxNormalisation),
        ]
        return numbers.map { .init($0.rawValue, .number($1)) }
            + (isConverged.map { [.init(CodingKeys.isConverged.rawValue, .bool($0))] } ?? [])
    }

    public var warnings: [String] {
        isConverged == false
            ? ["the fit of the data stopped at the limit of iterations: the best point found is reported"] : []
    }
}

/// What `trialgen unblind` prints: the fit with its intervals, and the events that it comes from.
public struct UnblindSummary: CommandResult {
    /// A dataset's events: all, and those that the fit selects.
    public typealias Events = (dataset: String, all: Int, selected: Int)

    let configuration: Configuration
    let result: UnblindResult
    let evaluations: Int
    let intervals: LikelihoodIntervals
    let events: [Events]

    /// - Parameter flux: the flux normalisation that the fitted number of events stands for.
    public init(
        _ configuration: Configuration, _ fit: FitResult, flux: Double, intervals: LikelihoodIntervals, events: [Events]
    ) {
        self.configuration = configuration
        result = UnblindResult(fit, flux: flux)
        evaluations = fit.evaluations
        self.intervals = intervals
        self.events = events
    }

    public var warnings: [String] { result.warnings }

    public var text: String {
        var best = Table()
        best.add("TS", NumberFormat.fixed(result.ts, 3))
        best.add("ln Lambda", NumberFormat.fixed(result.logLambda, 4))
        let (n, gamma, fluxes) = (intervals.signalEvents, intervals.gamma, intervals.flux)
        best.add("n_s", NumberFormat.value(result.signalEvents, low: n.lowerBound, high: n.upperBound), "events")
        best.add(
            "gamma",
            result.signalEvents > 0
                ? NumberFormat.value(result.gamma, low: gamma.lowerBound, high: gamma.upperBound) : "-")
        best.add(
            "flux",
            NumberFormat.flux(result.fluxNormalisation, low: fluxes.lowerBound, high: fluxes.upperBound),
            configuration.fluxUnit)
        configuration.addCutoff(to: &best)
        best.add("evaluations", String(evaluations), result.isConverged == false ? "not converged" : "")
        var counts = Table([.name("dataset"), .number("events"), .number("in the box")])
        for (dataset, all, selected) in events {
            counts.add([dataset, NumberFormat.count(all), NumberFormat.count(selected)])
        }
        return configuration.title + best.text + "\n" + counts.text
    }

    public var members: [JSONValue.Member] {
        result.members + [
            .init("n_events", .object(events.map { .init($0.dataset, .integer($0.all)) })),
            .init("n_selected", .object(events.map { .init($0.dataset, .integer($0.selected)) })),
            .init("evaluations", .integer(evaluations)),
            .init("ecut", .number(configuration.settings.spectrum.cutoffEnergy)),
            .init(
                "intervals",
                [
                    "log_lambda_drop": .number(intervals.drop), "ns": .interval(intervals.signalEvents),
                    "gamma": .interval(intervals.gamma), "flux_norm": .interval(intervals.flux),
                ]),
        ]
    }
}
