import Diagnostics
import Files
import Foundation

/// The program that draws figures.
public struct Gnuplot: Sendable {
    /// The program found in `PATH`, and the one installed with ours, which draws SVG only (tools/portable/gnuplot).
    private let installed, own: String?

    /// Looks for `gnuplot` in the folders of `PATH`, and in `libexec` beside the folder of this program.
    ///
    /// - Parameters:
    ///   - environment: the process's environment by default.
    ///   - programs: the folder of this program.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment, programs: String = programFolder
    ) {
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/gnuplot" }
        installed = folders.first { FileManager.default.isExecutableFile(atPath: $0) }
        let own = parentFolder(of: programs) + "/libexec/gnuplot"
        self.own = FileManager.default.isExecutableFile(atPath: own) ? own : nil
    }

    /// Whether figures can be drawn for a page.
    public var isAvailable: Bool { own != nil || installed != nil }

    /// The program for a format.
    ///
    /// - Throws: `Fault` (missing input) if there is none.
    @discardableResult
    public func path(for format: FigureFormat) throws(Fault) -> String {
        if let path = format == .svg ? own ?? installed : installed { return path }
        let isPartial = own != nil
        throw Fault(
            .missingInput,
            isPartial
                ? "the gnuplot installed with this program draws svg, not \(format.rawValue)"
                : "gnuplot, which draws the figures, is not installed",
            remedy: "install it, on Debian with apt-get install gnuplot-nox"
                + (isPartial ? ", or give --format svg" : ""))
    }

    /// Draws a figure.
    ///
    /// Equal figures give equal bytes: files contain no dates.
    ///
    /// - Returns: the file's contents.
    /// - Throws: `Fault` as ``path(for:)``, or (input/output) if gnuplot cannot be started or fails, with its message.
    public func draw(
        _ figure: Figure, as format: FigureFormat, _ look: FigureLook = .standard
    ) throws(Fault) -> Data {
        let script = Data(figure.script(as: format, look).utf8)
        if format == .gnuplot { return script }
        let drawn = try run(try path(for: format), script, drawing: figure.name)
        return format == .pdf ? Self.undated(drawn) : drawn
    }

    private func run(_ path: String, _ script: Data, drawing name: String) throws(Fault) -> Data {
        do {
            let folder = FileManager.default.temporaryDirectory.appending(path: "trialmerge-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let (input, output, error) = (
                folder.appending(path: "script"), folder.appending(path: "output"), folder.appending(path: "error")
            )
            try script.write(to: input)
            for file in [output, error] { try Data().write(to: file) }
            let (outputFile, errorFile) = (
                try FileHandle(forWritingTo: output), try FileHandle(forWritingTo: error)
            )
            // The user's own settings are ignored, so that figures do not differ between people.
            let process = try ChildProcess(
                path, ["--default-settings", input.path],
                environment: ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 },
                output: outputFile.fileDescriptor, error: errorFile.fileDescriptor)
            let code = process.wait()
            let drawn = try Data(contentsOf: output)
            guard code == 0, !drawn.isEmpty else {
                let lines = String(decoding: try Data(contentsOf: error), as: UTF8.self).split(separator: "\n")
                let message = lines.last { !$0.allSatisfy { $0 == " " || $0 == "^" } } ?? "nothing"
                throw Fault(
                    .inputOutput, at: .file(path), "failed to draw the figure \(name): \(message)",
                    remedy: "check that it is version 5.4 or newer, and that the temporary folder has free space")
            }
            return drawn
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(
                .inputOutput, at: .file(path), "cannot draw the figure \(name) (\(error.localizedDescription))",
                remedy: "check the program and the temporary folder")
        }
    }

    /// A PDF whose creation date is overwritten with blanks: cairo cannot leave it out, and an equal number of spaces
    /// keeps all positions.
    static func undated(_ pdf: Data) -> Data {
        var pdf = pdf
        while let key = pdf.range(of: Data("/CreationDate (".utf8)) {
            guard let end = pdf[key.upperBound...].firstIndex(of: UInt8(ascii: ")")) else { return pdf }
            pdf.replaceSubrange(key.lowerBound...end, with: Data(repeating: 0x20, count: end - key.lowerBound + 1))
        }
        return pdf
    }
}
