import Console

/// A table of a page.
struct HTMLTable {
    /// How a column's cells are aligned, as a class of the style sheet.
    enum Column {
        case name(String)
        case number(String)

        var title: String {
            switch self {
            case .name(let title), .number(let title): title
            }
        }

        var style: HTML {
            switch self {
            case .name: ""
            case .number: " class=\"number\""
            }
        }
    }

    let caption: String
    let columns: [Column]
    private var rows: [[String]] = []

    init(_ caption: String, _ columns: [Column]) {
        self.caption = caption
        self.columns = columns
    }

    /// A result's table as the page shows it.
    init(_ caption: String, _ table: Table) {
        let columns = table.columns.map { column -> Column in
            let title = Self.symbols[column.title] ?? column.title
            let heading = column.unit.map { "\(title) [\($0)]" } ?? title
            return column.alignment == .left ? .name(heading) : .number(heading)
        }
        self.init(caption, columns)
        rows = table.rows
    }

    /// Headings that a terminal spells out.
    private static let symbols = ["mu": "μ", "gamma": "γ", "sigma": "σ"]

    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row, whose first cell names it.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    /// Empty for a table without rows.
    var html: HTML {
        guard !rows.isEmpty else { return .empty }
        let heading = columns.map { "<th scope=\"col\"\($0.style)>\(HTML(typesetting: $0.title))</th>" as HTML }
        let body = rows.map { cells in
            let cells = zip(columns, cells).enumerated().map { index, cell -> HTML in
                let (column, text) = cell
                return index == 0
                    ? "<th scope=\"row\"\(column.style)>\(Self.shown(text, column))</th>"
                    : "<td\(column.style)>\(Self.shown(text, column))</td>"
            }
            return "<tr>\(HTML(markup: cells.map(\.text).joined()))</tr>" as HTML
        }
        return """
            <div class="table"><table>
            <caption>\(HTML(typesetting: caption))</caption>
            <thead><tr>\(HTML(markup: heading.map(\.text).joined()))</tr></thead>
            <tbody>
            \(body.joined())
            </tbody>
            </table></div>
            """
    }

    private static func shown(_ text: String, _ column: Column) -> HTML {
        if case .number = column { return HTML(typesetting: text) }
        return HTML(escaping: text)
    }
}
