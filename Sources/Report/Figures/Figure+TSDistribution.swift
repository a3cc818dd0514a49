import Console
import Inference

extension Figure {
    /// The distribution of TS without signal: a histogram, with the spike at 0 shown separately.
    ///
    /// - Parameters:
    ///   - fits: fits to the tail, drawn above their cut.
    ///   - observed: the TS of the data.
    static func tsDistribution(_ background: TSDistribution, fits: [TruncatedGamma], observed: Double?) -> Figure {
        let (smallest, largest) = (min(background.minimum, 0), max(background.maximum, 1))
        // Few trials get few bins; 40 bins show the shape of any distribution.
        let parts = min(40, max(8, Int(Double(background.count - background.countAtZero).squareRoot())))
        let width = FigureStyle.step(dividing: largest - smallest, into: parts)
        let bins = Int((smallest / width).rounded(.down))...Int((largest / width).rounded(.up))
        let edges = bins.map { Double($0) * width }
        // The spike belongs to no bin: bins above it include their upper edges, bins below it their lower ones.
        let counts = zip(edges, edges.dropFirst()).map { low, high in
            low >= 0
                ? background.count(above: low) - background.count(above: high)
                : background.count(atOrAbove: low) - background.count(atOrAbove: high)
        }
        let isSpikeAlone = background.countAtZero == background.count
        func row(_ centre: Double, _ count: Int) -> [Double] {
            let interval = interval(of: count, among: background.count)
            return [centre, Double(count) / Double(background.count), interval.lowerBound, interval.upperBound]
        }
        let columns = ["ts", "fraction", "low", "high"]
        let centres = edges.map { $0 + 0.5 * width }
        let spike = row(edges[0] - 1.5 * width, background.countAtZero)
        let least = min(0.02, 0.5 / Double(background.count))
        // The outline goes below the axis at an empty bin.
        let outline = zip(edges, counts + [0]).map { [$0, max(Double($1) / Double(background.count), 0.1 * least)] }
        var blocks = [
            DataBlock("outline", ["ts", "fraction"], isSpikeAlone ? [] : outline),
            DataBlock("spike", columns, background.countAtZero > 0 ? [spike] : []),
            DataBlock("trials", columns, zip(centres, counts).filter { $1 > 0 }.map { row($0, $1) }),
        ]
        let mark = observed.map { ObservedMark(ts: $0, natural: 1.02 * edges[edges.count - 1]) }
        let end = mark?.end ?? 1.02 * edges[edges.count - 1]
        var plots: [String] = []
        if background.countAtZero > 0 {
            let percent = NumberFormat.fixed(100 * background.fractionAtZero, 1)
            plots.append(
                "$spike using 1:2:(\(1.5 * width)) with boxes fillstyle pattern 4 linecolor rgb \(FigureStyle.blue) "
                    + "title 'TS = 0: \(percent) %'")
        }
        if !isSpikeAlone {
            plots.append(
                "$outline using 1:2 with fillsteps fillstyle solid 0.25 noborder linecolor rgb \(FigureStyle.black) "
                    + "title 'TS \(background.countBelowZero > 0 ? "≠" : ">") 0'")
            plots += FigureStyle.points("$trials using 1", color: FigureStyle.black, symbol: 7, size: 0.25)
        }
        for (index, fit) in fits.enumerated() {
            let above = zip(edges, edges.dropFirst()).filter { $0.0 >= fit.cut && $0.1 <= end }.map { low, high in
                [0.5 * (low + high), fit.tailProbability(above: low) - fit.tailProbability(above: high)]
            }
            let drawn = above.filter { $0[1] > 0 }
            blocks.append(DataBlock("fit\(index)", ["ts", "fraction"], drawn))
            if !drawn.isEmpty { plots.append(tailPlot(fit, index)) }
        }
        if let mark { plots.append(mark.legend) }
        let highest = blocks.flatMap(\.rows).map { $0[1] }.max() ?? 1
        blocks.removeAll(where: \.isEmpty)
        return Figure(
            name: "ts-distribution", title: "Test statistic without signal",
            caption: """
                The fraction of \(NumberFormat.count(background.count)) background trials in bins of \
                \(NumberFormat.plain(width)) in TS, with 68.27 % intervals. Trials at TS = 0 are shown separately, on the left.
                """,
            blocks: blocks,
            commands: [
                "set logscale y", "set format y '10^{%T}'", "set key maxrows 8",
                "set xlabel 'test statistic TS'",
                "set ylabel 'trials per bin of \(NumberFormat.plain(width)), as a fraction'",
                "set xrange [\(edges[0] - 2.75 * width):\(end)]",
                "set yrange [\(least):\(highest > 0.3 ? 1 : 2 * highest)]",
            ] + (mark?.commands ?? []) + [plot(plots)])
    }

    /// The 68.27 % interval of a fraction.
    static func interval(of count: Int, among all: Int) -> ClosedRange<Double> {
        (try? BinomialProportion(successes: count, tries: all))?.clopperPearson() ?? 0...1
    }

    /// The part of a plot command that draws the fit of that index.
    static func tailPlot(_ fit: TruncatedGamma, _ index: Int) -> String {
        let (color, dash) = [(FigureStyle.blue, FigureStyle.dashes), (FigureStyle.green, FigureStyle.dashesAndDots)][
            index % 2]
        let name = fit.model == .gamma ? "gamma" : "χ^2"
        return "$fit\(index) using 1:2 with lines linecolor rgb \(color) linewidth 1.8 dashtype \(dash) "
            + "title '\(name) fit above TS = \(NumberFormat.plain(fit.cut))'"
    }
}
