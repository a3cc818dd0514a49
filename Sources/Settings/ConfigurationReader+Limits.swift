import Diagnostics
import Foundation

/// Limits for configuration files, far above those of any file written by a person.
extension ConfigurationReader {
    /// In bytes: a list of some ten thousand sources.
    static let largestSize = 4 << 20
    /// Aliases (`*name`). Each may stand for a list of other aliases, and a key is read as a whole: the work grows
    /// exponentially with their number.
    static let mostAliases = 16

    /// - Throws: `Fault` (bad data) for a text with more than ``mostAliases`` aliases, or text that looks like them.
    func checkAliases(_ text: String) throws(Fault) {
        var (line, count) = (1, 0)
        var last = UInt8(ascii: "\n")
        var beforeLast = last
        for byte in text.utf8 {
            if last == UInt8(ascii: "*"), byte > UInt8(ascii: " "), Self.opensToken(beforeLast) {
                count += 1
                guard count <= Self.mostAliases else {
                    throw Fault(
                        .badData, at: .line(file: file, line: line),
                        "has more than \(Self.mostAliases) aliases (*name)",
                        remedy: "replace them by their values")
                }
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            (beforeLast, last) = (last, byte)
        }
    }

    /// Whether a new word may begin after a character.
    private static func opensToken(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") || ",[{:?-".utf8.contains(byte) }
}
