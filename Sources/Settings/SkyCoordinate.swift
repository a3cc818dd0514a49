import Diagnostics
import IceTracks
import StrictYAML

/// A coordinate on the sky: decimal degrees, or sexagesimal (``IceTracks/Sexagesimal``).
///
/// - Returns: degrees; the range is not checked.
/// - Throws: `Fault` (usage), without a place, for any other text.
package func skyCoordinate(_ text: String, _ coordinate: Sexagesimal.Coordinate) throws(Fault) -> Double {
    if let degrees = decimalNumber(text) { return degrees }
    guard Sexagesimal.isMeant(by: text) else {
        throw Fault(
            .usage, "\"\(text)\" is not a number of degrees",
            remedy: "give a number in decimal digits, or a sexagesimal coordinate, as in \(coordinate.example)")
    }
    return try Sexagesimal.degrees(text, coordinate)
}
