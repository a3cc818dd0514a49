import Console
import Diagnostics
import Inference
import Results
import Settings

/// Upper limits for an observed TS and under background, as text and as JSON.
struct LimitsSummary {
    let campaign: Campaign
    let level: Double
    let interpolation: DetectionPower.Interpolation
    /// The limit for the observed TS, nil if none was given.
    let observed: UpperLimit?
    /// The limits that a share of background trials stays below; a fault where the trials do not reach so far.
    let expected: [(probability: Double, limit: Result<UpperLimit, Fault>)]

    /// The ends of the central bands of 95 and 68 %, and the median.
    private static let probabilities = [0.025, 0.1587, 0.5, 0.8413, 0.975]

    /// - Parameters:
    ///   - observed: a TS whose limit is wanted.
    ///   - level: the confidence level of the limits.
    ///   - confidence: the probability content of their intervals.
    /// - Throws: as `UpperLimit.find` for the observed TS and for the median.
    init(
        campaign: Campaign, trials: SearchTrials, observed: Double?, level: Double,
        interpolation: DetectionPower.Interpolation, confidence: Double
    ) throws {
        self.campaign = campaign
        self.level = level
        self.interpolation = interpolation
        self.observed = try observed.map {
            try UpperLimit.find(ts: $0, level: level, in: trials, interpolation: interpolation, confidence: confidence)
        }
        func expected(_ probability: Double) throws -> UpperLimit {
            try UpperLimit.expected(
                quantile: probability, level: level, in: trials, interpolation: interpolation, confidence: confidence)
        }
        self.expected = try Self.probabilities.map { probability in
            // Without a median there is nothing to say.
            if probability == 0.5 { return (probability, .success(try expected(probability))) }
            do {
                return (probability, .success(try expected(probability)))
            } catch let fault as Fault {
                return (probability, .failure(fault))
            }
        }
    }

    /// What whoever quotes the limit must know besides.
    var warnings: [String] {
        guard let observed else { return [] }
        if observed.mu == 0 {
            return [
                "background alone exceeds TS \(NumberFormat.plain(observed.ts)) in more than \(percent(level)) % of "
                    + "trials: no signal is compatible with it; quote the sensitivity, and say so"
            ]
        }
        guard case .success(let median)? = expected.first(where: { $0.probability == 0.5 })?.limit,
            observed.mu < median.mu
        else { return [] }
        return ["the limit is below the sensitivity, the median of what background alone gives"]
    }

    var text: String {
        var text = campaign.line + "\n\n"
        if let observed {
            var table = Table([.name("\(percent(level)) % limit"), .name("value"), .name("unit")])
            table.add("observed TS", NumberFormat.fixed(observed.ts, 3))
            Self.range(observed).add(to: &table, campaign)
            text += table.text + "\n"
        }
        // Imported trials may come without a flux.
        let hasFlux = campaign.fluxPerEvent.isFinite
        var table = Table(
            [
                .number("background below", unit: "%"), .number("TS"),
                .init("\(percent(level)) % limit", unit: "events", .left),
            ] + (hasFlux ? [.init("flux at \(campaign.referenceEnergyText)", unit: SignalRange.fluxUnit, .left)] : []))
        for (probability, limit) in expected {
            switch limit {
            case .success(let limit):
                let range = Self.range(limit)
                table.add(
                    [percent(probability), NumberFormat.fixed(limit.ts, 3), range.events]
                        + (hasFlux ? [range.flux(perEvent: campaign.fluxPerEvent)] : []))
            case .failure:
                table.add([percent(probability), "-", "run trials with larger mu"] + (hasFlux ? ["-"] : []))
            }
        }
        return text + table.text
    }

    /// An end that the trials do not bound, or a limit that they do not reach, is null; fluxes are where the trials came
    /// without one, and `flux_reason` says so.
    var json: JSONValue {
        let median = expected.first { $0.probability == 0.5 }?.limit
        return [
            "level": .number(level),
            "interpolation": .string(interpolation.rawValue),
            "observed": observed.map { .object(members($0)) } ?? .null,
            "median": json(median),
            "expected": .array(
                expected.map { probability, limit in
                    guard case .success(let limit) = limit else {
                        return ["probability": .number(probability), "mu": .null]
                    }
                    return .object([.init("probability", .number(probability))] + members(limit))
                }),
            "flux_per_event": .number(campaign.fluxPerEvent),
            "flux_reason": campaign.missingFluxReason.map { .string($0) } ?? .null,
            "e0": .number(campaign.configuration.settings.spectrum.referenceEnergy),
            "gamma": .number(campaign.configuration.settings.spectrum.gamma),
        ]
    }

    private func json(_ limit: Result<UpperLimit, Fault>?) -> JSONValue {
        guard case .success(let limit)? = limit else { return .null }
        return .object(members(limit))
    }

    private func members(_ limit: UpperLimit) -> [JSONValue.Member] {
        [.init("ts", .number(limit.ts))] + Self.range(limit).members(campaign)
            + [.init("confidence", .number(limit.confidence))]
    }

    private static func range(_ limit: UpperLimit) -> SignalRange {
        SignalRange(mu: limit.mu, low: limit.muLow, high: limit.muHigh)
    }

    private func percent(_ share: Double) -> String { NumberFormat.plain((1e4 * share).rounded() / 100) }
}
