/// The shortest text that reads back as the same number, without the ".0" of whole numbers.
public func shortest(_ number: Double) -> String {
    let text = number.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// The beginning of a remedy that proposes a name, `did you mean "IC40"? `; empty for nil.
public func suggestion(_ name: String?) -> String {
    name.map { "did you mean \"\($0)\"? " } ?? ""
}

extension BinaryInteger {
    /// The digits of a number that is not negative, with leading zeros up to a length.
    public func digits(radix: Int = 10, atLeast length: Int) -> String {
        let digits = String(self, radix: radix)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}

extension String {
    /// The text with a replacement character for each control character, including line ends: names come from arbitrary
    /// files, and may contain control sequences of terminals.
    public var withoutControls: String {
        String(UnicodeScalarView(unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    }
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits per byte.
    public var hexadecimal: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
}
