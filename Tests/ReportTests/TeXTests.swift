import Foundation
import TestSupport
import Testing

@testable import Report

@Suite struct TeXTests {
    @Test(
        "Numbers, units and names in LaTeX",
        arguments: [
            ("24.8 +6.1 -5.3", "$24.8^{+6.1}_{-5.3}$"),
            ("(1.23 +0.45 -0.38)e-15", "$(1.23^{+0.45}_{-0.38}) \\times 10^{-15}$"),
            ("3.1e-8 [2.9e-8, 3.3e-8]", "$3.1 \\times 10^{-8}$ [$2.9 \\times 10^{-8}$, $3.3 \\times 10^{-8}$]"),
            ("GeV^-1 cm^-2 s^-1", "GeV$^{-1}$ cm$^{-2}$ s$^{-1}$"), ("n_s", "$n_\\mathrm{s}$"),
            ("40.67°, -0.01°", "40.67$^\\circ$, $-$0.01$^\\circ$"), ("IC86_I-XI", "IC86\\_I-XI"),
            ("100 % & \\{x}#$~", "100 \\% \\& \\textbackslash{}\\{x\\}\\#\\$\\textasciitilde{}"),
            ("5σ discovery", "5$\\sigma$ discovery"),
        ])
    func typesetting(plain: String, tex: String) { #expect(TeXTable.typeset(plain) == tex) }

    @Test("The table compiles, with every row of the summary", .enabled(if: Self.latex != nil, "needs pdflatex"))
    func compiles() throws {
        let folder = try ScratchFolder()
        let table = TeXTable(report: try SyntheticReport.make()).table
        let document = "\\documentclass{article}\\begin{document}\n\(table)\\end{document}\n"
        try document.write(toFile: folder.file("x.tex"), atomically: false, encoding: .utf8)
        let process = Process()
        process.executableURL = Self.latex
        process.arguments = ["-interaction=nonstopmode", "-halt-on-error", "x.tex"]
        process.currentDirectoryURL = URL(filePath: folder.path)
        process.standardOutput = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    private static let latex = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { URL(filePath: "\($0)/pdflatex") }.first { FileManager.default.isExecutableFile(atPath: $0.path) }

    @Test func tableAndBibliography() throws {
        let tex = TeXTable(report: try SyntheticReport.make())
        #expect(tex.table.contains("source & A \\& $<$B$>$ &  \\\\"))
        #expect(tex.table.contains("sensitivity & $"))
        #expect(tex.bibliography.contains("doi = {10.7910/DVN/MMIIZA}"))
        #expect(tex.bibliography.contains(try SyntheticReport.campaign().fingerprint))
    }
}
