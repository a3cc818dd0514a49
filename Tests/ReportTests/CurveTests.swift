import Foundation
import Results
import TestSupport
import Testing

@testable import Report

@Suite struct CurveTests {
    /// The object that `trialmerge curve --json` prints for these points.
    private func curve(
        axes: [String], _ points: [(dec: Double, gamma: Double, energies: [Double]?)], title: String = "sensitivity"
    ) throws -> CurveFile {
        let objects = points.enumerated().map { index, point -> [String: Any] in
            let flux = 1e-12 * Double(index + 1)
            let numbers: [String: Any] = [
                "flux_norm": flux, "flux_low": 0.9 * flux, "flux_high": index == 0 ? NSNull() : 1.2 * flux,
                "e2_flux": 1e3 * flux, "e2_flux_low": 900 * flux, "e2_flux_high": 1200 * flux,
            ]
            return [
                "name": "a", "ra": 1, "dec": point.dec, "gamma": point.gamma,
                "energy_range": point.energies ?? NSNull(), "e2_energy": 1000,
                "results": [numbers, ["flux_norm": NSNull(), "reason": "too few"]],
            ]
        }
        let object: [String: Any] = [
            "e0": 1000, "axes": axes, "points": objects,
            "quantities": [["title": title, "power": 0.9], ["title": "5σ discovery potential", "power": 0.5]],
        ]
        let text = String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
        return try withScratchFile(text) { try CurveFile(contentsOf: $0) }
    }

    @Test("along one axis all quantities stand in one figure, at their places")
    func declination() throws {
        let figures = Figure.curves(try curve(axes: ["dec"], [(-30, 2, nil), (0, 2, nil), (30, 2, nil)]))
        #expect(figures.map(\.name) == ["curve-dec"])
        let rows = try #require(figures[0]["line0"]).rows
        #expect(zip(rows, [-0.5, 0, 0.5]).allSatisfy { abs($0[0] - $1) < 1e-15 })
        #expect(rows.map { $0[1] } == [1e-9, 2e-9, 3e-9])
        #expect(figures[0]["line1"]?.isEmpty == true, "what the trials do not give is not drawn")
    }

    @Test("along two axes each quantity has a figure an axis, with a line for each place on the other")
    func twoAxes() throws {
        let curve = try curve(axes: ["dec", "gamma"], [(-30, 2, nil), (-30, 3, nil), (0, 2, nil), (0, 3, nil)])
        let figures = Figure.curves(curve)
        #expect(figures.map(\.name) == ["curve-dec-1", "curve-dec-2", "curve-gamma-1", "curve-gamma-2"])
        // Against gamma it is Φ₀; an interval without an upper end is drawn up to ten times the flux.
        #expect(figures[2]["line0"]?.rows == [[2, 1e-12, 0.9e-12, 1e-11, 2, 2], [3, 2e-12, 1.8e-12, 2.4e-12, 3, 3]])
        #expect(curve.series(along: .gamma).map(\.label) == ["δ = −30°", "δ = 0°"])
    }

    @Test func energies() throws {
        let figure = Figure.curves(try curve(axes: ["energy_range"], [(0, 2, [100, 10000]), (0, 2, [1e4, 1e6])]))[0]
        #expect(figure["line0"]?.rows.map { [$0[0], $0[4], $0[5]] } == [[1000, 100, 10000], [1e5, 1e4, 1e6]])
    }

    @Test("a text from a file cannot become a command, and everything can be drawn")
    func drawing() throws {
        let title = "a'\nset print '/nowhere'\n_b^{c}"
        let gnuplot = Gnuplot()
        for curve in [
            try curve(axes: ["dec"], [(-30, 2, nil), (0, 2, nil)], title: title),
            try curve(axes: ["gamma", "energy_range"], [(0, 2, [100, 1e4]), (0, 3, [100, 1e4])], title: title),
            try curve(axes: [], [(0, 2, nil)]),
        ] {
            for figure in Figure.curves(curve) {
                #expect(!figure.script(as: .svg).contains("\nset print"))
                #expect(throws: Never.self) { try gnuplot.draw(figure, as: .svg) }
            }
            let page = ReportPage(try SyntheticReport.make(hasSignal: false, curves: [curve]), drawnBy: gnuplot)
            #expect(try page.html().contains("<h2>Curves</h2>"))
        }
    }
}
