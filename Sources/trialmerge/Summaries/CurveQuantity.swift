import Console
import Inference

/// What a curve shows of each point: a threshold, and the share of signal trials that must exceed it.
struct CurveQuantity {
    /// "sensitivity", "discovery" or "custom".
    let kind: String
    /// For people: "5σ discovery potential".
    let title: String
    /// One-sided significance of the threshold, if it is given by that.
    let sigma: Double?
    let criterion: DetectableSignal.Criterion

    static let sensitivity = CurveQuantity(
        kind: "sensitivity", title: "sensitivity", sigma: nil, criterion: .sensitivity)

    static func discovery(sigma: Double) -> CurveQuantity {
        CurveQuantity(
            kind: "discovery", title: "\(NumberFormat.plain(sigma))σ discovery potential", sigma: sigma,
            criterion: .discovery(sigma: sigma))
    }

    /// - Parameters:
    ///   - quantile: of the background, at which the threshold lies.
    ///   - power: the share of signal trials that must exceed it.
    static func custom(quantile: Double, power: Double) -> CurveQuantity {
        CurveQuantity(
            kind: "custom", title: "signal above the quantile \(NumberFormat.plain(quantile))", sigma: nil,
            criterion: DetectableSignal.Criterion(tailProbability: 1 - quantile, power: power))
    }

    /// "90 % of trials above the TS that 50 % of the background exceeds"
    var explanation: String {
        let power = NumberFormat.significant(100 * criterion.power, 3)
        let tail = NumberFormat.significant(criterion.tailProbability, 3)
        return "\(title): \(power) % of trials above a background tail of \(tail)"
    }

    var json: JSONValue {
        [
            "kind": .string(kind), "title": .string(title), "sigma": sigma.map { .number($0) } ?? .null,
            "power": .number(criterion.power), "tail_probability": .number(criterion.tailProbability),
        ]
    }
}
