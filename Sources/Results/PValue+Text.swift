import Console
import Inference

extension PValue {
    /// The p-value, its interval and its significance, as cells of a table. The significance is one-sided; a lower limit if
    /// no trial is as extreme.
    var cells: [String] { interval + [sigmaText] }

    var interval: [String] { [value, low, high].map { NumberFormat.significant($0, 3) } }

    var sigmaText: String {
        switch value {
        case 0: high < 1 ? "> \(NumberFormat.fixed(sigmaLow, 2))" : "-"
        case 1: "-"
        default: NumberFormat.fixed(sigma, 2)
        }
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
