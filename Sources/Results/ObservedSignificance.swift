import Console
import Diagnostics
import Inference

/// The p-value of an observed TS against background trials: counted, from weighted trials and, where the tail can be
/// fitted, by the fits.
public struct ObservedSignificance {
    public let ts: Double
    let trialsAtOrAbove: Int
    let trials: Int
    /// Nil without ordinary trials.
    let counted: PValue?
    /// Nil without weighted trials.
    let weighted: PValue?
    /// The recommended p-value.
    let best: PValue
    /// By the gamma and the χ² distribution; empty if the observed TS lies below the cut or too few trials lie above it.
    let fitted: [PValue]
    /// Whether there can be weighted trials.
    private let canBeWeighted: Bool

    /// The desired relative precision of a counted p-value.
    private static let precision = 0.1

    /// - Parameters:
    ///   - fits: fits to the tail; the first is quoted if counting is not precise enough.
    ///   - canBeWeighted: whether there can be weighted trials.
    /// - Throws: `Fault` of kind `usage` for a TS that is not finite.
    init(ts: Double, background: BackgroundTrials, fits: [TruncatedGamma], canBeWeighted: Bool) throws {
        (self.ts, self.canBeWeighted) = (ts, canBeWeighted)
        trialsAtOrAbove = background.ordinary?.count(atOrAbove: ts) ?? 0
        trials = background.ordinary?.count ?? 0
        counted = try background.ordinary?.pValue(of: ts)
        let tail = try background.weighted?.pValue(of: ts)
        weighted = tail.map { PValue($0) }
        fitted = try fits.filter { ts >= $0.cut }.map { try $0.pValue(of: ts) }
        let isCounted = Double(trialsAtOrAbove) >= TSDistribution.minimumCountedTail
        // Without weights all TS up to 0 have p = 1.
        let isWeighted = tail.map { background.quotesWeighted($0, isCounted: isCounted) && ts > 0 } ?? false
        let others = isCounted ? counted : fitted.first ?? counted
        guard let best = isWeighted ? weighted : others ?? weighted else {
            throw Fault(.badData, "there are no background trials", remedy: "make some with trialgen run --mu 0")
        }
        self.best = best
    }

    /// All p-values.
    private var all: [PValue] { [counted, weighted].compactMap { $0 } + fitted }

    /// How many more trials are needed to count the p-value to ``precision``; a lower limit if the size of the p-value
    /// is not known.
    private var moreTrials: Double {
        let p = best.method == .weighted ? best : all.first { $0.value > 0 } ?? best
        return max(0, (p.trialsNeeded(forPrecision: Self.precision) - Double(trials)).rounded(.up))
    }

    /// Decades between the recommended p-value and the smallest one that the trials reach; nil if it is counted.
    private var decades: Double? {
        fitted.contains { $0.method == best.method } ? Extrapolation.decades(best.value, trials: trials) : nil
    }

    private var extrapolation: String? {
        guard let decades, decades > 0 else { return nil }
        return decades.isFinite
            ? Extrapolation.text(decades, trials: trials) : "too small to be represented as a number"
    }

    public var warnings: [String] {
        (extrapolation.map { ["The p-value is \($0)."] + (canBeWeighted ? [Extrapolation.replacement] : []) } ?? [])
            + (best.weighted?.isTrusted == false
                ? ["The p-value cannot be trusted: \(WeightedTail.remedy)."] : [])
    }

    public var section: Section {
        var table = Table([
            .number("observed TS"), .number("p-value"), .number("low"), .number("high"), .number("sigma"),
            .number("low"), .number("high"), .name("method"),
        ])
        for p in all {
            table.add(
                [NumberFormat.fixed(ts, 3)] + [p.value, p.low, p.high].map { NumberFormat.significant($0, 3) }
                    + [p.sigma, p.sigmaLow, p.sigmaHigh].map { NumberFormat.fixed($0, 2) } + [p.method.rawValue])
        }
        let (above, total) = (NumberFormat.count(trialsAtOrAbove), NumberFormat.count(trials))
        let count = counted == nil ? "" : "\(above) of \(total) trials have a TS at least as large; "
        let quality = best.weighted.map { "\n" + $0.qualityText }
        return Section(
            "", table,
            note: """
                \(count)the recommended p-value is the \(best.method.rawValue) one\(quality ?? precisionText)
                """ + warnings.map { "\n" + $0 }.joined())
    }

    private var precisionText: String {
        guard moreTrials > 0 else { return "" }
        let isLimit = counted?.value == 0 && fitted.isEmpty
        let number = (isLimit ? "at least " : "about ") + NumberFormat.significant(moreTrials, 2)
        return "\n\(number) more trials would count it to \(NumberFormat.plain(100 * Self.precision)) %"
    }

    /// An infinite significance (no trial with as large a TS) is null.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("ts", .number(ts)), .init("n_at_or_above", .integer(trialsAtOrAbove)),
        ]
        members += Self.members(best)
        members.append(.init("n_more_for_10_percent", .number(moreTrials)))
        members.append(.init("extrapolated_decades", .number(decades)))
        members.append(.init("counted", counted.map { .object(Self.members($0)) } ?? .null))
        if let weighted { members.append(.init("weighted", .object(Self.members(weighted)))) }
        for (key, method) in [("gamma_fit", Threshold.Method.gammaFit), ("chi2_fit", .chiSquareFit)] {
            let p = fitted.first { $0.method == method }
            members.append(.init(key, p.map { .object(Self.members($0)) } ?? .null))
        }
        return .object(members)
    }

    private static func members(_ p: PValue) -> [JSONValue.Member] {
        [
            .init("p_value", .number(p.value)), .init("p_low", .number(p.low)), .init("p_high", .number(p.high)),
            .init("sigma", .number(p.sigma)), .init("sigma_low", .number(p.sigmaLow)),
            .init("sigma_high", .number(p.sigmaHigh)), .init("method", .string(p.method.rawValue)),
        ] + (p.weighted?.qualityMembers ?? [])
    }
}
