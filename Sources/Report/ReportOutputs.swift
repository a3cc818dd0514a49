import Diagnostics
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
        if let folder {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                throw Fault(
                    .cannotCreate, at: .file(folder), "cannot be created as a folder (\(error.localizedDescription))",
                    remedy: "name another one")
            }
        }
        guard let page else { return }
        let parent = URL(filePath: page).deletingLastPathComponent().path
        guard FileManager.default.isWritableFile(atPath: parent) else {
            throw Fault(
                .cannotCreate, at: .file(page), "is in a folder that does not exist or cannot be written to",
                remedy: "make \(parent), or name another place")
        }
        guard FileManager.default.fileExists(atPath: page) else { return }
        let start = Data("<!DOCTYPE html".utf8)
        let beginning = try? FileHandle(forReadingFrom: URL(filePath: page)).read(upToCount: start.count)
        guard let beginning, beginning.isEmpty || beginning == start else {
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
            try write(Data(try ReportPage(report, drawnBy: gnuplot).html().utf8), to: page)
            written.append(page)
        }
        guard let folder else { return written }
        for figure in report.figures {
            for format in formats {
                let path = URL(filePath: folder).appending(path: "\(figure.name).\(format.rawValue)").path
                try write(try gnuplot.draw(figure, as: format), to: path)
                written.append(path)
            }
        }
        return written
    }

    private func write(_ data: Data, to path: String) throws(Fault) {
        do {
            try data.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw Fault(
                .cannotCreate, at: .file(path), "cannot be written (\(error.localizedDescription))",
                remedy: "check its folder, and that there is room")
        }
    }
}
