import Console
import Inference

extension PValue {
    /// The p-value, its interval and its significance, as cells of a table. The significance is one-sided; a lower limit if
    /// no trial is as extreme.
    var cells: [String] { interval + [sigmaText] }

    private var interval: [String] { [value, low, high].map { NumberFormat.significant($0, 3) } }

    private var sigmaText: String {
        switch value {
        case 0: high < 1 ? "> \(NumberFormat.fixed(sigmaLow, 2))" : "-"
        case 1: "-"
        default: NumberFormat.fixed(sigma, 2)
        }
    }

    /// The p-value without its interval; the upper end of the interval if no trial is as extreme.
    var valueText: String { value > 0 ? interval[0] : high < 1 ? "< \(interval[2])" : "-" }

    /// The p-value and its one-sided significance with their intervals, as numbers of a summary; only the end of the interval
    /// if no trial is as extreme.
    ///
    /// - Parameter warnings: of the p-value.
    func quantities(_ title: String, warnings: [String] = []) -> [Quantity] {
        let p = interval
        let sigma = [sigma, sigmaLow, sigmaHigh].map { NumberFormat.fixed($0, 2) }
        let isUnbounded = value <= 0
        let isUnknown = isUnbounded ? high >= 1 : value >= 1
        return [
            Quantity(
                title, isUnbounded ? valueText : "\(p[0]) [\(p[1]), \(p[2])]", note: method.rawValue,
                warnings: warnings),
            Quantity(
                "significance",
                isUnknown ? "-" : isUnbounded ? "> \(sigma[1])" : "\(sigma[0]) [\(sigma[1]), \(sigma[2])]",
                isUnknown ? "" : "σ, one-sided"),
        ]
    }

    /// A warning if few of the trials are as extreme; nil if they suffice.
    ///
    /// - Parameters:
    ///   - trials: their number.
    ///   - what: "the TS of NGC 1068".
    ///   - purpose: what more trials resolve.
    func shortage(of trials: Int, reaching what: String, toResolve purpose: String) -> String? {
        let above = Int((value * Double(trials)).rounded())
        guard Double(above) < TSDistribution.minimumCountedTail else { return nil }
        return "only \(NumberFormat.count(above)) of \(NumberFormat.count(trials)) trials reach \(what): "
            + "make more trials to resolve \(purpose)"
    }

    /// `key`, `key_low` and `key_high`.
    func members(_ key: String) -> [JSONValue.Member] {
        [.init(key, .number(value)), .init("\(key)_low", .number(low)), .init("\(key)_high", .number(high))]
    }

    /// `method` and the diagnostics of a p-value from weighted trials; empty for others.
    var weightedMembers: [JSONValue.Member] {
        weighted.map { [.init("method", .string(method.rawValue))] + $0.qualityMembers } ?? []
    }
}
