import Console
import Logging

/// What a command found: the same numbers and warnings for people, for programs and for the page of a report.
public protocol CommandResult {
    /// For people: at most 80 columns wide.
    var text: String { get }
    /// For programs: the keys of the JSON object besides `warnings`.
    var members: [JSONValue.Member] { get }
    /// What a reader must know before quoting the numbers.
    var warnings: [String] { get }
}

extension CommandResult {
    public var warnings: [String] { [] }

    public var json: JSONValue { .object(members + [.init("warnings", .strings(warnings))]) }

    /// Prints the result on standard output, and its warnings on standard error; those that the text contains appear
    /// there alone.
    ///
    /// - Parameter inputWarnings: about the files that the result comes from.
    /// - Throws: `Fault` (input/output) where standard output cannot be written.
    public func print(_ options: OutputOptions, _ logger: Logger, inputWarnings: [String] = []) throws {
        let (text, all) = (text, inputWarnings + warnings)
        for warning in all where options.json || !text.contains(warning) { logger.warning("\(warning)") }
        let object = JSONValue.object(members + [.init("warnings", .strings(all))])
        try StandardOutput.print(options.json ? object.description : text)
    }
}

/// A table of a result with its heading and the sentences below it.
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
