import Console

/// A table of a page with its caption.
struct HTMLTable {
    let caption: String
    private var table: Table

    init(_ caption: String, _ columns: [Table.Column]) { self.init(caption, Table(columns)) }

    /// A result's table in the form of the page.
    init(_ caption: String, _ table: Table) {
        self.caption = caption
        self.table = table
    }

    /// Adds a row, whose first cell names it.
    mutating func add(_ cells: [String]) { table.add(cells) }

    /// Headings with symbols instead of the words used in the terminal.
    private static let symbols = [
        "mu": "μ", "gamma": "γ", "sigma": "σ", "psi": "ψ", "flux": "Φ₀", "flux interval": "Φ₀ interval",
    ]

    /// The symbol for a word; other words unchanged.
    static func symbol(_ word: String) -> String { symbols[word] ?? word }

    /// Empty for a table without rows.
    var html: HTML {
        guard !table.rows.isEmpty else { return .empty }
        let heading = table.columns.map { column -> HTML in
            let title = Self.symbol(column.title) + (column.unit.map { " [\($0)]" } ?? "")
            return "<th scope=\"col\"\(Self.style(column))>\(HTML(typesetting: title))</th>"
        }
        let body = table.rows.map { cells in
            let cells = zip(table.columns, cells).enumerated().map { index, cell -> HTML in
                let (column, text) = cell
                // A checksum or a path may break anywhere.
                let isLong = column.alignment == .left && text.split(separator: " ").contains { $0.count > 30 }
                let style: HTML = isLong ? " class=\"hash\"" : Self.style(column)
                let shown = column.alignment == .right ? HTML(typesetting: text) : HTML(escaping: text)
                return index == 0
                    ? "<th scope=\"row\"\(style)>\(shown)</th>" : "<td\(style)>\(shown)</td>"
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

    /// The class of the style sheet that aligns a column.
    private static func style(_ column: Table.Column) -> HTML {
        column.alignment == .right ? " class=\"number\"" : ""
    }
}
