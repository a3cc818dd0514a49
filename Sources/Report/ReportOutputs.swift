import Diagnostics
import Files
import Foundation

/// Where a report goes.
public struct ReportOutputs: Sendable {
    /// The page; nil for none.
    public let page: String?
    /// A folder for the figures; nil for none.
    public let folder: String?
    public let formats: [FigureFormat]

    public init(page: String?, folder: String?, formats: [FigureFormat]) {
        self.page = page
        self.folder = folder
        self.formats = formats
    }

    /// Creates the folder, and checks that the page would replace only an older page.
    ///
    /// - Throws: `Fault` (cannot create).
    public func check() throws(Fault) {
        if let folder { try OutputFolder.makeAll(folder) }
        guard let page else { return }
        let parent = parentFolder(of: page)
        guard FileManager.default.isWritableFile(atPath: parent) else {
            throw Fault(
                .cannotCreate, at: .file(page), "is in a folder that does not exist or cannot be written to",
                remedy: "make \(parent), or name another place")
        }
        guard exists(page) else { return }
        let start = Array("<!DOCTYPE html".utf8)
        let beginning = try OpenFile(page).read(start.count, at: 0)
        guard beginning.isEmpty || beginning == start else {
            throw Fault(
                .cannotCreate, at: .file(page), "exists and is not an HTML page, so it is not replaced",
                remedy: "name another file")
        }
    }

    /// Draws and writes everything.
    ///
    /// - Returns: the files, in the order in which they were written.
    /// - Throws: `Fault` where a figure cannot be drawn, or a file not be written.
    public func write(_ report: CampaignReport, drawnBy gnuplot: Gnuplot) throws(Fault) -> [String] {
        var written: [String] = []
        if let page {
            try Publication.write(try ReportPage(report, drawnBy: gnuplot).html().utf8, to: page)
            written.append(page)
        }
        guard let folder else { return written }
        for figure in report.figures {
            for format in formats {
                let path = "\(folder)/\(figure.name).\(format.rawValue)"
                try Publication.write(try gnuplot.draw(figure, as: format), to: path)
                written.append(path)
            }
        }
        return written
    }
}
