import Diagnostics

/// The value of a setting, as in a configuration file; the description is YAML on one line.
public enum SettingValue: Sendable, Equatable {
    case text(String)
    /// One of a set of names that YAML reads as text without quotation marks.
    case word(String)
    /// May be infinite.
    case number(Double)
    case integer(Int64)
    case truth(Bool)
    case list([SettingValue])
    /// Keys with values, in order.
    case section([Entry])

    /// A key of a section with its value.
    public struct Entry: Sendable, Equatable {
        public let key: String
        public let value: SettingValue
    }
}

extension SettingValue: CustomStringConvertible {
    public var description: String { inline { SettingValue.isPlain($0) ? $0 : SettingValue.quoted($0) } }

    /// The value in one line.
    ///
    /// - Parameter text: formats a text.
    private func inline(_ text: (String) -> String) -> String {
        switch self {
        case .text(let value): text(value)
        case .word(let word): word
        // −0 and 0 are the same position.
        case .number(let number): number.isInfinite ? ".inf" : shortest(number == 0 ? 0 : number)
        case .integer(let number): String(number)
        case .truth(let isTrue): String(isTrue)
        case .list(let values): "[" + values.map { $0.inline(text) }.joined(separator: ", ") + "]"
        case .section(let entries):
            "{" + entries.map { "\($0.key): \($0.value.inline(text))" }.joined(separator: ", ") + "}"
        }
    }

    /// Whether YAML reads a text unchanged without quotation marks, also in a list: it does not begin like a number and
    /// contains no YAML punctuation.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "/" else { return false }
        return text.last != " "
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || "/._- +0123456789".unicodeScalars.contains($0)
            }
            && !["true", "false", "yes", "no", "on", "off", "null", "inf", "nan"].contains(text.lowercased())
    }

    /// A text in YAML's double-quoted style.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                quoted += "\\x" + scalar.value.digits(radix: 16, atLeast: 2)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension SettingValue {
    /// Settings in YAML's block style, sections and lists over several lines, texts in quotation marks.
    ///
    /// - Parameter settings: by their paths; those of one section follow one another.
    static func yaml(_ settings: [(path: String, value: SettingValue)]) -> String {
        var lines: [String] = []
        var open: [Substring] = []
        for (path, value) in settings {
            let names = path.split(separator: ".")
            let sections = Array(names.dropLast())
            let common = zip(open, sections).prefix { $0 == $1 }.count
            for depth in common..<sections.count { lines.append(indent(depth) + sections[depth] + ":") }
            lines += block(String(names.last ?? ""), value, depth: sections.count)
            open = sections
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// The lines of a key with its value. Items of a list are written in one line each, except sections that contain lists.
    private static func block(_ key: String, _ value: SettingValue, depth: Int) -> [String] {
        let head = indent(depth) + key + ":"
        switch value {
        case .list(let items):
            return [head]
                + items.flatMap { item -> [String] in
                    guard case .section(let entries) = item, entries.contains(where: \.value.isList) else {
                        return [indent(depth) + "- " + item.inline(quoted)]
                    }
                    var lines = entries.flatMap { block($0.key, $0.value, depth: depth + 1) }
                    lines[0] = indent(depth) + "- " + lines[0].drop { $0 == " " }
                    return lines
                }
        case .section(let entries):
            return [head] + entries.flatMap { block($0.key, $0.value, depth: depth + 1) }
        default: return [head + " " + value.inline(quoted)]
        }
    }

    /// A list of sections with only some of their entries.
    func keepingEntries(_ isKept: (_ key: String) -> Bool) -> SettingValue {
        switch self {
        case .list(let items): .list(items.map { $0.keepingEntries(isKept) })
        case .section(let entries): .section(entries.filter { isKept($0.key) })
        default: self
        }
    }

    private var isList: Bool { if case .list = self { true } else { false } }

    private static func indent(_ depth: Int) -> String { String(repeating: "  ", count: depth) }
}
