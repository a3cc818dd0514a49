import Console
import Diagnostics
import Inference
import Trials

/// The distribution of TS without signal, as text and as JSON.
struct BackgroundSummary {
    let campaign: Campaign
    let background: TSDistribution
    let quantiles: [TSDistribution.Quantile]
    /// The TS above which the tail is fitted.
    let cut: Double
    let thresholds: [(sigma: Double, threshold: Result<Threshold, Fault>)]
    let observation: ObservedSignificance?

    private static let probabilities = [0.1, 0.5, 0.9, 0.95, 0.99, 0.999]

    /// - Parameters:
    ///   - cut: the TS above which the tail is fitted where it cannot be counted.
    ///   - observed: a TS whose significance is wanted.
    /// - Throws: `Fault` of kind `usage` for a cut or an observed TS that is none.
    init(campaign: Campaign, background: TSDistribution, cut: Double, observed: Double?) throws {
        self.campaign = campaign
        self.background = background
        self.cut = cut
        quantiles = try Self.probabilities.map { try background.quantile($0) }
        thresholds = background.thresholds(cut: cut)
        observation = try observed.map { try ObservedSignificance(ts: $0, background: background, cut: cut) }
    }

    var text: String {
        var sections = [
            """
            background of \(campaign.line)
            \(NumberFormat.count(background.count)) trials, \(percent(background.fractionAtZero)) % with TS = 0, \
            largest TS \(NumberFormat.fixed(background.maximum, 3))
            """,
            quantileTable, thresholdTable,
        ]
        if let observation { sections.append(observation.text) }
        return sections.joined(separator: "\n\n")
    }

    private var quantileTable: String {
        var table = Table([.number("trials below", unit: "%"), .number("TS"), .number("low"), .number("high")])
        for quantile in quantiles {
            table.add([
                NumberFormat.plain(quantile.probability * 100), ts(quantile.value), ts(quantile.low),
                quantile.high.map(ts) ?? "unbounded",
            ])
        }
        return trimmed(table)
    }

    private var thresholdTable: String {
        var table = Table([
            .number("sigma"), .number("p-value"), .number("TS above"), .number("low"), .number("high"),
            .name("method"),
        ])
        var lacksAny = false
        for (sigma, result) in thresholds {
            let tail = NumberFormat.significant(Significance.tailProbability(sigma: sigma), 3)
            switch result {
            case .success(let threshold):
                table.add([
                    NumberFormat.plain(sigma), tail, ts(threshold.value), ts(threshold.low), ts(threshold.high),
                    threshold.method.rawValue,
                ])
            case .failure:
                let needed = TSDistribution.minimumCountedTail / Significance.tailProbability(sigma: sigma)
                table.add([
                    NumberFormat.plain(sigma), tail, "-", "-", "-",
                    "too few trials: counting needs \(NumberFormat.scientific(needed, 1))",
                ])
                lacksAny = true
            }
        }
        guard lacksAny else { return trimmed(table) }
        return """
            \(table.text)A threshold is counted with \(NumberFormat.plain(TSDistribution.minimumCountedTail)) trials \
            above it, or fitted with \(TruncatedGamma.minimumTrials) above TS \(NumberFormat.plain(cut)).
            """
    }

    /// Keys of design.md, "Commands".
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("n", .integer(background.count)),
            .init("frac_ts_0", .number(background.fractionAtZero)),
            .init("ts_max", .number(background.maximum)),
            .init("ts_quantiles", .object(quantiles.map { quantile in
                .init(
                    NumberFormat.plain(quantile.probability),
                    [
                        "value": .number(quantile.value), "low": .number(quantile.low),
                        "high": quantile.high.map { .number($0) } ?? .null,
                    ])
            })),
            .init("thresholds", .object(thresholds.map { sigma, threshold in
                .init(NumberFormat.plain(sigma), json(of: threshold))
            })),
        ]
        if let observation { members.append(.init("observed", observation.json)) }
        return .object(members)
    }

    private func json(of threshold: Result<Threshold, Fault>) -> JSONValue {
        switch threshold {
        case .success(let threshold):
            [
                "value": .number(threshold.value), "low": .number(threshold.low), "high": .number(threshold.high),
                "method": .string(threshold.method.rawValue),
            ]
        case .failure(let fault):
            ["value": .null, "low": .null, "high": .null, "method": .null, "reason": .string("\(fault)")]
        }
    }

    private func ts(_ value: Double) -> String { NumberFormat.fixed(value, 3) }

    private func percent(_ fraction: Double) -> String { NumberFormat.fixed(100 * fraction, 1) }

    private func trimmed(_ table: Table) -> String { String(table.text.dropLast()) }
}
