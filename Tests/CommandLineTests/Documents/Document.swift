import Foundation
import Testing

/// A guide of docs/, as the tests read it: its fenced blocks.
struct Document {
    /// A fenced block.
    struct Block {
        /// What stands behind the fence: "console", "yaml", "python", "text".
        let kind: String
        /// The line of the file that the block's first line is, counted from 1.
        let line: Int
        let lines: [String]
    }

    let name: String
    let blocks: [Block]

    /// - Parameter path: in the repository.
    init(_ path: String) throws {
        name = path
        var blocks: [Block] = []
        var open: (kind: String, line: Int, lines: [String])?
        let text = try String(contentsOf: Repository.file(path), encoding: .utf8)
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") {
                if let block = open {
                    blocks.append(Block(kind: block.kind, line: block.line, lines: block.lines))
                    open = nil
                } else {
                    open = (String(line.dropFirst(3)), number + 2, [])
                }
            } else {
                open?.lines.append(String(line))
            }
        }
        self.blocks = blocks
    }
}

/// What a document says that a command prints.
///
/// A line "..." stands for any number of lines, a word "…" for any word. Numbers with a decimal point and two
/// significant digits or more may differ by one in the last digit; others must be the same.
struct ExpectedOutput {
    let lines: [String]

    /// Whether a text is what is expected.
    func matches(_ text: String) -> Bool {
        var actual = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while actual.last == "" { actual.removeLast() }
        return ExpectedOutput.matches(lines[...], actual[...])
    }

    private static func matches(_ expected: ArraySlice<String>, _ actual: ArraySlice<String>) -> Bool {
        guard let first = expected.first else { return actual.isEmpty }
        let rest = expected.dropFirst()
        if first == "..." { return (actual.startIndex...actual.endIndex).contains { matches(rest, actual[$0...]) } }
        guard let line = actual.first, agree(first, line) else { return false }
        return matches(rest, actual.dropFirst())
    }

    static func agree(_ expected: String, _ actual: String) -> Bool {
        let words = [expected, actual].map { $0.split(separator: " ").map(String.init) }
        return words[0].count == words[1].count && zip(words[0], words[1]).allSatisfy(agreeing)
    }

    private static func agreeing(word expected: String, with actual: String) -> Bool {
        if expected == actual || expected == "…" { return true }
        // Rules below headings are as long as the widest cell.
        if Set(expected) == ["-"] { return Set(actual) == ["-"] }
        let texts = [expected, actual].map { $0.filter { !"(),[]{}/%".contains($0) } }
        guard let first = Double(texts[0]), let second = Double(texts[1]), texts[0].contains(".") else { return false }
        // One unit of the last digit, of both; a single digit would be too coarse, and has to be the same.
        let digits = texts[0].prefix { $0 != "e" }
        guard digits.drop(while: { "-+0.".contains($0) }).count > 1 else { return first == second }
        let decimals = digits.split(separator: ".").last?.count ?? 0
        let exponent = texts[0].split(separator: "e").dropFirst().last.flatMap { Int($0) } ?? 0
        return abs(first - second) <= 1.01 * pow(10, Double(exponent - decimals))
    }
}
