import Console
import Diagnostics
import Inference
import Settings

/// The distribution of TS without signal, as text and as JSON.
struct BackgroundSummary {
    let campaign: Campaign
    let background: TSDistribution
    let quantiles: [TSDistribution.Quantile]
    /// The TS above which the tail is fitted.
    let cut: Double
    let thresholds: [(sigma: Double, threshold: Result<Threshold, Fault>)]
    /// Each threshold in every way that the trials allow, in the order of ``thresholds``.
    let estimates: [[Threshold]]
    let tail: TailSummary
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
        let study = try TailStudy(background, cut: cut)
        let laws = study.fits.map(\.distribution)
        tail = TailSummary(study: study, fractionAboveZero: 1 - background.fractionAtZero)
        thresholds = background.thresholds(cut: cut)
        estimates = try thresholds.map {
            try background.thresholds(
                tailProbability: Significance.tailProbability(sigma: $0.sigma), fits: laws)
        }
        observation = try observed.map { try ObservedSignificance(ts: $0, background: background, laws: laws) }
    }

    var text: String {
        var sections = [
            """
            background of \(campaign.line)
            \(NumberFormat.count(background.count)) trials, \(percent(background.fractionAtZero)) % with TS = 0, \
            largest TS \(NumberFormat.fixed(background.maximum, 3))
            """ + exactness,
            quantileTable, thresholdTable, tail.text,
        ].filter { !$0.isEmpty }
        if let observation { sections.append(observation.text) }
        return sections.joined(separator: "\n\n")
    }

    /// What is not exact; nothing where all is.
    private var exactness: String {
        guard background.binnedCount > 0 else { return "" }
        let width = NumberFormat.significant(100 * TSHistogram.relativeWidth, 2)
        return "\nexact above TS \(ts(background.exactAbove)) and at the cut; else counted in bins \(width) % wide"
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
        for ((sigma, result), estimates) in zip(thresholds, estimates) {
            let tail = NumberFormat.significant(Significance.tailProbability(sigma: sigma), 3)
            switch result {
            case .success(let threshold):
                // The one to quote, and below it the others.
                let others = estimates.filter { $0.method != threshold.method }
                for (row, estimate) in ([threshold] + others).enumerated() {
                    table.add(
                        (row == 0 ? [NumberFormat.plain(sigma), tail] : ["", ""])
                            + [estimate.value, estimate.low, estimate.high].map(ts) + [estimate.method.rawValue])
                }
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
            .init("ts_exact_above", .number(background.exactAbove)),
            .init("ts_bin_relative_width", .number(background.binnedCount > 0 ? TSHistogram.relativeWidth : 0)),
            .init(
                "ts_quantiles",
                .object(
                    quantiles.map { quantile in
                        .init(
                            NumberFormat.plain(quantile.probability),
                            [
                                "value": .number(quantile.value), "low": .number(quantile.low),
                                "high": quantile.high.map { .number($0) } ?? .null,
                            ])
                    })),
            .init(
                "thresholds",
                .object(
                    thresholds.map { sigma, threshold in
                        .init(NumberFormat.plain(sigma), json(of: threshold))
                    })),
        ]
        members.append(
            .init(
                "threshold_estimates",
                .object(
                    zip(thresholds, estimates).map { threshold, estimates in
                        .init(
                            NumberFormat.plain(threshold.sigma), .array(estimates.map { .object(Self.members(of: $0)) })
                        )
                    })))
        members += tail.members
        if let observation { members.append(.init("observed", observation.json)) }
        return .object(members)
    }

    private func json(of threshold: Result<Threshold, Fault>) -> JSONValue {
        switch threshold {
        case .success(let threshold): .object(Self.members(of: threshold))
        case .failure(let fault):
            ["value": .null, "low": .null, "high": .null, "method": .null, "reason": .string("\(fault)")]
        }
    }

    private static func members(of threshold: Threshold) -> [JSONValue.Member] {
        [
            .init("value", .number(threshold.value)), .init("low", .number(threshold.low)),
            .init("high", .number(threshold.high)), .init("method", .string(threshold.method.rawValue)),
        ]
    }

    private func ts(_ value: Double) -> String { NumberFormat.fixed(value, 3) }

    private func percent(_ fraction: Double) -> String { NumberFormat.fixed(100 * fraction, 1) }

    private func trimmed(_ table: Table) -> String { String(table.text.dropLast()) }
}
