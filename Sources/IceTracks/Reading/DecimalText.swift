import Numerics

/// Lines of decimal numbers, built byte by byte: equal numbers give equal bytes on every system and in every locale.
package struct DecimalText {
    package private(set) var bytes: [UInt8] = []

    package init(header: [String], capacity: Int = 0) {
        bytes.reserveCapacity(capacity + 256)
        bytes.append(contentsOf: "# \(header.joined(separator: "  "))\n".utf8)
    }

    /// Appends a value with a fixed number of decimals (at most 9), after a space unless it begins a line.
    ///
    /// The digits are those of the integer nearest to the binary64 product value · 10^decimals, halves to even.
    package mutating func append(_ value: Double, decimals: Int) {
        let scaled = Self.scaled(value, decimals: decimals)
        separate()
        if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = scaled.magnitude
        var digits = SIMD32<UInt8>()
        var count = 0
        while rest > 0 || count <= decimals {
            digits[count] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
            count += 1
        }
        while count > 0 {
            count -= 1
            bytes.append(digits[count])
            if count == decimals, count > 0 { bytes.append(UInt8(ascii: ".")) }
        }
    }

    package mutating func append(_ value: Int) {
        separate()
        bytes.append(contentsOf: String(value).utf8)
    }

    package mutating func endLine() { bytes.append(UInt8(ascii: "\n")) }

    private mutating func separate() {
        if bytes.last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: " ")) }
    }

    /// The value that a reader will obtain.
    package static func rounded(_ value: Double, decimals: Int) -> Double {
        Double(scaled(value, decimals: decimals)) / Portable.exactPowersOfTen[decimals]
    }

    /// Clamped to 18 digits; the toy's numbers are far smaller.
    private static func scaled(_ value: Double, decimals: Int) -> Int64 {
        Int64(exactly: min(max((value * Portable.exactPowersOfTen[decimals]).rounded(.toNearestOrEven), -1e18), 1e18))
            ?? 0
    }
}
