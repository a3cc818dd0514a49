/// A whole number as a user writes it: 100000, 1e5 or 100k; k and M stand for thousand and million.
package struct Count: Sendable, Equatable {
    package let value: Int64

    package init(_ value: Int64) { self.value = value }

    /// - Returns: nil for a text that is not a whole decimal number, or for one that ``Int64`` cannot hold exactly.
    package init?(_ text: some StringProtocol) {
        let scales: [Character: Int64] = ["k": 1000, "M": 1_000_000]
        let scale = text.last.flatMap { scales[$0] }
        let digits = scale == nil ? String(text) : String(text.dropLast())
        guard let number = decimalNumber(digits) else { return nil }
        // Beyond 2⁵³ only a number written with all its digits is known exactly.
        guard let whole = Int64(digits) ?? (number.magnitude <= 0x1p53 ? Int64(exactly: number) : nil) else {
            return nil
        }
        let (scaled, overflow) = whole.multipliedReportingOverflow(by: scale ?? 1)
        guard !overflow else { return nil }
        value = scaled
    }
}

/// A finite number in decimal digits, without leading zeros, which mean octal numbers in other programs.
///
/// - Returns: nil for any other text: hexadecimal numbers, "inf", "1_000", "010".
package func decimalNumber(_ text: some StringProtocol) -> Double? {
    let isDecimal = text.unicodeScalars.allSatisfy { "+-.0123456789eE".unicodeScalars.contains($0) }
    let digits = text.drop { $0 == "+" || $0 == "-" }.prefix { $0.isNumber }
    guard isDecimal, digits.count < 2 || digits.first != "0", let value = Double(text), value.isFinite else {
        return nil
    }
    return value
}
