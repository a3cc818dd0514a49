import Diagnostics

extension TableReader {
    /// Finds the wanted columns in the header line.
    ///
    /// - Throws: a `Fault` at line 1 if it is not a header, is not UTF-8, lacks a column or has one twice.
    func columnLayout(header: ArraySlice<UInt8>) throws -> ColumnLayout {
        let place = Fault.Place.line(file: file, line: 1)
        if header.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw Fault(
                .badData, at: place, "the file begins with a byte order mark (EF BB BF)",
                remedy: "remove these three bytes; an editor saved the file in another format")
        }
        guard header.first == UInt8(ascii: "#") else {
            let text = header.isEmpty ? "empty" : "\"\(Self.excerpt(header))\""
            throw Fault(
                .badData, at: place, "the first line is \(text), but must be a header that begins with \"#\"",
                remedy: "download the \(purpose) again, in the release's original format"
            )
        }
        if let (offset, byte) = Self.firstControl(header) {
            throw fault(.control(offset: offset, byte: byte), line: 1, layout: nil, truncated: false)
        }
        guard let text = String(validating: header.dropFirst(), as: UTF8.self) else {
            throw Fault(
                .badData, at: place, "the header is not UTF-8 text: \"\(Self.excerpt(header))\"",
                remedy: "download the \(purpose) again"
            )
        }
        let names = text.split(whereSeparator: \.isWhitespace).map(String.init)
        var targets = [Int](repeating: -1, count: names.count)
        for (target, wanted) in columns.enumerated() {
            let column = wanted.name
            let found = names.indices.filter { names[$0] == column }
            guard let index = found.first else {
                if wanted.isOptional { continue }
                let guess = nearestName(to: column, in: names).map { "; nearest is \"\($0)\"" } ?? ""
                throw Fault(
                    .badData, at: place,
                    "the header lacks the column \"\(column)\"; it has \(Self.list(names))\(guess)",
                    remedy: (text.contains(",") ? "separate the names by spaces, not commas: " : "")
                        + "a table of the \(purpose) needs the columns "
                        + columns.filter { !$0.isOptional }.map(\.name).joined(separator: ", ")
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
        return ColumnLayout(
            targets: targets, ranges: columns.map(\.range), names: columns.map { Array($0.name.utf8) })
    }

    /// The first control byte of a line other than a tab and the carriage return at its end.
    private static func firstControl(_ line: ArraySlice<UInt8>) -> (offset: Int, byte: UInt8)? {
        let carriageReturn = UInt8(ascii: "\r")
        let text = line.last == carriageReturn ? line.dropLast() : line
        return text.firstIndex { $0 < UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            .map { ($0 - text.startIndex, text[$0]) }
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
