import Console
import Inference
import Results

extension Figure {
    /// The likelihood contours of the data in (n_s, gamma), with the best fit.
    ///
    /// A contour of confidence c consists of the points where 2 (ln Λ_max − ln Λ) is the quantile c of χ² with two
    /// degrees of freedom (Wilks 1938); ``ContourCoverage`` measures how often such a contour contains the truth.
    ///
    /// - Parameter fit: the best fit; nil for the largest value on the grid.
    static func contour(_ scan: LikelihoodScan, fit: UnblindResult?) -> Figure {
        let largest = scan.maximum
        let best = fit.map { ($0.signalEvents, $0.gamma, max($0.logLambda, largest.logLambda)) } ?? largest
        let contours = [
            (Significance.oneSigmaContent, "1", FigureStyle.black), (0.90, FigureStyle.dashes, FigureStyle.blue),
            (0.95, FigureStyle.dots, FigureStyle.green),
        ].enumerated().map { index, contour in
            let (confidence, dash, color) = contour
            return (
                name: "contour\(index + 1)", confidence: confidence, level: ChiSquare.quantile(confidence, freedom: 2),
                dash: dash, color: color
            )
        }
        let grid = zip(scan.signalEvents, scan.logLambda).map { ns, values in
            zip(scan.gammas, values).map { [ns, $0, 2 * (best.2 - $1)] }
        }
        var commands = ["set contour base", "unset surface"]
        for contour in contours {
            commands += [
                "set cntrparam levels discrete \(contour.level)", "set table $\(contour.name)",
                "splot $grid using 1:2:3 with lines notitle", "unset table",
            ]
        }
        let (name, mark) = fit == nil ? ("largest on the grid", 2) : ("best fit", 3)
        let (ns, value) = (NumberFormat.fixed(best.0, 1), NumberFormat.fixed(best.1, 2))
        let isIndex = scan.parameterName == "gamma"
        let (symbol, meaning) = isIndex ? ("γ", "spectral index γ") : (scan.parameterName, "peak, lg(E/GeV)")
        var plots = contours.map { contour in
            "$\(contour.name) using 1:2 with lines linecolor rgb \(contour.color) linewidth 1.6 "
                + "dashtype \(contour.dash) title '\(percent(contour.confidence))'"
        }
        plots.append(
            "$best using 1:2 with points pointtype \(mark) pointsize 0.9 linewidth 1.6 "
                + "linecolor rgb \(FigureStyle.vermilion) title '\(name): n_s = \(ns)\(best.0 > 0 ? ", \(symbol) = \(value)" : "")'"
        )
        let isCut = scan.smallestOnEdge(below: best.2) < contours[contours.count - 1].level
        return Figure(
            name: "contour", title: "Likelihood contours of the data",
            caption:
                "Where 2 (ln Λ_max − ln Λ) reaches the 68.27 %, 90 % and 95 % quantiles of χ² with two degrees of freedom."
                + (isCut ? " The grid cuts off a contour: a larger grid would close it." : ""),
            blocks: [
                DataBlock("grid", ["ns", scan.parameterName, "two_delta_log_lambda"], groups: grid),
                DataBlock("best", ["ns", scan.parameterName], [[best.0, best.1]]),
            ],
            commands: commands + [
                "set xlabel 'number of signal events n_s'", "set ylabel '\(meaning)'",
                "set xrange [\(scan.signalEvents[0]):\(scan.signalEvents[scan.signalEvents.count - 1])]",
                "set yrange [\(scan.gammas[0]):\(scan.gammas[scan.gammas.count - 1])]",
                plot(plots),
            ])
    }
}
