import Console
import Settings

extension SettingValue {
    /// The value as JSON; an infinite number is the text ".inf", as in YAML.
    public var json: JSONValue {
        switch self {
        case .text(let text), .word(let text): .string(text)
        case .number(let number): number.isFinite ? .number(number) : .string(description)
        case .integer(let number): .integer(number)
        case .truth(let isTrue): .bool(isTrue)
        case .list(let values): .array(values.map(\.json))
        case .section(let entries): .object(entries.map { .init($0.key, $0.value.json) })
        }
    }

    /// The value in one line of a table: of a section only the name, if it has one.
    public var title: String {
        guard case .section(let entries) = self, let name = entries.first(where: { $0.key == "name" }) else {
            return description
        }
        return "\(name.value) (defined by the user)"
    }
}
