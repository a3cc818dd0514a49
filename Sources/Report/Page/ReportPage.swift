import Console
import Diagnostics
import Foundation
import Results

/// A report as one page of HTML: figures and style sheet are embedded, nothing is fetched or executed. The element
/// `results` has all numbers as JSON.
public struct ReportPage {
    let report: CampaignReport
    let gnuplot: Gnuplot

    public init(_ report: CampaignReport, drawnBy gnuplot: Gnuplot) {
        self.report = report
        self.gnuplot = gnuplot
    }

    /// The page.
    ///
    /// - Throws: `Fault` if a figure cannot be drawn.
    public func html() throws(Fault) -> String {
        var sections: [HTML] = [header, summarySection]
        sections.append(try dataSection())
        sections.append(try placesSection())
        sections.append(try backgroundSection())
        sections.append(try detectionSection())
        sections.append(try biasSection())
        sections.append(try curveSection())
        sections.append(provenanceSection)
        sections.append(data)
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8" />
            <meta name="generator" content="\(FigureFormat.mark)" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>\(report.title)</title>
            <style>
            \(Stylesheet.text)
            </style>
            </head>
            <body>
            \(sections.joined())
            </body>
            </html>

            """
        return page.text
    }

    /// All numbers of the page for programs. A browser does not run it; no text in it ends the element.
    private var data: HTML {
        let json = report.json.description.replacing("<", with: "\\u003c").replacing("&", with: "\\u0026")
        return """
            <script type="application/json" id="results">
            \(HTML(markup: json))
            </script>
            """
    }

    private var header: HTML {
        """
        <header>
        <h1>\(report.title)</h1>
        <p class="subtitle">\(HTML(typesetting: report.campaign.line))</p>
        \(notes(report.fileWarnings))
        </header>
        """
    }

    /// A part with its heading; empty without contents.
    func section(_ title: String, _ identifier: String, _ parts: [HTML]) -> HTML {
        let contents = parts.joined()
        guard !contents.isEmpty else { return .empty }
        return """
            <section id="\(identifier)">
            <h2>\(title)</h2>
            \(contents)
            </section>
            """
    }

    /// Drawn figures, side by side.
    func drawn(_ figures: [Figure]) throws(Fault) -> HTML {
        guard !figures.isEmpty else { return .empty }
        guard gnuplot.isAvailable else {
            return notes(figures.map { "Figure not drawn, because gnuplot is not installed: \($0.title)." })
        }
        var pieces: [HTML] = []
        for figure in figures {
            let svg = try InlineSVG.element(
                from: gnuplot.draw(figure, as: .svg), name: figure.name, label: figure.title)
            pieces.append(
                """
                <figure id="figure-\(figure.name)">
                \(svg)
                <figcaption><b>\(figure.title).</b> \(HTML(typesetting: figure.caption))</figcaption>
                </figure>
                """)
        }
        return "<div class=\"figures\(figures.count == 1 ? " single" : "")\">\n\(pieces.joined())\n</div>"
    }

    /// Highlighted sentences.
    func notes(_ sentences: [String]) -> HTML {
        sentences.map { "<p class=\"note\">\($0)</p>" as HTML }.joined()
    }

    /// The tables of a result; warnings among the notes are highlighted.
    func tables(_ sections: [Section], warnings: [String] = []) -> [HTML] {
        sections.map { section in
            let sentences = [section.table == nil ? section.heading : "", section.note].filter { !$0.isEmpty }
            let parts =
                [section.table.map { HTMLTable(section.heading, $0).html } ?? .empty]
                + sentences.map { sentence in
                    warnings.contains(sentence) ? notes([sentence]) : "<p>\(HTML(typesetting: sentence))</p>"
                }
            return "<div class=\"result\">\n\(parts.joined())\n</div>"
        }
    }

    static let fluxUnit = "GeV⁻¹ cm⁻² s⁻¹"
}
