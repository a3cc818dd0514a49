import Foundation

/// A headless Chromium, which lays out a page of a report: `tools/setup chromium`.
public struct Browser {
    private let program: String

    /// Nil where no Chromium is installed.
    public init?() {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let programs = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
            folders.map { "\($0)/\(name)" }
        }
        guard let found = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            return nil
        }
        program = found
    }

    /// What the layout of a page is.
    public struct Layout: Decodable {
        /// The width of the window's contents in pixels.
        public let width: Double
        /// The background as CSS has it: "rgb(255, 255, 255)".
        public let background: String
        /// Elements that are wider than the page or their container, with the pixels by which they stick out; texts of
        /// figures that are cut off at the figure's edge.
        public let overflowing: [String]
        /// Pairs of texts of which one lies on the other.
        public let overlapping: [String]
        /// The number of texts that were compared.
        public let texts: Int
    }

    /// Lays out a page in a frame of that width (a window of Chromium is never narrower than 500 pixels).
    ///
    /// - Parameters:
    ///   - html: a page without scripts.
    ///   - folder: for temporary files.
    public func layout(of html: String, width: Int, isDark: Bool, in folder: String) throws -> Layout {
        let page = "\(folder)/page.html"
        let measured = html.replacingOccurrences(of: "</body>", with: "<script>\(Self.script)</script></body>")
        try measured.write(toFile: page, atomically: false, encoding: .utf8)
        let frame = """
            <!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
            <iframe src="page.html" style="border:0;width:\(width)px;height:12000px"></iframe><pre id="layout"></pre>
            <script>onmessage = event => document.getElementById('layout').textContent = 'LAYOUT' + event.data + 'END';</script>
            """
        try frame.write(toFile: "\(folder)/frame.html", atomically: false, encoding: .utf8)
        let output = try run(
            [
                "--window-size=\(max(width, 600)),12000", "--virtual-time-budget=20000",
                "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)", "--dump-dom", "file://\(folder)/frame.html",
            ], in: folder)
        guard let start = output.range(of: "LAYOUT{"), let end = output.range(of: "}END", options: .backwards) else {
            throw Failure(description: "Chromium printed no layout: \(output.suffix(500))")
        }
        let json = "{" + output[start.upperBound..<end.lowerBound] + "}"
        let plain = json.replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
            .replacingOccurrences(of: "&amp;", with: "&")
        return try JSONDecoder().decode(Layout.self, from: Data(plain.utf8))
    }

    /// The number of pages of a page in print.
    ///
    /// - Parameter size: "A4" or "letter".
    public func printedPages(of html: String, size: String, in folder: String) throws -> Int {
        let style = "<style>@page { size: \(size); }</style></head>"
        try html.replacingOccurrences(of: "</head>", with: style).write(
            toFile: "\(folder)/print.html", atomically: false, encoding: .utf8)
        let pdf = "\(folder)/print.pdf"
        _ = try run(["--no-pdf-header-footer", "--print-to-pdf=\(pdf)", "file://\(folder)/print.html"], in: folder)
        let text = String(decoding: try Data(contentsOf: URL(filePath: pdf)), as: UTF8.self)
        return text.matches(of: /\/Type\s*\/Page[^s]/).count
    }

    private struct Failure: Error, CustomStringConvertible { let description: String }

    private func run(_ arguments: [String], in folder: String) throws -> String {
        let output = "\(folder)/chromium.out"
        FileManager.default.createFile(atPath: output, contents: nil)
        let process = Process()
        process.executableURL = URL(filePath: program)
        // As root Chromium needs --no-sandbox; the pages are our own.
        process.arguments =
            ["--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/profile"] + arguments
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    /// Measures the page. What scrolls inside an element (`.table`, `pre`) may be wider than it, but not that element.
    private static let script = """
        addEventListener('load', () => {
          const width = document.documentElement.clientWidth, overflowing = [], overlapping = [];
          const name = element => element.tagName + (element.id ? '#' + element.id : '') +
            (typeof element.className === 'string' && element.className ? '.' + element.className : '') +
            ': ' + element.textContent.trim().slice(0, 30);
          const scrolls = element => element.closest('.table, pre');
          if (document.documentElement.scrollWidth > width) overflowing.push('the page: ' + document.documentElement.scrollWidth);
          for (const element of document.body.querySelectorAll('*')) {
            if (['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
            const inside = scrolls(element);
            if (inside && inside !== element) continue;
            if (element.closest('svg') && element.tagName !== 'svg') continue;
            const box = element.getBoundingClientRect(), parent = element.parentElement.getBoundingClientRect();
            if (box.width && (box.right > width + 1 || box.left < -1 || box.right > parent.right + 1))
              overflowing.push(name(element) + ' ' + Math.round(box.right - Math.min(width, parent.right)));
          }
          const texts = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (!node.textContent.trim() || ['SCRIPT', 'STYLE'].includes(parent.tagName)) continue;
            const text = parent.closest('text');
            if (text && texts.some(other => other.element === text)) continue;
            const range = document.createRange();
            range.selectNodeContents(text || node);
            if (text) {
              const box = range.getBoundingClientRect(), figure = text.closest('svg').getBoundingClientRect();
              if (box.left < figure.left - 1 || box.right > figure.right + 1)
                overflowing.push('in a figure: ' + text.textContent.trim().slice(0, 30));
            }
            for (const box of range.getClientRects()) {
              // Lines are higher than their letters.
              const cut = 0.2 * box.height;
              if (box.width > 1 && box.height > 1)
                texts.push({element: text || node, words: (text || node).textContent.trim().slice(0, 30),
                  left: box.left + 1, right: box.right - 1, top: box.top + cut, bottom: box.bottom - cut});
            }
          }
          for (let i = 0; i < texts.length; i++)
            for (let k = i + 1; k < texts.length; k++) {
              const a = texts[i], b = texts[k];
              if (a.element !== b.element && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
                overlapping.push(a.words + ' | ' + b.words);
            }
          parent.postMessage(JSON.stringify({width, overflowing, overlapping, texts: texts.length,
            background: getComputedStyle(document.documentElement).backgroundColor}), '*');
        });
        """
}
