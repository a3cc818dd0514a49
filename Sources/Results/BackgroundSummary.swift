import Console
import Diagnostics
import Inference
import Settings

/// The distribution of TS without signal.
public struct BackgroundSummary: CommandResult {
    let campaign: Campaign
    public let distribution: TSDistribution
    let quantiles: [TSDistribution.Quantile]
    /// The TS above which the tail is fitted.
    let cut: Double
    /// The thresholds of 1 to 5 sigma; a fault where the trials do not give one.
    public let thresholds: [(sigma: Double, threshold: Result<Threshold, Fault>)]
    /// Each threshold by every method that the trials allow, in the order of ``thresholds``.
    let estimates: [[Threshold]]
    let tail: TailSummary
    public let observation: ObservedSignificance?

    private static let probabilities = [0.1, 0.5, 0.9, 0.95, 0.99, 0.999]

    /// - Parameters:
    ///   - cut: the TS above which the tail is fitted if it cannot be counted.
    ///   - observed: a TS whose significance is computed.
    /// - Throws: `Fault` of kind `usage` for an invalid cut or observed TS.
    public init(campaign: Campaign, background: TSDistribution, cut: Double, observed: Double?) throws {
        self.campaign = campaign
        self.cut = cut
        distribution = background
        quantiles = try Self.probabilities.map { try background.quantile($0) }
        tail = TailSummary(
            study: try TailStudy(background, cut: cut),
            fractionAboveZero: Double(background.count(above: 0)) / Double(background.count))
        let fits = tail.study.fits.map(\.distribution)
        thresholds = background.thresholds(cut: cut)
        estimates = try thresholds.map {
            try background.thresholds(tailProbability: Significance.tailProbability(sigma: $0.sigma), fits: fits)
        }
        observation = try observed.map { try ObservedSignificance(ts: $0, background: background, fits: fits) }
    }

    /// Fits to the background's tail; thresholds come from the first. Empty if there are too few trials.
    public var tailFits: [TruncatedGamma] { tail.study.fits.map(\.distribution) }

    /// The fits with their goodness of fit.
    public var tailStudy: TailStudy { tail.study }

    public var warnings: [String] { tail.study.warnings + (observation?.warnings ?? []) }

    public var text: String {
        let tables = [Section("background of \(campaign.line)\n\(facts.heading)")] + tables.dropFirst()
        return (tables + (observation.map { [$0.section] } ?? [])).text
    }

    /// The number of trials, quantiles, thresholds and fits.
    public var tables: [Section] { [facts, quantileSection, thresholdSection] + tail.sections }

    private var facts: Section {
        let zero = NumberFormat.fixed(100 * distribution.fractionAtZero, 1)
        var text = "\(NumberFormat.count(distribution.count)) trials, \(zero) % with TS = 0, largest TS "
        text += NumberFormat.fixed(distribution.maximum, 3)
        if distribution.countBelowZero > 0 {
            text +=
                "\n\(NumberFormat.fixed(100 * fractionBelowZero, 1)) % with TS < 0, smallest TS \(ts(distribution.minimum))"
        }
        guard distribution.binnedCount > 0 else { return Section(text) }
        let width = NumberFormat.significant(100 * TSHistogram.relativeWidth, 2)
        return Section(
            text
                + "\nexact above TS \(ts(distribution.exactAbove)) and at the cut; else counted in bins \(width) % wide"
        )
    }

    private var quantileSection: Section {
        var table = Table([.number("trials below", unit: "%"), .number("TS"), .number("low"), .number("high")])
        for quantile in quantiles {
            table.add([
                NumberFormat.plain(quantile.probability * 100), ts(quantile.value), ts(quantile.low),
                quantile.high.map(ts) ?? "unbounded",
            ])
        }
        return Section("", table)
    }

    private var thresholdSection: Section {
        var table = Table([
            .number("sigma"), .number("p-value"), .number("TS above"), .number("low"), .number("high"),
            .name("method"),
        ])
        var (lacksAny, extrapolated): (Bool, [String]) = (false, [])
        for ((sigma, result), estimates) in zip(thresholds, estimates) {
            let tail = NumberFormat.significant(Significance.tailProbability(sigma: sigma), 3)
            switch result {
            case .success(let threshold):
                let decades = Extrapolation.decades(threshold.tailProbability, trials: distribution.count)
                if threshold.method != .counted, decades > 0 {
                    let range = Extrapolation.text(decades, trials: distribution.count)
                    extrapolated.append("\(NumberFormat.plain(sigma)) sigma: \(range).")
                }
                // The first is the one to quote.
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
        if lacksAny {
            extrapolated.append(
                """
                A threshold is counted with \(NumberFormat.plain(TSDistribution.minimumCountedTail)) trials above it, \
                or fitted with \(TruncatedGamma.minimumTrials) above TS \(NumberFormat.plain(cut)).
                """)
        }
        return Section("", table, note: extrapolated.joined(separator: "\n"))
    }

    private var fractionBelowZero: Double { Double(distribution.countBelowZero) / Double(distribution.count) }

    /// Keys of docs/architecture.md, "JSON keys that other programs may rely on".
    public var members: [JSONValue.Member] {
        let quantiles = quantiles.map { quantile -> JSONValue.Member in
            .init(
                NumberFormat.plain(quantile.probability),
                [
                    "value": .number(quantile.value), "low": .number(quantile.low), "high": .number(quantile.high),
                ])
        }
        let names = thresholds.map { NumberFormat.plain($0.sigma) }
        let members: [JSONValue.Member] = [
            .init("n", .integer(distribution.count)),
            .init("frac_ts_0", .number(distribution.fractionAtZero)),
            .init("frac_ts_below_0", .number(fractionBelowZero)), .init("ts_min", .number(distribution.minimum)),
            .init("ts_max", .number(distribution.maximum)),
            .init("ts_exact_above", .number(distribution.exactAbove)),
            .init("ts_bin_relative_width", .number(distribution.binnedCount > 0 ? TSHistogram.relativeWidth : 0)),
            .init("ts_quantiles", .object(quantiles)),
            .init("thresholds", .object(zip(names, thresholds).map { .init($0, json(of: $1.threshold)) })),
            .init(
                "threshold_estimates",
                .object(zip(names, estimates).map { .init($0, .array($1.map { .object($0.members) })) })),
        ]
        return members + tail.members + (observation.map { [.init("observed", $0.json)] } ?? [])
    }

    private func json(of threshold: Result<Threshold, Fault>) -> JSONValue {
        switch threshold {
        case .success(let threshold):
            .object(
                threshold.members + [
                    .init(
                        "extrapolated_decades",
                        threshold.method == .counted
                            ? .null
                            : .number(Extrapolation.decades(threshold.tailProbability, trials: distribution.count)))
                ])
        case .failure(let fault):
            ["value": .null, "low": .null, "high": .null, "method": .null, "reason": .string("\(fault)")]
        }
    }

    private func ts(_ value: Double) -> String { NumberFormat.fixed(value, 3) }
}
