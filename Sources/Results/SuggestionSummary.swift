import Console
import Inference

/// The trials needed for a given precision of sensitivity and discovery potential.
public struct SuggestionSummary: CommandResult {
    let suggestion: TrialSuggestion
    /// The relative error to reach.
    let target: Double
    /// The names of the quantities.
    let quantities: [String]
    /// The tail of the weighted trials, in sigma; nil if there are none.
    private let tail: Double?
    /// Whether weighted trials would be better for a quantity than ordinary background trials.
    private let needsTail: Bool

    /// - Parameters:
    ///   - tail: the tail of the existing weighted trials.
    ///   - sigmas: the significances of the quantities.
    ///   - canBeWeighted: whether there can be weighted trials.
    public init(
        _ suggestion: TrialSuggestion, target: Double, quantities: [String], sigmas: [Double], tail: Double?,
        canBeWeighted: Bool
    ) {
        needsTail = canBeWeighted && tail == nil && sigmas.contains { $0 > 3 }
        self.tail = tail
        self.suggestion = suggestion
        self.target = target
        self.quantities = quantities
    }

    /// Why there is no answer yet.
    public var warnings: [String] { suggestion.reasons.map { "too few trials: \($0)" } }

    /// The key `trials` for a campaign file.
    public var text: String {
        let aim = "\(quantities.joined(separator: ", ")) to \(NumberFormat.percent(target)) %"
        let heading = suggestion.reasons.isEmpty ? "# for \(aim)" : "# a step towards \(aim)"
        let lines = suggestion.orders.map { order in
            "  - {mu: \(NumberFormat.plain(order.mu)), count: \(order.count)"
                + (tail(of: order).map { ", tail: \(NumberFormat.plain($0))" } ?? "") + "}"
        }
        let hint =
            needsTail
            ? [
                "  # for thresholds above 3 sigma without a fit and with fewer trials at mu 0, add:",
                "  # " + Self.weighted,
            ]
            : []
        return ([heading, "trials:"] + lines + hint).joined(separator: "\n")
    }

    private static let weighted = "- {mu: 0, count: 100000, tail: 7}"

    private func tail(of order: TrialSuggestion.Order) -> Double? { order.isWeighted ? tail : nil }

    public var members: [JSONValue.Member] {
        [
            .init("target", .number(target)), .init("complete", .bool(suggestion.reasons.isEmpty)),
            .init("reasons", .strings(suggestion.reasons)),
            .init(
                "trials",
                .array(
                    suggestion.orders.map { order in
                        .object(
                            [.init("mu", .number(order.mu)), .init("count", .integer(order.count))]
                                + (tail(of: order).map { [.init("tail", .number($0))] } ?? []))
                    })),
        ]
    }
}
