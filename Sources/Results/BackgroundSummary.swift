import Console
import Diagnostics
import Inference
import PointSource
import Settings

/// The distribution of TS without signal.
public struct BackgroundSummary: CommandResult {
    let campaign: Campaign
    /// The distribution of ordinary trials; nil if there are none.
    public let distribution: TSDistribution?
    /// Quantiles of ordinary trials or, without these, of weighted trials; undetermined ones are omitted.
    let quantiles: [TSDistribution.Quantile]
    /// The TS above which the tail is fitted.
    let cut: Double
    /// The thresholds of 1 to 5 sigma (7 with weighted trials); a fault where the trials do not give one.
    public let thresholds: [(sigma: Double, threshold: Result<Threshold, Fault>)]
    /// Each threshold by every method that the trials allow, in the order of ``thresholds``.
    let estimates: [[Threshold]]
    /// The fits to the tail of ordinary trials; nil if there are none.
    let tail: TailSummary?
    /// Nil if there are no weighted trials.
    let weights: WeightedSummary?
    public let observation: ObservedSignificance?

    private static let probabilities = [0.1, 0.5, 0.9, 0.95, 0.99, 0.999]

    /// - Parameters:
    ///   - mixture: the mixture of the weighted trials; nil if there are none.
    ///   - cut: the TS above which the tail is fitted if it cannot be counted.
    ///   - observed: a TS whose significance is computed.
    /// - Throws: `Fault` of kind `usage` for an invalid cut or observed TS.
    public init(
        campaign: Campaign, background: BackgroundTrials, mixture: ProposalMixture? = nil, cut: Double,
        observed: Double?
    ) throws {
        self.campaign = campaign
        self.cut = cut
        let (ordinary, weighted) = (background.ordinary, background.weighted)
        distribution = ordinary
        quantiles = try Self.probabilities.compactMap { probability in
            if let ordinary { return try ordinary.quantile(probability) }
            guard let found = try? weighted?.threshold(tailProbability: 1 - probability) else { return nil }
            return TSDistribution.Quantile(
                probability: probability, value: found.value, low: found.low, high: found.high)
        }
        tail = try ordinary.map { ordinary in
            TailSummary(
                study: try TailStudy(ordinary, cut: cut),
                fractionAboveZero: Double(ordinary.count(above: 0)) / Double(ordinary.count))
        }
        let fits = tail?.study.fits.map(\.distribution) ?? []
        let sigmas: [Double] = weighted == nil ? [1, 2, 3, 4, 5] : [1, 2, 3, 4, 5, 6, 7]
        thresholds = try sigmas.map { sigma in
            do {
                let p = Significance.tailProbability(sigma: sigma)
                return (sigma, .success(try background.threshold(tailProbability: p, cut: cut)))
            } catch let fault as Fault where fault.kind == .badData {
                return (sigma, .failure(fault))
            }
        }
        estimates = try sigmas.map { sigma in
            let p = Significance.tailProbability(sigma: sigma)
            let fromWeights = (try? weighted?.threshold(tailProbability: p)).map { [$0] } ?? []
            return try fromWeights + (ordinary?.thresholds(tailProbability: p, fits: fits) ?? [])
        }
        let end = thresholds.compactMap { try? $0.threshold.get().high }.max() ?? 1
        weights = weighted.flatMap { weighted in
            mixture.map {
                WeightedSummary(
                    weighted, $0, ordinary: ordinary, end: end,
                    parameter: campaign.configuration.settings.parameter.label)
            }
        }
        observation = try observed.map {
            try ObservedSignificance(
                ts: $0, background: background, fits: fits,
                canBeWeighted: campaign.canBeWeighted)
        }
    }

    /// The weighted trials; nil if there are none.
    public var weighted: WeightedTSDistribution? { weights?.distribution }

    /// Fits to the background's tail; thresholds come from the first. Empty if there are too few trials.
    public var tailFits: [TruncatedGamma] { tail?.study.fits.map(\.distribution) ?? [] }

    /// The fits with their goodness of fit; nil without ordinary trials.
    public var tailStudy: TailStudy? { tail?.study }

    public var warnings: [String] {
        (tail?.study.warnings ?? []) + (weights?.warnings ?? []) + untrusted + (observation?.warnings ?? [])
    }

    /// Warnings about untrusted thresholds that have no better alternative.
    private var untrusted: [String] {
        if weighted?.isSound == false { return [] }
        return thresholds.compactMap { sigma, threshold in
            guard let tail = try? threshold.get().weighted, !tail.isTrusted else { return nil }
            return "The threshold of \(NumberFormat.plain(sigma)) sigma cannot be trusted: \(WeightedTail.remedy)."
        }
    }

    public var text: String {
        let tables = [Section("background of \(campaign.line)\n\(facts.heading)")] + tables.dropFirst()
        return (tables + (observation.map { [$0.section] } ?? [])).text
    }

    /// The number of trials, quantiles, thresholds and fits.
    public var tables: [Section] {
        [facts, quantileSection, thresholdSection]
            + (weights?.sections(weightedThresholds) ?? []) + (tail?.sections ?? [])
    }

    private var weightedThresholds: [(sigma: Double, threshold: Threshold)] {
        zip(thresholds, estimates).flatMap { quoted, estimates in
            estimates.filter { $0.weighted != nil }.map { (quoted.sigma, $0) }
        }
    }

    private var facts: Section {
        guard let distribution else {
            let zero = NumberFormat.fixed(100 * (weighted?.fractionAtZero ?? 0), 1)
            return Section("\(weights?.facts ?? ""), \(zero) % with TS = 0")
        }
        let zero = NumberFormat.fixed(100 * distribution.fractionAtZero, 1)
        var text = "\(NumberFormat.count(distribution.count)) trials, \(zero) % with TS = 0, largest TS "
        text += NumberFormat.fixed(distribution.maximum, 3)
        if distribution.countBelowZero > 0 {
            text +=
                "\n\(NumberFormat.fixed(100 * (fractionBelowZero ?? 0), 1)) % with TS < 0, smallest TS \(ts(distribution.minimum))"
        }
        if let weights { text += "\n\(weights.facts)" }
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
                let trials = distribution?.count ?? 0
                let decades = Extrapolation.decades(threshold.tailProbability, trials: trials)
                if threshold.isFitted, decades > 0 {
                    let range = Extrapolation.text(decades, trials: trials)
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
        if !extrapolated.isEmpty || (lacksAny && weights == nil), campaign.canBeWeighted {
            extrapolated.append(Extrapolation.replacement)
        }
        if lacksAny {
            extrapolated.append(
                """
                A threshold is counted with \(NumberFormat.plain(TSDistribution.minimumCountedTail)) trials above it, \
                or fitted with \(TruncatedGamma.minimumTrials) above TS \(NumberFormat.plain(distribution?.tailCut(atLeast: cut) ?? cut)).
                """)
        }
        return Section("", table, note: extrapolated.joined(separator: "\n"))
    }

    private var fractionBelowZero: Double? { distribution.map { Double($0.countBelowZero) / Double($0.count) } }

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
            .init("n", .integer(distribution?.count ?? 0)),
            .init("frac_ts_0", .number(distribution?.fractionAtZero ?? weighted?.fractionAtZero)),
            .init("frac_ts_below_0", .number(fractionBelowZero)), .init("ts_min", .number(distribution?.minimum)),
            .init("ts_max", .number(distribution?.maximum)),
            .init("ts_exact_above", .number(distribution?.exactAbove)),
            .init(
                "ts_bin_relative_width",
                .number(distribution.map { $0.binnedCount > 0 ? TSHistogram.relativeWidth : 0 })),
            .init("ts_quantiles", .object(quantiles)),
            .init("thresholds", .object(zip(names, thresholds).map { .init($0, json(of: $1.threshold)) })),
            .init(
                "threshold_estimates",
                .object(zip(names, estimates).map { .init($0, .array($1.map { .object($0.members) })) })),
        ]
        return members + (tail?.members ?? []) + (weights.map { [.init("weighted", $0.json)] } ?? [])
            + (observation.map { [.init("observed", $0.json)] } ?? []) + campaign.energyMembersIfAny
    }

    private func json(of threshold: Result<Threshold, Fault>) -> JSONValue {
        switch threshold {
        case .success(let threshold):
            .object(
                threshold.members + [
                    .init(
                        "extrapolated_decades",
                        .number(
                            threshold.isFitted
                                ? Extrapolation.decades(threshold.tailProbability, trials: distribution?.count ?? 0)
                                : nil))
                ])
        case .failure(let fault):
            ["value": .null, "low": .null, "high": .null, "method": .null, "reason": .string("\(fault)")]
        }
    }

    private func ts(_ value: Double) -> String { NumberFormat.fixed(value, 3) }
}
