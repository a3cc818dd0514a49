import Console
import Inference
import PointSource

/// Diagnostics of weighted background trials, and their agreement with ordinary trials.
struct WeightedSummary {
    let distribution: WeightedTSDistribution
    private let mixture: ProposalMixture
    /// The name of the fitted parameter besides n_s.
    private let parameter: String
    /// The TS of some significances, with the p-values from ordinary and from weighted trials.
    private let comparisons: [Comparison]
    private let survival: [(ts: Double, tail: WeightedTail)]

    /// The tails above one TS.
    private struct Comparison {
        let sigma: Double
        let ts: Double
        let counted: PValue
        let weighted: WeightedTail
        /// Their difference in combined standard errors.
        let deviations: Double
    }

    /// - Parameters:
    ///   - mixture: the mixture that the trials were drawn from.
    ///   - ordinary: ordinary trials to compare with; nil if there are none.
    ///   - end: the largest TS of the survival function.
    ///   - parameter: the name of the fitted parameter besides n_s.
    init(
        _ distribution: WeightedTSDistribution, _ mixture: ProposalMixture, ordinary: TSDistribution?, end: Double,
        parameter: String
    ) {
        self.parameter = parameter
        self.distribution = distribution
        self.mixture = mixture
        comparisons = [2.0, 3, 4, 5].compactMap { sigma in
            let p = Significance.tailProbability(sigma: sigma)
            guard let ordinary, Double(ordinary.count) * p >= TSDistribution.minimumCountedTail,
                let threshold = try? distribution.threshold(sigma: sigma),
                let tail = try? distribution.survival(above: threshold.value)
            else { return nil }
            let counted = ordinary.survival(above: threshold.value)
            let variance =
                tail.value * (1 - tail.value) / Double(ordinary.count)
                + tail.value * tail.value * tail.relativeError * tail.relativeError
            // No TS exceeds the spike at 0 near the poles.
            guard variance > 0 else { return nil }
            return Comparison(
                sigma: sigma, ts: threshold.value, counted: counted, weighted: tail,
                deviations: (counted.value - tail.value) / variance.squareRoot())
        }
        let steps = 50
        survival = (0...steps).compactMap { step in
            let ts = end * Double(step) / Double(steps)
            return (try? distribution.survival(above: ts)).map { (ts, $0) }
        }
    }

    var warnings: [String] {
        var warnings: [String] = []
        if !distribution.meanWeight.isCompatibleWithOne {
            warnings.append(
                "The mean weight is \(Self.brief(distribution.meanWeight)) instead of 1: do not use these results.")
        }
        for (point, mean) in zip(mixture.heldOutGroups, distribution.heldOut) where !mean.isCompatibleWithOne {
            warnings.append(
                "The mixture does not cover n_s \(NumberFormat.significant(point.signalEvents, 3)), \(parameter) "
                    + "\(NumberFormat.plain(point.gamma)): \(Self.brief(mean)) instead of 1; do not use these results.")
        }
        if let worst = comparisons.max(by: { $0.deviations.magnitude < $1.deviations.magnitude }),
            worst.deviations.magnitude > 4
        {
            warnings.append(
                "Ordinary and weighted trials disagree: by \(NumberFormat.fixed(worst.deviations, 1)) errors above TS "
                    + "\(NumberFormat.fixed(worst.ts, 2)); do not use these results.")
        }
        return warnings
    }

    /// The number of trials, their tail and their mean weight.
    var facts: String {
        "\(NumberFormat.count(distribution.count)) weighted trials for up to \(NumberFormat.plain(mixture.tail)) sigma, "
            + "mean weight \(Self.brief(distribution.meanWeight))"
    }

    /// - Parameter thresholds: from weighted trials.
    func sections(_ thresholds: [(sigma: Double, threshold: Threshold)]) -> [Section] {
        var table = Table([
            .number("sigma"), .number("TS above"), .number("error of p", unit: "%"), .number("effective size"),
            .number("largest share", unit: "%"), .number("equivalent to"), .name("trusted"),
        ])
        for (sigma, threshold) in thresholds {
            guard let tail = threshold.weighted else { continue }
            table.add([
                NumberFormat.plain(sigma), NumberFormat.fixed(threshold.value, 2),
                NumberFormat.significant(100 * tail.relativeError, 2), NumberFormat.count(Int(tail.effectiveSize)),
                NumberFormat.significant(100 * tail.largestShare, 2),
                NumberFormat.scientific(tail.equivalentTrials, 1), tail.isTrusted ? "yes" : "no",
            ])
        }
        var notes = ["\"equivalent to\": as many ordinary trials would count p with the same error."]
        notes += comparisons.map { comparison in
            "above TS \(NumberFormat.fixed(comparison.ts, 2)): counted p "
                + "\(NumberFormat.significant(comparison.counted.value, 3)), weighted "
                + "\(NumberFormat.significant(comparison.weighted.value, 3)), "
                + "\(NumberFormat.fixed(comparison.deviations, 1)) errors apart"
        }
        return [Section("Weighted trials:", table, note: (notes + warnings).joined(separator: "\n")), heldOutSection]
    }

    /// The means at points outside the mixture.
    var heldOutSection: Section {
        var heldOut = Table([.number("n_s"), .number(parameter), .number("mean"), .number("error")])
        for (point, mean) in zip(mixture.heldOutGroups, distribution.heldOut) {
            heldOut.add([
                NumberFormat.significant(point.signalEvents, 3), NumberFormat.plain(point.gamma),
                NumberFormat.fixed(mean.value, 3), NumberFormat.fixed(mean.error, 3),
            ])
        }
        return Section("Density ratios at points outside the mixture: 1 within errors if it covers them.", heldOut)
    }

    /// The object `weighted`.
    var json: JSONValue {
        [
            "trials": .integer(distribution.count), "tail": .number(mixture.tail),
            "mean_weight": .number(distribution.meanWeight.value),
            "mean_weight_error": .number(distribution.meanWeight.error),
            "held_out": .array(
                zip(mixture.heldOutGroups, distribution.heldOut).map { point, mean in
                    .object([
                        .init("ns", .number(point.signalEvents)), .init(parameter, .number(point.gamma)),
                        .init("mean", .number(mean.value)), .init("error", .number(mean.error)),
                    ])
                }),
            "agreement": .array(
                comparisons.map { comparison in
                    [
                        "sigma": .number(comparison.sigma), "ts": .number(comparison.ts),
                        "counted": .number(comparison.counted.value),
                        "weighted": .number(comparison.weighted.value),
                        "deviations": .number(comparison.deviations),
                    ]
                }),
            "survival": .array(
                survival.map { ts, tail in
                    [
                        "ts": .number(ts), "p": .number(tail.value), "low": .number(tail.low),
                        "high": .number(tail.high),
                    ]
                }),
        ]
    }

    private static func brief(_ mean: WeightedTSDistribution.Mean) -> String {
        "\(NumberFormat.fixed(mean.value, 3)) ± \(NumberFormat.fixed(mean.error, 3))"
    }
}

extension WeightedTail {
    /// What gives a number that can be trusted instead of one that cannot.
    static let remedy = "make more weighted trials, or a new file of those for more sigma (--tail)"

    /// The same in words, in two lines.
    var qualityText: String {
        "its error is \(NumberFormat.significant(100 * relativeError, 2)) %, effective size "
            + "\(NumberFormat.significant(effectiveSize, 3)), largest share "
            + "\(NumberFormat.significant(100 * largestShare, 2)) %;"
            + "\n\(NumberFormat.scientific(equivalentTrials, 1)) ordinary trials would count it as precisely"
    }

    /// The diagnostics of a number from weighted trials.
    var qualityMembers: [JSONValue.Member] {
        [
            .init("relative_error", .number(relativeError)), .init("effective_size", .number(effectiveSize)),
            .init("largest_share", .number(largestShare)), .init("equivalent_trials", .number(equivalentTrials)),
            .init("trusted", .bool(isTrusted)),
        ]
    }
}
