import Diagnostics
import Foundation
import Testing

@testable import Report

@Suite struct HTMLTests {
    @Test func textsAreEscapedAndMarkupIsNot() {
        let name = "<b>A & \"B\"</b>\u{7}"
        let piece: HTML = "<i>\("x")</i>"
        let cell: HTML = "<td title=\"\(name)\">\(name) \(piece)</td>"
        let escaped = "&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt;"
        #expect(cell.text == "<td title=\"\(escaped)\">\(escaped) <i>x</i></td>")
    }

    @Test func tables() {
        var table = HTMLTable("Numbers < 1", [.name("name"), .number("value")])
        #expect(table.html.isEmpty)
        table.add(["a-b", "-1e-5 n_s"])
        let text = table.html.text
        #expect(text.contains("<caption>Numbers &lt; 1</caption>"))
        #expect(
            text.contains(
                "<th scope=\"row\">a-b</th><td class=\"number\">\u{2212}1 × 10<sup>\u{2212}5</sup> <i>n</i><sub>s</sub></td>"
            ))
    }
}

@Suite struct InlineSVGTests {
    private let drawing = """
        <?xml version="1.0"?>
        <svg
         viewBox="0 0 420 330" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
        <title>survival</title>
        <desc>Produced by GNUPLOT</desc>
        <circle id='dot' r='0.5'/><use xlink:href='#dot' id="two"/><rect fill = "url(#two)"/>
        </svg>
        """

    @Test func identifiersAreThoseOfTheFigure() throws {
        let svg = try InlineSVG.element(from: Data(drawing.utf8), name: "bias-ns", label: "a < b").text
        #expect(
            svg.hasPrefix(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 420 330\" role=\"img\" aria-label=\"a &lt; b\">"
            ))
        #expect(svg.contains("<circle id='bias-ns-dot' r='0.5'/><use href='#bias-ns-dot' id=\"bias-ns-two\"/>"))
        #expect(svg.contains("url(#bias-ns-two)"))
        #expect(
            !svg.contains("<title>") && !svg.contains("GNUPLOT") && !svg.contains("xlink") && svg.hasSuffix("</svg>"))
    }

    @Test func anythingElseIsAFault() {
        #expect(throws: Fault.self) { try InlineSVG.element(from: Data("no".utf8), name: "x", label: "") }
    }
}
