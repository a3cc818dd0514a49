import ArgumentParser
import Settings

/// Reads a number in decimal digits; a hexadecimal number is more likely a mistake.
@Sendable
package func decimal(_ text: String) throws -> Double {
    guard let number = decimalNumber(text) else { throw ValidationError("give a number in decimal digits") }
    return number
}

/// As ``decimal(_:)``, or "inf".
@Sendable
package func decimalOrInfinity(_ text: String) throws -> Double {
    ["inf", ".inf"].contains(text) ? .infinity : try decimal(text)
}

/// Reads a whole number such as 100000, 1e5 or 100k.
@Sendable
package func wholeNumber<Number: FixedWidthInteger>(_ text: String) throws -> Number {
    guard let count = Count(text), let number = Number(exactly: count.value) else {
        throw ValidationError("give a whole number such as 100000, 1e5 or 100k")
    }
    return number
}
