import Console
import Inference
import PointSource

extension Figure {
    /// The fitted number of signal events as a function of the injected mean; nil without signal trials.
    static func signalEventsBias(_ biases: [FitBias]) -> Figure? {
        guard let largest = biases.map(\.mu).max(), largest > 0 else { return nil }
        let end = 1.05 * largest
        return Figure(
            name: "bias-ns", title: "Fitted against injected signal events",
            caption: """
                The median of the fitted n_s at each injected mean μ with its 68.27 % interval, and the band that \
                contains the central 68.27 % of the trials.
                """,
            blocks: [band(biases.map { ($0.mu, $0.signalEvents) }), truth([[0, 0], [end, end]])],
            commands: [
                "set xlabel 'injected mean number of events μ'", "set ylabel 'fitted n_s'",
                "set xrange [0:\(end)]", "set yrange [0:*]", bandPlot(truth: "unbiased"),
            ])
    }

    /// The fitted θ, such as the spectral index, of trials with n_s > 0 as a function of the injected mean; nil without signal trials.
    ///
    /// - Parameters:
    ///   - parameter: the bounds of the fit.
    ///   - truth: the injected θ; nil for another spectrum than those that are fitted.
    static func parameterBias(
        _ biases: [FitBias], parameter: AnalysisSettings.FitParameter, truth injected: Double?
    ) -> Figure? {
        guard let largest = biases.map(\.mu).max(), largest > 0 else { return nil }
        let end = 1.05 * largest
        return Figure(
            name: "bias-\(parameter.label)", title: "Fitted against injected \(parameter.meaning)",
            caption: """
                The median of the fitted \(parameter.symbol) of trials with n_s > 0 at each injected mean μ with its 68.27 % interval, \
                and the band that contains the central 68.27 % of them. The axis is the range of the fit.
                """,
            blocks: [band(biases.compactMap { bias in bias.gamma.map { (bias.mu, $0) } })]
                + (injected.map { [truth([[0, $0], [end, $0]])] } ?? []),
            commands: [
                "set xlabel 'injected mean number of events μ'",
                "set ylabel 'fitted \(parameter.meaning) \(parameter.symbol)'",
                "set xrange [0:\(end)]", "set yrange [\(parameter.minimum):\(parameter.maximum)]",
                bandPlot(truth: injected.map { "injected, \(parameter.symbol) = \(NumberFormat.plain($0))" }),
            ])
    }

    private static func band(_ spreads: [(mu: Double, spread: Spread)]) -> DataBlock {
        DataBlock(
            "fits", ["mu", "median", "median_low", "median_high", "low", "high"],
            spreads.map { mu, spread in
                [
                    mu, spread.median, spread.medianInterval.lowerBound, spread.medianInterval.upperBound,
                    spread.band.lowerBound, spread.band.upperBound,
                ]
            })
    }

    private static func truth(_ rows: [[Double]]) -> DataBlock { DataBlock("truth", ["mu", "value"], rows) }

    /// - Parameter truth: the name of the block `truth`; nil if there is none.
    private static func bandPlot(truth: String?) -> String {
        let line = truth.map { name in
            "$truth using 1:2 with lines linecolor rgb \(FigureStyle.black) linewidth 1 dashtype 2 title '\(name)'"
        }
        return plot(
            [
                "$fits using 1:5:6 with filledcurves fillstyle solid 0.35 noborder "
                    + "linecolor rgb \(FigureStyle.skyBlue) title 'central 68.27 % of the trials'"
            ] + [line].compactMap { $0 } + [
                "$fits using 1:2 with linespoints pointtype 7 pointsize 0.5 linewidth 1.4 "
                    + "linecolor rgb \(FigureStyle.blue) title 'median'"
            ] + FigureStyle.points("$fits using 1", color: FigureStyle.blue, symbol: 7, size: 0.5))
    }
}
