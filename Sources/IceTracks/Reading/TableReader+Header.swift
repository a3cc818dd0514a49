import Diagnostics

extension TableReader {
    /// Finds the wanted columns in the header line.
    ///
    /// - Throws: a `Fault` at line 1 when it is not a header, is not UTF-8, lacks a column or has one twice.
    func columnLayout(header: ArraySlice<UInt8>) throws -> ColumnLayout {
        let place = Fault.Place.line(file: file, line: 1)
        guard header.first == UInt8(ascii: "#") else {
            let text = header.isEmpty ? "empty" : "\"\(Self.excerpt(header))\""
            throw Fault(
                .badData, at: place, "the first line is \(text), but must be a header that begins with \"#\"",
                remedy: "download the \(purpose) again, in the release's original format"
            )
        }
        guard let text = String(validating: header.dropFirst(), as: UTF8.self) else {
            throw Fault(
                .badData, at: place, "the header is not UTF-8 text: \"\(Self.excerpt(header))\"",
                remedy: "download the \(purpose) again"
            )
        }
        let names = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var targets = [Int](repeating: -1, count: names.count)
        for (target, column) in columns.enumerated() {
            let found = names.indices.filter { names[$0] == column }
            guard let index = found.first else {
                let guess = nearestName(to: column, in: names).map { "; nearest is \"\($0)\"" } ?? ""
                throw Fault(
                    .badData, at: place,
                    "the header has no column \"\(column)\"; it names \(Self.list(names))\(guess)",
                    remedy: "a table of the \(purpose) needs the columns \(columns.joined(separator: ", "))"
                )
            }
            guard found.count == 1 else {
                throw Fault(
                    .badData, at: place, "the header names the column \"\(column)\" \(found.count) times",
                    remedy: "name each column once"
                )
            }
            targets[index] = target
        }
        return ColumnLayout(targets: targets, wantedCount: columns.count)
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "no columns" : names.joined(separator: ", ")
    }

    /// The beginning of a line as printable text, for a message.
    static func excerpt(_ bytes: some Collection<UInt8>) -> String {
        let longest = 60
        let text = String(decoding: bytes.prefix(longest), as: UTF8.self).map { character in
            character.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 127 } ? character : "\u{FFFD}"
        }
        return String(text) + (bytes.count > longest ? "…" : "")
    }
}
