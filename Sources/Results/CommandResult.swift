import Console
import Logging

/// The result of a command: the same numbers and warnings for the terminal, for programs and for the report page.
public protocol CommandResult {
    /// For the terminal: at most 80 columns wide.
    var text: String { get }
    /// For programs: the keys of the JSON object besides `warnings`.
    var members: [JSONValue.Member] { get }
    /// What readers must know before they quote the numbers.
    var warnings: [String] { get }
}

extension CommandResult {
    public var warnings: [String] { [] }

    public var json: JSONValue { .object(members + [.init("warnings", .strings(warnings))]) }

    /// Prints the result on standard output, and its warnings on standard error. Warnings contained in the text are not
    /// repeated.
    ///
    /// - Parameter inputWarnings: warnings about the files of the result.
    /// - Throws: `Fault` (input/output) if standard output cannot be written.
    public func print(_ options: OutputOptions, _ logger: Logger, inputWarnings: [String] = []) throws {
        let (text, all) = (text, inputWarnings + warnings)
        for warning in all where options.json || !text.contains(warning) { logger.warning("\(warning)") }
        let object = JSONValue.object(members + [.init("warnings", .strings(all))])
        try StandardOutput.print(options.json ? object.description : text)
    }
}

/// A table of a result with its heading and notes.
public struct Section: Sendable {
    public let heading: String
    public let table: Table?
    /// Lines without a final newline.
    public let note: String

    public init(_ heading: String = "", _ table: Table? = nil, note: String = "") {
        self.heading = heading
        self.table = table
        self.note = note
    }

    /// The section without a final newline.
    public var text: String {
        [heading, table.map { String($0.text.dropLast()) } ?? "", note].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}

extension Sequence<Section> {
    /// The sections with a blank line between them.
    public var text: String { map(\.text).filter { !$0.isEmpty }.joined(separator: "\n\n") }
}
