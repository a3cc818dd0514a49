import Diagnostics
import Files
import Yams

/// Reads YAML files that people write, within limits.
package enum YAMLDocument {
    /// The file's root node, nil for an empty file.
    ///
    /// - Throws: `Fault` (bad data) for a text that is not valid YAML, usage for a key that a section has twice.
    package static func compose(_ text: String, file: String) throws(Fault) -> Node? {
        try checkAliases(text, file)
        do {
            return try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw fault(of: error, file)
        } catch {
            throw Fault(.badData, at: .file(file), "is not valid YAML: \(error)", remedy: "correct it")
        }
    }

    /// A file's text.
    ///
    /// - Parameters:
    ///   - what: what the file is, for messages.
    ///   - option: the option that names it.
    /// - Throws: `Fault`: missing input for a file that is not there, cannot be read or is a pipe or a device, bad data for one that is not
    ///   UTF-8, or too large.
    package static func text(
        of file: String, _ what: String = "configuration", option: String = "--config"
    ) throws(Fault) -> String {
        guard exists(file) else {
            throw Fault(.missingInput, at: .file(file), "the \(what) file does not exist", remedy: "check \(option)")
        }
        let bytes = try OpenFile.contents(of: file, atMost: largestSize, "a \(what)")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Fault(.badData, at: .file(file), "is not a text in UTF-8", remedy: "give \(option) a YAML file")
        }
        return text
    }

    /// In bytes: a list of some ten thousand sources.
    private static let largestSize = 4 << 20
    /// Aliases (`*name`). Each may stand for a list of other aliases, and a key is read as a whole: the work grows
    /// exponentially with their number.
    private static let mostAliases = 16

    /// - Throws: `Fault` (bad data) for a text with more than ``mostAliases`` aliases, or text that looks like them.
    private static func checkAliases(_ text: String, _ file: String) throws(Fault) {
        var (line, count) = (1, 0)
        var last = UInt8(ascii: "\n")
        var beforeLast = last
        for byte in text.utf8 {
            if last == UInt8(ascii: "*"), byte > UInt8(ascii: " "), opensToken(beforeLast) {
                count += 1
                guard count <= mostAliases else {
                    throw Fault(
                        .badData, at: .line(file: file, line: line),
                        "has more than \(mostAliases) aliases (*name)",
                        remedy: "replace them by their values")
                }
            }
            if byte == UInt8(ascii: "\n") { line += 1 }
            (beforeLast, last) = (last, byte)
        }
    }

    /// Whether a new word may begin after a character.
    private static func opensToken(_ byte: UInt8) -> Bool { byte <= UInt8(ascii: " ") || ",[{:?-".utf8.contains(byte) }

    private static func fault(of error: YamlError, _ file: String) -> Fault {
        func at(_ mark: Mark, _ problem: String) -> Fault {
            Fault(
                .badData, at: .column(file: file, line: mark.line, column: mark.column),
                "is not valid YAML: \(problem)",
                remedy: "correct the line; keys are indented by spaces, and a colon is followed by a space")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return at(mark, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
            return Fault(
                .usage, at: .line(file: file, line: context.mark.line),
                "the section that begins here has \(names) twice",
                remedy: "keep one of them")
        case .reader(let problem, let offset?, let code, let text):
            let before = text.prefix(max(0, offset))
            let line = before.filter(\.isNewline).count + 1
            let column = before.reversed().prefix { !$0.isNewline }.count + 1
            return Fault(
                .badData, at: .column(file: file, line: line, column: column),
                "is not valid YAML: \(problem), the character with code \(code)", remedy: "remove that character")
        default:
            return Fault(
                .badData, at: .file(file), "is not valid YAML: \(error)", remedy: "check that this is a text in UTF-8")
        }
    }
}
