import Console
import Diagnostics
import Inference
import Settings

/// Upper limits for an observed TS and for background alone.
public struct LimitsSummary: CommandResult {
    let campaign: Campaign
    let level: Double
    let interpolation: DetectionPower.Interpolation
    /// The largest simulated mu.
    private let largestMu: Double?
    /// The limit for the observed TS, nil if none was given.
    let observed: UpperLimit?
    /// The limits below which a fraction of background trials lies; a fault where the trials do not reach that far.
    let expected: [(probability: Double, limit: Result<UpperLimit, Fault>)]

    /// The ends of the central bands of 95 and 68 %, and the median.
    private static let probabilities = [0.025, 0.1587, 0.5, 0.8413, 0.975]

    /// - Parameters:
    ///   - observed: a TS whose limit is computed.
    ///   - level: the confidence level of the limits.
    /// - Throws: as `UpperLimit.find` for the observed TS and for the median.
    public init(
        campaign: Campaign, trials: SearchTrials, observed: Double?, level: Double, _ settings: SearchSettings
    ) throws {
        let (interpolation, confidence) = (settings.interpolation, settings.confidence)
        self.campaign = campaign
        self.level = level
        self.interpolation = interpolation
        largestMu = trials.signal.last?.mu
        self.observed = try observed.map {
            try UpperLimit.find(ts: $0, level: level, in: trials, interpolation: interpolation, confidence: confidence)
        }
        func expected(_ probability: Double) throws -> UpperLimit {
            try UpperLimit.expected(
                quantile: probability, level: level, in: trials, interpolation: interpolation, confidence: confidence)
        }
        self.expected = try Self.probabilities.map { probability in
            // Without a median no limit is useful.
            if probability == 0.5 { return (probability, .success(try expected(probability))) }
            do {
                return (probability, .success(try expected(probability)))
            } catch let fault as Fault {
                return (probability, .failure(fault))
            }
        }
    }

    /// Limits that should not be quoted unchanged.
    public var warnings: [String] { extrapolationWarnings + observedWarnings }

    private var extrapolationWarnings: [String] {
        let limits =
            [("the observed limit", observed)]
            + expected.map { probability, limit in
                ("the limit at \(NumberFormat.percent(probability)) % of the background", try? limit.get())
            }
        return limits.compactMap { name, limit in
            limit.flatMap { extrapolationWarning(mu: $0.mu, largest: largestMu, interpolation) }.map {
                "\(name): \($0)"
            }
        }
    }

    /// Warnings about the limit for the observed TS.
    public var observedWarnings: [String] {
        guard let observed else { return [] }
        if observed.mu == 0 {
            return [
                "background alone exceeds TS \(NumberFormat.plain(observed.ts)) in more than \(NumberFormat.percent(level)) % of "
                    + "trials: no signal is compatible with it; quote the sensitivity, and state this"
            ]
        }
        guard case .success(let median)? = expected.first(where: { $0.probability == 0.5 })?.limit,
            observed.mu < median.mu
        else { return [] }
        return ["the limit is below the sensitivity (the median limit of background alone)"]
    }

    public var text: String {
        var text = campaign.line + "\n\n"
        if let observed {
            var table = Table([.name("\(NumberFormat.percent(level)) % limit"), .name("value"), .name("unit")])
            table.add("observed TS", NumberFormat.fixed(observed.ts, 3))
            SignalRange(observed).add(to: &table, campaign)
            text += table.text + "\n"
        }
        // Imported trials may lack a flux.
        let hasFlux = campaign.fluxPerEvent.isFinite
        var table = Table(
            [
                .number("background below", unit: "%"), .number("TS"),
                .init("\(NumberFormat.percent(level)) % limit", unit: "events", .left),
            ] + (hasFlux ? [.init("flux at \(campaign.referenceEnergyText)", unit: SignalRange.fluxUnit, .left)] : []))
        for (probability, limit) in expected {
            switch limit {
            case .success(let limit):
                let range = SignalRange(limit)
                table.add(
                    [NumberFormat.percent(probability), NumberFormat.fixed(limit.ts, 3), range.events]
                        + (hasFlux ? [range.flux(perEvent: campaign.fluxPerEvent)] : []))
            case .failure:
                table.add(
                    [NumberFormat.percent(probability), "-", "run trials with larger mu"] + (hasFlux ? ["-"] : []))
            }
        }
        return text + table.text
    }

    /// An end that the trials do not bound, or a limit that they do not reach, is null; so are fluxes if the trials
    /// have none, with the reason in `flux_reason`.
    public var members: [JSONValue.Member] {
        [
            .init("level", .number(level)), .init("interpolation", .string(interpolation.rawValue)),
            .init("observed", observed.map { .object(members($0)) } ?? .null),
            .init("median", json(expected.first { $0.probability == 0.5 }?.limit)),
            .init(
                "expected",
                .array(
                    expected.map { probability, limit in
                        guard case .success(let limit) = limit else {
                            return ["probability": .number(probability), "mu": .null]
                        }
                        return .object([.init("probability", .number(probability))] + members(limit))
                    })),
        ] + campaign.fluxMembers
    }

    private func json(_ limit: Result<UpperLimit, Fault>?) -> JSONValue {
        guard case .success(let limit)? = limit else { return .null }
        return .object(members(limit))
    }

    private func members(_ limit: UpperLimit) -> [JSONValue.Member] {
        [.init("ts", .number(limit.ts))] + SignalRange(limit).members(campaign)
            + [.init("confidence", .number(limit.confidence))]
    }
}
