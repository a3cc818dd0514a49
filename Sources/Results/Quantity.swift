/// A number of a result as people see it, in every output: terminal, page and LaTeX.
public struct Quantity: Sendable, Equatable {
    /// "n_s"
    public let name: String
    /// With its errors: "24.8 +6.1 -5.3".
    public let value: String
    /// "events"; empty for none.
    public let unit: String
    /// What the value needs: "(lower bound 0)"; empty for nothing.
    public let note: String
    /// The sentences that must be read with the number.
    public let warnings: [String]

    public init(_ name: String, _ value: String, _ unit: String = "", note: String = "", warnings: [String] = []) {
        (self.name, self.value, self.unit, self.note, self.warnings) = (name, value, unit, note, warnings)
    }
}
