import Diagnostics
import Yams

/// A value in a YAML file, with its place and the path of its key for messages.
///
/// The reader is strict: "no", 1_000 and "5" in quotes mean other things to other readers of YAML, and are refused with
/// a sentence that says what to write.
package struct YAMLNode {
    package let node: Node
    package let path: String
    package let file: String
    /// The unit of the number at a path, for messages; nil for none.
    private let unit: @Sendable (_ path: String) -> String?

    package init(node: Node, path: String, file: String, unit: @escaping @Sendable (String) -> String? = { _ in nil }) {
        (self.node, self.path, self.file, self.unit) = (node, path, file, unit)
    }

    package var place: Fault.Place {
        node.mark.map { .column(file: file, line: $0.line, column: $0.column) } ?? .file(file)
    }

    /// Another node of the same file.
    package func with(_ node: Node, _ path: String? = nil) -> YAMLNode {
        YAMLNode(node: node, path: path ?? self.path, file: file, unit: unit)
    }

    // MARK: Values

    package func text() throws(Fault) -> String {
        guard case .scalar(let scalar) = node, !scalar.string.isEmpty else { throw wrongKind("a text") }
        guard !scalar.string.unicodeScalars.contains("\0") else {
            throw fault("\(path) contains a NUL character", remedy: "remove the character")
        }
        return scalar.string
    }

    package func number() throws(Fault) -> Double {
        let text = try unquoted("a number")
        guard let value = decimalNumber(text) else {
            if text.contains("_") || text.contains(",") {
                throw fault(
                    "\(path) must be a number, and \"\(text)\" is not one", remedy: "write it without \"_\" and \",\"")
            }
            throw wrongKind("a finite number", remedy: "correct the value, in decimal digits without leading zeros")
        }
        return value
    }

    /// A whole number, such as 100000, 1e5 or 100k.
    package func integer() throws(Fault) -> Int64 {
        guard let count = Count(try unquoted("a number")) else {
            throw wrongKind("a whole number such as 100000, 1e5 or 100k, without leading zeros")
        }
        return count.value
    }

    package func truth() throws(Fault) -> Bool {
        switch isQuoted ? nil : node.scalar?.string {
        case "true"?: return true
        case "false"?: return false
        default: throw wrongKind("true or false")
        }
    }

    /// An infinite number.
    package var isInfinity: Bool { !isQuoted && [".inf", "inf", "+.inf"].contains(node.scalar?.string.lowercased()) }

    // MARK: Lists and sections

    /// Applies a body to each item of a list.
    ///
    /// - Parameter example: the expected form, for the message if it is not a list.
    package func items<Value>(_ example: String, _ body: (YAMLNode) throws(Fault) -> Value) throws(Fault) -> [Value] {
        guard case .sequence(let items) = node else { throw wrongKind(example) }
        var values: [Value] = []
        for (index, item) in items.enumerated() { values.append(try body(with(item, "\(path)[\(index)]"))) }
        return values
    }

    /// As ``items(_:_:)``, for a list that must not be empty: it would be taken for one that is not given.
    package func nonEmptyItems<Value>(
        _ example: String, _ body: (YAMLNode) throws(Fault) -> Value
    ) throws(Fault) -> [Value] {
        let values = try items(example, body)
        guard !values.isEmpty else {
            throw fault("\(path) is an empty list", remedy: "list at least one, or remove the key")
        }
        return values
    }

    /// The values of a section with few keys, by name.
    ///
    /// - Parameter example: an example value, for messages.
    package func section(
        _ required: [String], _ optional: [String] = [], example: String
    ) throws(Fault) -> [String: YAMLNode] {
        guard case .mapping(let mapping) = node else { throw wrongKind("keys with values such as \(example)") }
        var values: [String: YAMLNode] = [:]
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? ""
            guard (required + optional).contains(name) else {
                throw with(keyNode).unknownKey(name, legal: required + optional)
            }
            values[name] = with(value, "\(path).\(name)")
        }
        if let name = required.first(where: { values[$0] == nil }) {
            throw fault("\(path) lacks \(name)", remedy: "write keys with values such as \(example)")
        }
        return values
    }

    // MARK: Faults

    package func fault(_ problem: String, remedy: String?) -> Fault {
        Fault(.usage, at: place, problem, remedy: remedy)
    }

    package func wrongKind(_ wanted: String, remedy: String = "correct the value") -> Fault {
        let unit = unit(path).map { "; it is in \($0), and is written without unit" }
        return fault("\(path) must be \(wanted), not \(description)", remedy: remedy + (unit ?? ""))
    }

    /// - Parameter guess: the key that was probably meant; nil for the key with the most similar name.
    package func unknownKey(_ name: String, legal: [String], guess: String? = nil) -> Fault {
        let owner = path.isEmpty ? "the configuration" : path
        return fault(
            "\(owner) has no key \"\(name)\"",
            remedy: "\(suggestion(guess ?? nearestName(to: name, in: legal)))Valid keys here are "
                + legal.joined(separator: ", "))
    }

    /// "yes" in quotation marks, or what kind of node it is.
    package var description: String {
        switch node {
        case .scalar(let scalar): isEmpty ? "nothing" : "\"\(scalar.string)\""
        case .mapping: "keys with values"
        case .sequence(let items): items.count == 1 ? "a list of 1 value" : "a list of \(items.count) values"
        case .alias: "an alias"
        }
    }

    /// Whether the value consists of keys with values.
    package var isSection: Bool { if case .mapping = node { true } else { false } }

    /// Whether a key has no value, or YAML's null.
    package var isEmpty: Bool { !isQuoted && ["", "~", "null", "Null", "NULL"].contains(node.scalar?.string) }

    private var isQuoted: Bool { [.singleQuoted, .doubleQuoted].contains(node.scalar?.style) }

    private func unquoted(_ wanted: String) throws(Fault) -> String {
        guard case .scalar(let scalar) = node else { throw wrongKind(wanted) }
        guard !isQuoted else {
            throw fault(
                "\(path) must be \(wanted), not the text \"\(scalar.string)\"", remedy: "remove the quotation marks")
        }
        return scalar.string
    }
}
