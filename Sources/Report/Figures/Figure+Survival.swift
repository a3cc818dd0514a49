import Console
import Inference

extension Figure {
    /// The fraction of background trials above a TS, with the thresholds.
    ///
    /// - Parameters:
    ///   - weighted: weighted trials; nil if there are none.
    ///   - thresholds: those that trials or fit determine.
    ///   - fits: fits to the tail, drawn above their cut.
    ///   - observed: the TS of the data.
    static func survival(
        _ background: TSDistribution, weighted: WeightedTSDistribution? = nil, thresholds: [Threshold],
        fits: [TruncatedGamma], observed: Double?
    ) -> Figure {
        let natural = 1.04 * ([background.maximum, 1] + thresholds.map(\.high)).reduce(0, max)
        let mark = observed.map { ObservedMark(ts: $0, natural: natural) }
        let end = mark?.end ?? natural
        let smallestTail = thresholds.map(\.tailProbability).min() ?? 1
        let bottom = min(0.02, 0.3 * min(smallestTail, 1 / Double(background.count)))

        let steps = 400
        let start = min(0, background.minimum)
        let counted = (0...steps).map { start + Double($0) / Double(steps) * (background.maximum - start) }.compactMap {
            ts -> [Double]? in
            let survival = background.survival(above: ts)
            return survival.value > 0 ? [ts, survival.value, max(survival.low, bottom), survival.high] : nil
        }
        func points(_ name: String, _ shown: [Threshold]) -> DataBlock {
            DataBlock(
                name, ["ts", "tail", "low", "high", "sigma"],
                shown.map { [$0.value, $0.tailProbability, $0.low, $0.high, $0.sigma] })
        }
        var blocks = [
            DataBlock("trials", ["ts", "fraction", "low", "high"], counted),
            points("counted", thresholds.filter { $0.method == .counted }),
            points("fitted", thresholds.filter(\.isFitted)),
            points("weights", thresholds.filter { $0.method == .weighted }),
        ]
        let line = "$trials using 1"
        var plots =
            counted.isEmpty
            ? ["NaN with lines linecolor rgb \(FigureStyle.black) title 'all background trials have TS = 0'"]
            : [
                "\(line):3:4 with filledcurves fillstyle solid 0.25 noborder linecolor rgb \(FigureStyle.black) notitle",
                "\(line):2 with lines linecolor rgb \(FigureStyle.black) linewidth 1.5 title 'background trials'",
            ]
        if let weighted {
            let range = (0...steps).map { end * Double($0) / Double(steps) }
            let rows = range.compactMap { ts in
                (try? weighted.survival(above: ts)).flatMap { $0.value > bottom ? [ts, $0.value] : nil }
            }
            blocks.append(DataBlock("weighted", ["ts", "fraction"], rows))
            if !rows.isEmpty {
                plots.append(
                    "$weighted using 1:2 with lines linecolor rgb \(FigureStyle.black) dashtype \(FigureStyle.dots) linewidth 1.4 "
                        + "title 'weighted trials'")
            }
        }
        for (index, fit) in fits.enumerated() {
            let range = (0...steps).map { fit.cut + Double($0) / Double(steps) * max(0, end - fit.cut) }
            let tail = range.map { [$0, fit.tailProbability(above: $0)] }.filter { $0[1] >= bottom }
            blocks.append(DataBlock("fit\(index)", ["ts", "fraction"], tail))
            if !tail.isEmpty { plots.append(tailPlot(fit, index)) }
        }
        for (name, symbol, title) in [
            ("counted", 7, "threshold, counted"), ("fitted", 6, "threshold, fitted"),
            ("weights", 5, "threshold, weighted"),
        ]
        where blocks.contains(where: { $0.name == name && !$0.isEmpty }) {
            plots.append(
                "$\(name) using 1:2:3:4 with xerrorbars pointtype \(symbol) pointsize 0.7 linewidth 1.2 "
                    + "linecolor rgb \(FigureStyle.black) title '\(title)'")
        }
        if let mark { plots.append(mark.legend) }
        return Figure(
            name: "survival", title: "Trials above a test statistic",
            caption: """
                The fraction of background trials above a TS, and the thresholds of one-sided significances, both with \
                68.27 % intervals: filled circles are counted, squares come from weighted trials, open circles come from the \
                fit to the tail.
                """,
            blocks: blocks.filter { !$0.isEmpty },
            commands: [
                "set logscale y", "set format y '10^{%T}'", "set rmargin 4.5", "set key maxrows 8",
                "set xlabel 'test statistic TS'", "set ylabel 'fraction of trials above TS'",
                "set xrange [\(start):\(end)]", "set yrange [\(bottom):1]",
            ] + FigureStyle.sigmaLines(to: weighted == nil ? 5 : 7, above: bottom) + (mark?.commands ?? []) + [
                plot(plots)
            ])
    }
}
