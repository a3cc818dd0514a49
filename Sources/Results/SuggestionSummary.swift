import Console
import Inference

/// The trials needed for a given precision of sensitivity and discovery potential.
public struct SuggestionSummary: CommandResult {
    let suggestion: TrialSuggestion
    /// The relative error to reach.
    let target: Double
    /// The names of the quantities.
    let quantities: [String]

    public init(_ suggestion: TrialSuggestion, target: Double, quantities: [String]) {
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
        let lines = suggestion.orders.map { "  - {mu: \(NumberFormat.plain($0.mu)), count: \($0.count)}" }
        return ([heading, "trials:"] + lines).joined(separator: "\n")
    }

    public var members: [JSONValue.Member] {
        [
            .init("target", .number(target)), .init("complete", .bool(suggestion.reasons.isEmpty)),
            .init("reasons", .strings(suggestion.reasons)),
            .init(
                "trials",
                .array(suggestion.orders.map { ["mu": .number($0.mu), "count": .integer($0.count)] })),
        ]
    }
}
