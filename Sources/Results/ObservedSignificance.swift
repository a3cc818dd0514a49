import Console
import Diagnostics
import Inference

/// The p-value of an observed TS against background trials: counted, and by the fits if the tail can be fitted.
public struct ObservedSignificance {
    public let ts: Double
    let trialsAtOrAbove: Int
    let trials: Int
    let counted: PValue
    /// By the gamma and the χ² distribution; empty if the observed TS lies below the cut or too few trials lie above
    /// it.
    let fitted: [PValue]

    /// The desired relative precision of a counted p-value.
    private static let precision = 0.1

    /// - Parameter fits: fits to the tail; the first is quoted if counting is not precise enough.
    /// - Throws: `Fault` of kind `usage` for a TS that is not finite.
    init(ts: Double, background: TSDistribution, fits: [TruncatedGamma]) throws {
        self.ts = ts
        trialsAtOrAbove = background.count(atOrAbove: ts)
        trials = background.count
        counted = try background.pValue(of: ts)
        fitted = try fits.filter { ts >= $0.cut }.map { try $0.pValue(of: ts) }
    }

    /// The counted p-value if there are enough trials by the rule of thresholds, else the fitted one if there is one.
    var best: PValue {
        Double(trialsAtOrAbove) >= TSDistribution.minimumCountedTail ? counted : fitted.first ?? counted
    }

    /// How many more trials are needed to count the p-value to ``precision``; a lower limit if the size of the p-value
    /// is not known.
    private var moreTrials: Double {
        let p = counted.value > 0 ? counted : fitted.first ?? counted
        return max(0, (p.trialsNeeded(forPrecision: Self.precision) - Double(trials)).rounded(.up))
    }

    /// Decades between the p-value to quote and the smallest one that the trials reach; nil if it is counted.
    private var decades: Double? {
        best.method == .counted ? nil : Extrapolation.decades(best.value, trials: trials)
    }

    private var extrapolation: String? {
        guard let decades, decades > 0 else { return nil }
        return decades.isFinite
            ? Extrapolation.text(decades, trials: trials) : "too small to be represented as a number"
    }

    var warnings: [String] {
        extrapolation.map {
            ["The p-value is \($0)."]
        } ?? []
    }

    public var section: Section {
        var table = Table([
            .number("observed TS"), .number("p-value"), .number("low"), .number("high"), .number("sigma"),
            .number("low"), .number("high"), .name("method"),
        ])
        for p in [counted] + fitted {
            table.add(
                [NumberFormat.fixed(ts, 3)] + [p.value, p.low, p.high].map { NumberFormat.significant($0, 3) }
                    + [p.sigma, p.sigmaLow, p.sigmaHigh].map { NumberFormat.fixed($0, 2) } + [p.method.rawValue])
        }
        let (above, all) = (NumberFormat.count(trialsAtOrAbove), NumberFormat.count(trials))
        return Section(
            "", table,
            note: """
                \(above) of \(all) trials have a TS at least as large; the p-value to quote is the \
                \(best.method.rawValue) one\(precisionText)
                """ + warnings.map { "\n" + $0 }.joined())
    }

    private var precisionText: String {
        guard moreTrials > 0 else { return "" }
        let isLimit = counted.value == 0 && fitted.isEmpty
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
        members.append(.init("counted", .object(Self.members(counted))))
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
        ]
    }
}
