import Foundation
import TestSupport
import Testing

/// The page of the demonstration as Chromium lays it out.
@Suite(
    "trialmerge report in a browser",
    .enabled(if: Browser() != nil, "needs Chromium (tools/setup chromium)"))
struct ReportLayoutTests {
    private let folder: ScratchFolder
    /// The page of a demonstration, made once.
    private static let page = Result {
        let folder = try ToyFolder.shared.get().scratch()
        let demo = try BuiltTool.trialgen.run(
            ["demo", "--output", "demo", "--trials", "2000", "--scale", "0.01", "--quiet"], in: folder)
        try #require(demo.code == 0, "\(demo.error)")
        return try String(contentsOfFile: folder + "/demo/report.html", encoding: .utf8)
    }

    init() throws { folder = try ScratchFolder() }

    @Test(
        "Nothing sticks out and no text lies on another, narrow and wide, light and dark",
        arguments: [400, 1200, 1600], [false, true])
    func layout(width: Int, isDark: Bool) throws {
        let browser = try #require(Browser())
        let layout = try browser.layout(of: try Self.page.get(), width: width, isDark: isDark, in: folder.path)
        #expect(abs(layout.width - Double(width)) <= 20)
        #expect(layout.texts > 400)
        #expect(layout.overflowing.isEmpty, "\(layout.overflowing.joined(separator: "\n"))")
        #expect(layout.overlapping.isEmpty, "\(layout.overlapping.joined(separator: "\n"))")
        #expect(layout.background == (isDark ? "rgb(22, 24, 27)" : "rgb(255, 255, 255)"))
    }

    @Test("The demonstration's report has at most five pages", arguments: ["A4", "letter"])
    func pages(size: String) throws {
        let pages = try #require(Browser()).printedPages(of: try Self.page.get(), size: size, in: folder.path)
        #expect((2...5).contains(pages), "\(pages)")
    }

    @Test("The measure finds what is wrong with a page")
    func wrongPages() throws {
        let browser = try #require(Browser())
        func layout(_ body: String) throws -> Browser.Layout {
            let page = "<!DOCTYPE html><html><head></head><body style=\"margin:0\">\(body)</body></html>"
            return try browser.layout(of: page, width: 400, isDark: false, in: folder.path)
        }
        let wide = try layout("<p style=\"width:500px\">wide</p>")
        #expect(wide.overflowing.contains { $0.hasPrefix("P: wide") })
        let scrolling = try layout(
            "<div class=\"table\" style=\"overflow-x:auto\"><p style=\"width:500px\">wide</p></div>")
        #expect(scrolling.overflowing.isEmpty && scrolling.overlapping.isEmpty)
        let cutOff = try layout("<svg width=\"100\" height=\"20\"><text x=\"80\" y=\"15\">a long text</text></svg>")
        #expect(cutOff.overflowing == ["in a figure: a long text"])
        let above = try layout("<p style=\"margin:0\">one</p><p style=\"margin:-20px 0 0\">two</p>")
        #expect(above.overlapping == ["one | two"])
    }
}
