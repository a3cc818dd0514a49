import Diagnostics
import Foundation

/// gnuplot's SVG as part of a page.
enum InlineSVG {
    /// The SVG element without the parts that only a separate file needs, with identifiers distinct from other
    /// figures'.
    ///
    /// - Parameters:
    ///   - svg: the file.
    ///   - name: the figure's, a word of letters and hyphens.
    ///   - label: text alternative of the figure.
    /// - Throws: `Fault` (bad data) for a text that is not SVG.
    static func element(from svg: Data, name: String, label: String) throws(Fault) -> HTML {
        var text = String(decoding: svg, as: UTF8.self)
        guard let start = text.range(of: "<svg"), let end = text.range(of: "</svg>", options: .backwards),
            let opened = text.range(of: ">", range: start.upperBound..<text.endIndex)
        else {
            throw Fault(
                .badData, "gnuplot's drawing of the figure \(name) is not SVG", remedy: "check gnuplot's version")
        }
        let attributes = text[start.upperBound..<opened.lowerBound]
        text = String(text[opened.upperBound..<end.lowerBound])
        // The figure's caption describes its contents.
        for element in ["title", "desc"] {
            while let open = text.range(of: "<\(element)>"), let close = text.range(of: "</\(element)>"),
                open.lowerBound < close.lowerBound
            {
                text.removeSubrange(open.lowerBound..<close.upperBound)
            }
        }
        for (quote, attribute) in [("'", "id="), ("\"", "id="), ("'", "xlink:href="), ("\"", "xlink:href=")] {
            let mark = attribute == "id=" ? "" : "#"
            text = text.replacing("\(attribute)\(quote)\(mark)", with: "\(attribute)\(quote)\(mark)\(name)-")
        }
        text = text.replacing("url(#", with: "url(#\(name)-").replacing("xlink:href=", with: "href=")
        let viewBox = attributes.firstMatch(of: /viewBox="[0-9. ]*"/).map { String($0.output) } ?? ""
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(HTML(markup: viewBox)) role="img" aria-label="\(label)">
            \(HTML(markup: lines.joined(separator: "\n")))
            </svg>
            """
    }
}
