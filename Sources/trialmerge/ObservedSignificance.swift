import Console
import Diagnostics
import Inference

/// The p-value of an observed TS against background trials, counted and, where the tail can be fitted, by the fit.
struct ObservedSignificance {
    let ts: Double
    let trialsAtOrAbove: Int
    let trials: Int
    let counted: PValue
    /// Nil where the observed TS lies below the cut or too few trials lie above it.
    let fitted: PValue?

    /// - Throws: `Fault` of kind `usage` for a TS that is no number.
    init(ts: Double, background: TSDistribution, cut: Double) throws {
        self.ts = ts
        trialsAtOrAbove = background.count(atOrAbove: ts)
        trials = background.count
        counted = try background.pValue(of: ts)
        let canFit = ts >= cut && background.count(above: cut) >= TruncatedGamma.minimumTrials
        fitted = canFit ? try TruncatedGamma(fitting: background, above: cut).pValue(of: ts) : nil
    }

    /// The counted p-value where trials suffice by the rule of thresholds, else the fitted one if there is one.
    var best: PValue {
        Double(trialsAtOrAbove) >= TSDistribution.minimumCountedTail ? counted : fitted ?? counted
    }

    var text: String {
        var table = Table([
            .number("observed TS"), .number("p-value"), .number("low"), .number("high"), .number("sigma"),
            .number("low"), .number("high"), .name("method"),
        ])
        for p in [counted] + (fitted.map { [$0] } ?? []) {
            table.add(
                [NumberFormat.fixed(ts, 3)] + [p.value, p.low, p.high].map { NumberFormat.significant($0, 3) }
                    + [p.sigma, p.sigmaLow, p.sigmaHigh].map { NumberFormat.fixed($0, 2) } + [p.method.rawValue])
        }
        let (above, all) = (NumberFormat.count(trialsAtOrAbove), NumberFormat.count(trials))
        return """
            \(table.text)\(above) of \(all) trials have a TS at least as large; \
            the p-value to quote is the \(best.method == .counted ? "counted" : "fitted") one
            """
    }

    /// An infinite significance (no trial as large) is null.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("ts", .number(ts)), .init("n_at_or_above", .integer(trialsAtOrAbove)),
        ]
        members += Self.members(best)
        members.append(.init("counted", .object(Self.members(counted))))
        members.append(.init("gamma_fit", fitted.map { .object(Self.members($0)) } ?? .null))
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
