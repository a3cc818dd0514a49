import Diagnostics

/// Coordinates on the sky in hours, minutes and seconds, or in degrees, minutes and seconds of arc, as catalogues print
/// them.
package enum Sexagesimal {
    /// The coordinate, which decides what the first number means and whether a sign is valid.
    package enum Coordinate: Sendable {
        /// In hours; in degrees only with a `d`.
        case rightAscension
        /// In degrees, with a sign.
        case declination

        package var example: String {
            self == .rightAscension ? "02h42m40.7s or 02:42:40.7" : "-00d00m48s or -00:00:48"
        }
    }

    /// Whether a text is meant to be sexagesimal: it consists of digits, signs, and colons or units between them.
    package static func isMeant(by text: String) -> Bool {
        text.contains(where: \.isNumber) && text.contains { $0 == ":" || units[$0] != nil }
            && text.allSatisfy { ($0.isASCII && $0.isNumber) || ":.+-− ".contains($0) || units[$0] != nil }
    }

    /// Reads `02h42m40.7s`, `-00d00m48s`, `02:42:40.7` or `-00:00:48`; minutes and seconds may be missing, and only the
    /// last number may have decimals. Spaces between the numbers are ignored.
    ///
    /// - Returns: the coordinate in degrees, rounded once from the whole seconds; its range is not checked.
    /// - Throws: `Fault` (usage), without a place, for any other text.
    package static func degrees(_ text: String, _ coordinate: Coordinate) throws(Fault) -> Double {
        func fault(_ problem: String) -> Fault {
            Fault(.usage, "\"\(text)\" \(problem)", remedy: "write degrees, or \(coordinate.example)")
        }
        var rest = text.filter { $0 != " " }[...]
        let sign = rest.first.flatMap { "+-−".contains($0) ? $0 : nil }
        if sign != nil { rest = rest.dropFirst() }
        let isNegative = sign == "-" || sign == "−"
        if isNegative, coordinate == .rightAscension { throw fault("is a negative right ascension") }

        var parts: [(number: Double, unit: Character)] = []
        let hasColons = rest.contains(":")
        if hasColons {
            let units: [Character] = [coordinate == .rightAscension ? "h" : "d", "m", "s"]
            let fields = rest.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count <= units.count else { throw fault("has more than three numbers") }
            for (field, unit) in zip(fields, units) {
                guard let number = number(field) else { throw fault("has a part that is not a number") }
                parts.append((number, unit))
            }
        } else {
            while !rest.isEmpty {
                let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
                guard let number = number(digits) else { throw fault("has a part that is not a number") }
                rest = rest.dropFirst(digits.count)
                guard let unit = rest.popFirst().flatMap({ units[$0] }) else {
                    throw fault("lacks a unit after \(digits)")
                }
                parts.append((number, unit))
            }
        }
        return try degrees(parts, coordinate, fault) * (isNegative ? -1 : 1)
    }

    private static let units: [Character: Character] = [
        "h": "h", "H": "h", "d": "d", "D": "d", "°": "d", "m": "m", "M": "m", "′": "m", "'": "m", "s": "s", "S": "s",
        "″": "s", "\"": "s",
    ]

    /// A number in digits with at most one point.
    private static func number(_ text: some StringProtocol) -> Double? {
        guard text.first?.isNumber == true, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else {
            return nil
        }
        return Double(text)
    }

    private static func degrees(
        _ parts: [(number: Double, unit: Character)], _ coordinate: Coordinate, _ fault: (String) -> Fault
    ) throws(Fault) -> Double {
        guard let first = parts.first?.unit else { throw fault("is not a coordinate") }
        guard first == "h" || first == "d" else { throw fault("begins with neither hours nor degrees") }
        if first == "h", coordinate == .declination { throw fault("is a declination in hours") }
        var seconds = 0.0
        var expected: [Character] = [first, "m", "s"]
        for (index, part) in parts.enumerated() {
            guard let place = expected.firstIndex(of: part.unit) else {
                throw fault("has numbers that are not in the order \(first), m, s")
            }
            expected.removeFirst(place + 1)
            if index < parts.count - 1, part.number != part.number.rounded() {
                throw fault("has decimals before the last number")
            }
            if part.unit != first, part.number >= 60 {
                throw fault(
                    "has \(shortest(part.number)) \(part.unit == "m" ? "minutes" : "seconds"), which is not below 60")
            }
            seconds += part.number * (part.unit == first ? 3600 : part.unit == "m" ? 60 : 1)
        }
        return first == "h" ? seconds / 240 : seconds / 3600
    }
}
