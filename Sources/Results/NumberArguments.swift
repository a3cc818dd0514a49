import ArgumentParser
import IceTracks
import Settings
import StrictYAML

/// Reads a number in decimal digits; a hexadecimal number is more likely a mistake.
@Sendable
package func decimal(_ text: String) throws -> Double {
    guard let number = decimalNumber(text) else { throw ValidationError("give a number in decimal digits") }
    return number
}

/// Reads a right ascension: degrees, or as in 02h42m40.7s.
@Sendable
package func rightAscension(_ text: String) throws -> Double { try coordinate(text, .rightAscension) }

/// Reads a declination: degrees, or as in -00d00m48s.
@Sendable
package func declination(_ text: String) throws -> Double { try coordinate(text, .declination) }

private func coordinate(_ text: String, _ coordinate: Sexagesimal.Coordinate) throws -> Double {
    do {
        return try skyCoordinate(text, coordinate)
    } catch {
        throw ValidationError("\(error.problem); \(error.remedy ?? "")")
    }
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
