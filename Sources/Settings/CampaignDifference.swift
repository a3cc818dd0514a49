/// The differences between the YAML texts of two campaigns, line by line; the keys above a line identify it.
///
/// This reads just enough YAML to name a line (`source.dec`, `trials[1]`): campaigns are written by this program in
/// block style. A text in another style is still compared, with less clear names.
package enum CampaignDifference {
    package struct Entry: Equatable {
        /// Path of the key, such as "source.dec".
        package let key: String
        /// The values of the first and the second text; nil if a text lacks the key.
        package let first: String?
        package let second: String?

        package init(key: String, first: String?, second: String?) {
            self.key = key
            self.first = first
            self.second = second
        }
    }

    /// Differences as a clause: the first five, and the number of further ones. One of the release's files is named,
    /// without its digest.
    package static func clause(_ entries: [Entry], here: String, there: String) -> String {
        let files = entries.filter { $0.key.hasPrefix("files.") }
        let settings = entries.filter { !$0.key.hasPrefix("files.") }
        var parts = settings.prefix(5).map {
            "\($0.key) is \($0.first ?? "not set") in \(here) and \($0.second ?? "not set") in \(there)"
        }
        if settings.count > 5 { parts.append("and \(settings.count - 5) more") }
        if let file = files.first {
            let more = files.count > 1 ? " and \(files.count - 1) more files" : ""
            parts.append("the data differ (\(file.key.dropFirst("files.".count))\(more))")
        }
        return parts.joined(separator: "; ")
    }

    package static func between(_ first: String, _ second: String) -> [Entry] {
        let firstLines = flatten(first)
        let secondLines = flatten(second)
        let firstValues = Dictionary(firstLines, uniquingKeysWith: { $0 + " " + $1 })
        let secondValues = Dictionary(secondLines, uniquingKeysWith: { $0 + " " + $1 })
        var seen = Set<String>()
        return (firstLines + secondLines).compactMap { key, _ in
            guard seen.insert(key).inserted, firstValues[key] != secondValues[key] else { return nil }
            return Entry(key: key, first: firstValues[key], second: secondValues[key])
        }
    }

    /// Each line's path of keys and its value, without comments, empty lines and keys without a value.
    private static func flatten(_ text: String) -> [(key: String, value: String)] {
        var parents: [(indent: Int, key: String)] = []
        var itemCounts: [String: Int] = [:]
        var entries: [(key: String, value: String)] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let indent = line.prefix { $0 == " " }.count
            var rest = line.dropFirst(indent)
            if rest.isEmpty || rest.first == "#" || rest.hasPrefix("---") { continue }
            let isItem = rest == "-" || rest.hasPrefix("- ")
            while let parent = parents.last, parent.indent > indent || (parent.indent == indent && !isItem) {
                parents.removeLast()
            }
            if isItem, let parent = parents.last, parent.indent == indent, parent.key.hasPrefix("[") {
                parents.removeLast()
            }
            if isItem {
                let path = join(parents.map(\.key))
                let number = itemCounts[path, default: 0]
                itemCounts[path] = number + 1
                parents.append((indent, "[\(number)]"))
                rest = rest.dropFirst(2)
                if rest.isEmpty { continue }
            }
            let (key, value) = keyAndValue(rest)
            let path = parents.map(\.key) + (key.map { [$0] } ?? [])
            if let value { entries.append((join(path), value)) }
            if let key, value == nil { parents.append((isItem ? indent + 2 : indent, key)) }
        }
        return entries
    }

    private static func keyAndValue(_ text: Substring) -> (key: String?, value: String?) {
        let opensFlow = text.first == "{" || text.first == "[" || text.first == "\""
        guard !opensFlow, let colon = text.firstIndex(of: ":") else { return (nil, String(text)) }
        let after = text[text.index(after: colon)...]
        guard after.isEmpty || after.first == " " else { return (nil, String(text)) }
        let value = after.drop { $0 == " " }
        return (String(text[..<colon]), value.isEmpty ? nil : String(value))
    }

    private static func join(_ path: [String]) -> String {
        path.reduce("") { $0.isEmpty || $1.hasPrefix("[") ? $0 + $1 : $0 + "." + $1 }
    }
}
