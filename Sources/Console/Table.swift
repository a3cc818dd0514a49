import Diagnostics

/// A table of fixed-width text, at most 80 columns wide.
public struct Table: Sendable {
    /// How a column's cells are aligned.
    public enum Alignment: Sendable {
        /// For names.
        case left
        /// For numbers.
        case right
    }

    /// The heading of a column; a unit is shown in brackets below the title.
    public struct Column: Sendable {
        public let title: String
        public let unit: String?
        public let alignment: Alignment

        public init(_ title: String, unit: String? = nil, _ alignment: Alignment) {
            self.title = title
            self.unit = unit
            self.alignment = alignment
        }

        /// A column of names, aligned to the left.
        public static func name(_ title: String) -> Column { Column(title, .left) }

        /// A column of numbers, aligned to the right.
        public static func number(_ title: String, unit: String? = nil) -> Column { Column(title, unit: unit, .right) }
    }

    public static let maximumWidth = 80
    private static let gap = "  "
    public let columns: [Column]
    private let hasHeading: Bool
    public private(set) var rows: [[String]] = []

    /// A table with headings and a rule below them.
    public init(_ columns: [Column]) {
        self.columns = columns
        hasHeading = true
    }

    /// A list of quantities: name, value, unit.
    public init() {
        columns = [Column("", .left), Column("", .right), Column("", .left)]
        hasHeading = false
    }

    /// Adds a row; missing cells are empty, extra ones are ignored.
    public mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : "" })
    }

    /// Adds a quantity to a list.
    public mutating func add(_ name: String, _ value: String, _ unit: String = "") { add([name, value, unit]) }

    /// The lines of the table, without trailing spaces, each with a newline.
    public var text: String {
        var lines = rows
        if hasHeading {
            var heading = [columns.map(\.title)]
            if columns.contains(where: { $0.unit != nil }) {
                heading.append(columns.map { $0.unit.map { "[\($0)]" } ?? "" })
            }
            lines = heading + lines
        }
        var widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        fit(&widths)
        var text = ""
        for (number, cells) in lines.enumerated() {
            text += line(cells, widths)
            let headingCount = lines.count - rows.count
            if hasHeading, number == headingCount - 1 {
                text += line(widths.map { String(repeating: "-", count: $0) }, widths)
            }
        }
        return text
    }

    /// Narrows the widest columns of names until the table fits; numbers are never truncated.
    private func fit(_ widths: inout [Int]) {
        let names = columns.indices.filter { columns[$0].alignment == .left }
        var surplus = widths.reduce(0, +) + Table.gap.count * max(0, widths.count - 1) - Table.maximumWidth
        while surplus > 0, let widest = names.max(by: { widths[$0] < widths[$1] }), widths[widest] > 8 {
            widths[widest] -= 1
            surplus -= 1
        }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = zip(columns, zip(cells, widths)).map { column, cell in
            let (text, width) = (cell.0.withoutControls, cell.1)
            let shown = text.count > width ? text.prefix(max(0, width - 1)) + "…" : text[...]
            let space = String(repeating: " ", count: max(0, width - shown.count))
            return column.alignment == .left ? shown + space : space + shown
        }.joined(separator: Table.gap)
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}
