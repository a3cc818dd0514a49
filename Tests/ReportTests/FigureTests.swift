import Inference
import Diagnostics
import Testing

@testable import Report

/// The numbers that are drawn are those of the statistics.
@Suite struct FigureTests {
    /// The block of that name as gnuplot reads it from the script.
    private func parsed(_ figure: Figure, _ block: String) throws -> [[Double]] {
        let lines = figure.script(as: .gnuplot).split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "$\(block) << END"), "no \(block) in \(figure.name)")
        let end = try #require(lines[start...].firstIndex(of: "END"))
        return try lines[(start + 1)..<end].filter { !$0.isEmpty && !$0.hasPrefix("#") }.map { line in
            try line.split(separator: " ").map { try #require(Double($0)) }
        }
    }

    @Test("Letters have at least 7 pt at the width of a column or a page, and no name of a font is a command")
    func looks() throws {
        let figure = Figure(name: "x", title: "", caption: "", blocks: [], commands: [])
        for columns in [1, 2] {
            for theme in FigureLook.Theme.allCases {
                let look = try FigureLook(theme: theme, columns: columns, font: "Latin Modern Roman")
                let script = figure.script(as: .pdf, look)
                let size = try #require(script.firstMatch(of: /size ([0-9.]+)cm,/)?.1)
                let width = theme == .talk && columns == 1 ? 9.83 : columns == 1 ? 8.6 : 17.79
                #expect(abs(try #require(Double(size)) - width) < 0.02)
                let letters = try #require(script.firstMatch(of: /font 'Latin Modern Roman,([0-9.]+)'/)?.1)
                #expect(try #require(Double(letters)) >= (theme == .paper ? 7 : 8))
            }
        }
        for font in ["", "a'b", "a,b", "a\nb"] {
            #expect(throws: Fault.self) { try FigureLook(theme: .paper, columns: 1, font: font) }
        }
        #expect(throws: Fault.self) { try FigureLook(theme: .paper, columns: 0, font: "Helvetica") }
    }

    @Test func distributionOfTS() throws {
        let report = try SyntheticReport.make()
        let figure = try #require(report.figures.first { $0.name == "ts-distribution" })
        let spike = try parsed(figure, "spike")
        #expect(spike.count == 1 && spike[0][1] == 0.5)
        let bins = try parsed(figure, "trials")
        #expect(abs(bins.reduce(0.5) { $0 + $1[1] } - 1) < 1e-12, "every trial is drawn once")
        let width = bins[1][0] - bins[0][0]
        let background = try #require(report.background?.distribution)
        for bin in bins {
            let edges = [-0.5, 0.5].map { background.count(above: max(0, bin[0] + $0 * width)) }
            #expect(abs(bin[1] - Double(edges[0] - edges[1]) / 20_000) < 1e-12)
            #expect(bin[2] <= bin[1] && bin[1] <= bin[3])
        }
        // The fit gives the mean number of a bin: half a χ² with one degree of freedom.
        let fit = try #require(report.background?.tailFits.first)
        for row in try parsed(figure, "fit0") {
            let expected =
                fit.tailProbability(above: row[0] - width / 2) - fit.tailProbability(above: row[0] + width / 2)
            #expect(abs(row[1] - expected) < 1e-9)
        }
    }

    @Test func survivalAndThresholds() throws {
        let report = try SyntheticReport.make()
        let figure = try #require(report.figures.first { $0.name == "survival" })
        let background = try #require(report.background?.distribution)
        let rows = try parsed(figure, "trials")
        #expect(rows.count > 300 && rows.first?[0] == 0)
        for row in rows { #expect(row[1] == Double(background.count(above: row[0])) / 20_000) }
        #expect(try parsed(figure, "counted").map { $0[4].rounded() } == [1, 2, 3])
        let fitted = try parsed(figure, "fitted")
        #expect(fitted.map { $0[4].rounded() } == [4, 5])
        for row in try parsed(figure, "counted") + fitted {
            let threshold = try background.threshold(tailProbability: row[1], cut: 3)
            #expect(row[0] == threshold.value && row[2] == threshold.low && row[3] == threshold.high)
        }
    }

    @Test func probabilityOfDetection() throws {
        let report = try SyntheticReport.make()
        let figure = try #require(report.figures.first { $0.name == "detection" })
        for (index, detection) in report.detections.enumerated() {
            let rows = try parsed(figure, "trials\(index)")
            #expect(rows.map { $0[0] } == [0] + SyntheticReport.mus)
            #expect(rows.map { $0[1] } == detection.hypotheses.map(\.proportion.estimate))
            let found = try detection.signal.get()
            let answer = try parsed(figure, "answer\(index)")
            #expect(answer == [[found.mu, detection.criterion.power, found.muLow, found.muHigh ?? .nan]])
            // The curve passes through the answer.
            let curve = try parsed(figure, "curve\(index)")
            let next = try #require(curve.firstIndex { $0[0] > found.mu })
            #expect(curve[next - 1][1] <= detection.criterion.power && detection.criterion.power <= curve[next][1])
        }
        #expect(figure.script(as: .svg).contains("Φ_0 at 1 TeV in 10^{−16} GeV^{−1} cm^{−2} s^{−1}"))
    }

    @Test func bias() throws {
        let report = try SyntheticReport.make()
        for (name, spread) in [("bias-ns", \FitBias.signalEvents), ("bias-gamma", \FitBias.gamma!)] {
            let figure = try #require(report.figures.first { $0.name == name })
            let rows = try parsed(figure, "fits")
            #expect(rows.count == 8)
            for (row, bias) in zip(rows, report.calibration.calibration.biases) {
                let spread = bias[keyPath: spread]
                #expect(
                    row == [
                        bias.mu, spread.median, spread.medianInterval.lowerBound, spread.medianInterval.upperBound,
                        spread.band.lowerBound, spread.band.upperBound,
                    ])
            }
        }
    }

    @Test("without signal only the background is drawn, and nothing where there is nothing")
    func fewTrials() throws {
        #expect(try SyntheticReport.make(hasSignal: false).figures.map(\.name) == ["ts-distribution", "survival"])
        var report = try SyntheticReport.make(background: 3)
        #expect(report.figures.map(\.name).prefix(2) == ["ts-distribution", "survival"])
        #expect(report.detections.allSatisfy { $0.found == nil })
        report.background = nil
        report.detections = []
        #expect(report.figures.map(\.name) == ["bias-ns", "bias-gamma"])
    }

    @Test func numbersThatAreNoneAreNotDrawn() {
        let block = DataBlock("a", ["x", "y"], [[1, 2], [.nan, 3], [4, .infinity]])
        #expect(block.rows == [[1, 2]] && block.text == "$a << END\n# x y\n1 2\nEND")
        #expect(DataBlock("a", ["x"], [[.nan]]).isEmpty)
    }

    @Test(arguments: [(40.0, 40, 1.0), (17, 40, 0.2), (100, 40, 2), (0.3, 40, 0.005), (0, 40, 1)])
    func stepsAreRound(range: Double, parts: Int, step: Double) {
        #expect(abs(FigureStyle.step(dividing: range, into: parts) / step - 1) < 1e-9)
    }
}
