import Diagnostics
import Files
import Foundation

/// The format of a file with the numbers of a report.
public enum NumbersFormat: String, Sendable, CaseIterable {
    /// The summary as a LaTeX table, and the BibTeX entries of what it rests on.
    case tex
    /// All numbers of the page.
    case json
}

/// The output files of a report.
public struct ReportOutputs: Sendable {
    /// The page; nil for none.
    public let page: String?
    /// A folder for the figures; nil for none.
    public let folder: String?
    public let formats: [FigureFormat]
    public let look: FigureLook
    /// Files with the numbers, in ``folder`` or, without one, beside the page.
    public let numbers: [NumbersFormat]
    /// Whether to replace files that are not pages or figures of this program.
    public let replace: Bool
    /// Files that are never replaced.
    public let inputs: [String]

    public init(
        page: String?, folder: String?, formats: [FigureFormat], look: FigureLook = .standard,
        numbers: [NumbersFormat] = [], replace: Bool = false, inputs: [String] = []
    ) {
        self.page = page
        self.folder = folder
        self.formats = formats
        self.look = look
        self.numbers = numbers
        self.replace = replace
        self.inputs = inputs
    }

    private func collision(_ name: String) -> Publication.Collision {
        .init(replace: replace, own: .marked(name, FigureFormat.mark))
    }

    private func numberFiles(_ report: CampaignReport) -> [(name: String, text: String)] {
        numbers.flatMap { format -> [(String, String)] in
            switch format {
            case .tex:
                let tex = TeXTable(report: report)
                return [("summary.tex", tex.table), ("references.bib", tex.bibliography)]
            case .json: return [("results.json", report.json.description + "\n")]
            }
        }
    }

    /// Creates the folder, and checks that the page would replace only an older page.
    ///
    /// - Throws: `Fault` (cannot create, usage).
    public func check() throws(Fault) {
        if let folder { try OutputFolder.makeAll(folder) }
        if let page { try Publication.check(page, collision("a page"), inputs: inputs) }
    }

    /// Draws and writes all outputs.
    ///
    /// - Returns: the files, in the order in which they were written.
    /// - Throws: `Fault` if a figure cannot be drawn, or a file cannot be written.
    public func write(_ report: CampaignReport, drawnBy gnuplot: Gnuplot) throws(Fault) -> [String] {
        var written: [String] = []
        if let page {
            let html = try ReportPage(report, drawnBy: gnuplot).html()
            try Publication.write(html.utf8, to: page, collision("a page"), inputs: inputs)
            written.append(page)
        }
        for (name, text) in numberFiles(report) {
            let place = folder ?? page.map { parentFolder(of: $0) } ?? "."
            let path = place == "." ? name : "\(place)/\(name)"
            try Publication.write(text.utf8, to: path, collision("a file"), inputs: inputs)
            written.append(path)
        }
        guard let folder else { return written }
        for figure in report.figures {
            for format in formats {
                let path = "\(folder)/\(figure.name).\(format.rawValue)"
                try Publication.check(path, collision("a figure"), inputs: inputs)
                let drawn = format.marked(try gnuplot.draw(figure, as: format, look))
                try Publication.write(drawn, to: path, collision("a figure"), inputs: inputs)
                written.append(path)
            }
        }
        return written
    }
}
