import Console
import Diagnostics

/// A figure: its numbers, and the gnuplot commands that draw them.
///
/// The text of ``script(as:)`` contains both, so that a figure can be drawn again, and changed, without this program.
public struct Figure: Sendable, Equatable {
    /// The name of its files: `survival`.
    public let name: String
    /// A heading.
    public let title: String
    /// A description, also the text alternative of the figure.
    public let caption: String
    public let blocks: [DataBlock]
    /// gnuplot's commands, of which the last draws; the data are available to them as `$name`.
    public let commands: [String]

    /// The data with a name.
    public subscript(block: String) -> DataBlock? { blocks.first { $0.name == block } }

    /// Everything that gnuplot needs to draw the figure on standard output.
    public func script(as format: FigureFormat, _ look: FigureLook = .standard) -> String {
        let lines = FigureStyle.preamble + format.terminal(name: name, look) + blocks.map(\.text) + commands
        return lines.filter { !$0.isEmpty }.joined(separator: "\n") + "\n"
    }
}

extension Figure {
    /// The command that draws everything.
    static func plot(_ parts: [String]) -> String { "plot " + parts.joined(separator: ", \\\n  ") }

    /// A fraction in per cent with four digits at most: "68.27 %", "90 %".
    static func percent(_ fraction: Double) -> String {
        "\(NumberFormat.percent(fraction)) %"
    }
}

/// A table of numbers in a figure.
public struct DataBlock: Sendable, Equatable {
    public let name: String
    /// The names of its columns.
    public let columns: [String]
    /// The rows, in groups that lines do not connect. Numbers are finite.
    public let groups: [[[Double]]]

    /// A table whose rows have one number per column; rows with a number that is not finite are left out, since they
    /// cannot be drawn.
    init(_ name: String, _ columns: [String], groups: [[[Double]]]) {
        self.name = name
        self.columns = columns
        self.groups = groups.map { $0.filter { row in row.allSatisfy(\.isFinite) } }
    }

    init(_ name: String, _ columns: [String], _ rows: [[Double]]) {
        self.init(name, columns, groups: [rows])
    }

    public var rows: [[Double]] { groups.flatMap { $0 } }

    public var isEmpty: Bool { groups.allSatisfy(\.isEmpty) }

    /// The table in gnuplot's syntax: a named data block.
    var text: String {
        let body = groups.map { rows in
            rows.map { $0.map(shortest).joined(separator: " ") }.joined(separator: "\n")
        }
        return "$\(name) << END\n# \(columns.joined(separator: " "))\n\(body.joined(separator: "\n\n"))\nEND"
    }
}
