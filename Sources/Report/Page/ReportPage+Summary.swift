import Console
import Results

extension ReportPage {
    /// What a reader looks for first, on one screen and one printed page.
    var summarySection: HTML {
        let summary = report.summary
        let groups: [(String, [Quantity])] = [
            ("Source and data", summary.origin), ("Fit of the data", summary.data),
            ("What the trials can detect", summary.detectable),
        ]
        let tables = groups.filter { !$0.1.isEmpty }.map { title, quantities in
            """
            <table class="summary">
            <caption>\(title)</caption>
            <tbody>
            \(quantities.map(row).joined())
            </tbody>
            </table>
            """ as HTML
        }
        return """
            <section id="summary">
            <div class="summaries">
            \(tables.joined())
            </div>
            <p class="key">Errors and intervals in brackets hold \(NumberFormat.percent(report.settings.confidence)) %; those of the fit are \
            likelihood intervals.</p>
            \(notes(report.detections.isEmpty ? report.detectionWarnings : []))
            </section>
            """
    }

    private func row(_ quantity: Quantity) -> HTML {
        let unit = [quantity.unit, quantity.note].filter { !$0.isEmpty }.joined(
            separator: quantity.unit.isEmpty ? "" : " ")
        let warnings = quantity.warnings.map { "<div class=\"note\">\(HTML(typesetting: $0))</div>" as HTML }
        let below: HTML =
            warnings.isEmpty
            ? .empty : "\n<tr class=\"warnings\"><td></td><td colspan=\"2\">\(warnings.joined())</td></tr>"
        return """
            <tr><th scope="row">\(HTML(typesetting: HTMLTable.symbol(quantity.name)))</th>\
            <td class="value">\(HTML(typesetting: quantity.value))</td>\
            <td class="unit">\(HTML(typesetting: unit))</td></tr>\(below)
            """
    }
}
