import Console
import Foundation
import Results

extension Figure {
    /// The number of lines that can be told apart by colour, dashes and symbol.
    private static let mostLines = 6

    /// Sensitivity and discovery potential as functions of each axis in which points differ.
    ///
    /// If points differ in one axis only, one figure shows all quantities; otherwise each quantity has its own, with a
    /// line for each combination of the other axes.
    ///
    /// - Parameter prefix: distinguishes the names of figures of several curves.
    static func curves(_ curve: CurveFile, prefix: String = "curve") -> [Figure] {
        curve.drawnAxes.flatMap { axis -> [Figure] in
            let series = curve.series(along: axis)
            let name = "\(prefix)-\(axis.rawValue.replacing("_range", with: ""))"
            if series.count == 1 {
                let lines = curve.quantities.indices.map {
                    (label: curve.quantities[$0].title, points: series[0].points, $0)
                }
                return [figure(curve, axis, name: name, title: "Detectable signals", lines: lines)]
            }
            return curve.quantities.enumerated().map { index, quantity in
                figure(
                    curve, axis, name: curve.quantities.count > 1 ? "\(name)-\(index + 1)" : name,
                    title: quantity.title.prefix(1).uppercased() + quantity.title.dropFirst(),
                    lines: series.map { ($0.label, $0.points, index) })
            }
        }
    }

    private static func figure(
        _ curve: CurveFile, _ axis: CurveFile.Axis, name: String, title: String,
        lines: [(label: String, points: [CurveFile.Point], quantity: Int)]
    ) -> Figure {
        var (blocks, plots): ([DataBlock], [String]) = ([], [])
        let shown = lines.prefix(mostLines)
        for (index, line) in shown.enumerated() {
            let rows = line.points.compactMap { row($0, line.quantity, axis) }.sorted { $0[0] < $1[0] }
            blocks.append(DataBlock("line\(index)", ["x", "flux", "low", "high", "from", "to"], rows))
            guard !rows.isEmpty else { continue }
            let (color, dash, symbol) = FigureStyle.line(index)
            let style = "linecolor rgb \(color) linewidth 1.4"
            switch axis {
            case .energy:
                plots.append(
                    "$line\(index) using 5:2:($6 - $5):(0) with vectors nohead \(style) dashtype \(dash) "
                        + "title \(FigureStyle.quoted(line.label))"
                )
            case .declination, .gamma:
                plots.append(
                    "$line\(index) using 1:2 with linespoints \(style) dashtype \(dash) pointtype \(symbol) "
                        + "pointsize 0.5 title \(FigureStyle.quoted(line.label))")
            }
            plots += FigureStyle.points("$line\(index) using 1", color: color, symbol: symbol, size: 0.5)
        }
        if plots.isEmpty { plots.append("NaN with lines title 'no point has an answer'") }
        let left = lines.count - shown.count
        return Figure(
            name: name, title: title,
            caption: caption(curve, axis)
                + " Intervals hold \(percent(curve.confidence ?? 0.6827)); one without an upper end is drawn up to ten times the flux."
                + (left > 0 ? " \(left) more lines are only in the table." : ""),
            blocks: blocks,
            commands: axisCommands(axis, curve, rows: blocks.flatMap(\.rows)) + [plot(plots)])
    }

    /// x, flux, its interval, and the ends of x; nil if the trials give no flux. An interval without an upper end is
    /// drawn up to ten times the flux.
    private static func row(
        _ point: CurveFile.Point, _ quantity: Int, _ axis: CurveFile.Axis
    ) -> [Double]? {
        let number = point.results[quantity]
        let (flux, low, high) =
            axis == .gamma
            ? (number.flux, number.fluxLow, number.fluxHigh)
            : (number.energyFlux, number.energyFluxLow, number.energyFluxHigh)
        guard let flux, flux > 0 else { return nil }
        let interval = [flux, max(low ?? 0, 1e-3 * flux), high ?? 10 * flux]
        switch axis {
        case .declination:
            let x = sin(point.declination * .pi / 180)
            return [x] + interval + [x, x]
        case .gamma: return [point.gamma] + interval + [point.gamma, point.gamma]
        case .energy:
            guard let range = point.energyRange, range[0] > 0 else { return nil }
            return [(range[0] * range[1]).squareRoot()] + interval + range
        }
    }

    /// Labels at 1, 2 and 5 times powers of ten for an axis of less than two decades, on which few powers of ten lie.
    private static func tics(from low: Double, to high: Double) -> [String] {
        guard low > 0, high < 100 * low else { return [] }
        let exponents = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
        let tics = exponents.flatMap { exponent in
            [1, 2, 5].map { "'\($0) × 10^{\(exponent)}' \($0)e\(exponent)" }
        }
        return ["set ytics (\(tics.joined(separator: ", ").replacing("{-", with: "{−")))"]
    }

    private static func caption(_ curve: CurveFile, _ axis: CurveFile.Axis) -> String {
        let energy = "\(NumberFormat.plain(curve.referenceEnergy)) GeV"
        return switch axis {
        case .declination: "E² Φ of a source as a function of its declination δ."
        case .gamma: "The flux normalisation Φ₀ at \(energy) as a function of the spectral index of the source."
        case .energy: "E² Φ at the middle of ranges of true energy, each with signal only from that range."
        }
    }

    private static func axisCommands(
        _ axis: CurveFile.Axis, _ curve: CurveFile, rows: [[Double]]
    ) -> [String] {
        let (low, high) = (rows.map { $0[2] }.min() ?? 0.1, rows.map { $0[3] }.max() ?? 10)
        let common =
            ["set logscale y", "set format y '10^{%T}'", "set yrange [\(0.7 * low):\(1.4 * high)]"]
            + tics(from: 0.7 * low, to: 1.4 * high)
        let flux = "set ylabel 'E^2 Φ in TeV cm^{−2} s^{−1}'"
        switch axis {
        case .declination: return common + [flux, "set xlabel 'sin δ'", "set xrange [-1:1]"]
        case .gamma:
            let gammas = rows.map { $0[0] }
            return common + [
                "set ylabel 'Φ_0 in GeV^{−1} cm^{−2} s^{−1}'", "set xlabel 'spectral index γ'",
                "set xrange [\((gammas.min() ?? 1) - 0.1):\((gammas.max() ?? 4) + 0.1)]",
            ]
        case .energy:
            return common + [
                flux, "set xlabel 'true energy in GeV'", "set logscale x", "set format x '10^{%T}'",
                "set xrange [\((rows.map { $0[4] }.min() ?? 100) / 1.3):\((rows.map { $0[5] }.max() ?? 1e8) * 1.3)]",
            ]
        }
    }
}
