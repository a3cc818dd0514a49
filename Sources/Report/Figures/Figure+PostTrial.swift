import Console
import Inference
import Results

extension Figure {
    /// The figures of a search of many places.
    static func places(_ places: PlacesSummary) -> [Figure] {
        switch places {
        case .catalogue(let summary):
            [
                postTrial(
                    summary.tests, label: "local p-value of the hottest source, or binomial p-value", isPValue: true,
                    caption: """
                        The fraction of skies of which the hottest source has a smaller local p-value, or in which the smallest \
                        binomial probability of the population test is smaller. On the dotted line both are equal, as for a \
                        single source.
                        """),
                summary.binomialProbabilities.flatMap { population($0, summary) },
            ].compactMap { $0 }
        case .sky(let summary):
            [
                postTrial(
                    summary.tests, label: "TS of the hottest place of a hemisphere", isPValue: false,
                    caption: "The fraction of skies of which the hottest place has a larger TS.")
            ]
        }
    }

    /// The post-trial p-value as a function of what is tested.
    ///
    /// - Parameters:
    ///   - label: of the axis.
    ///   - isPValue: whether a p-value is tested, or else a TS.
    private static func postTrial(
        _ tests: [PostTrialTest], label: String, isPValue: Bool, caption: String
    ) -> Figure {
        var (blocks, plots) = ([DataBlock](), [String]())
        // Weighted trials reach far beyond what is quoted.
        let least = tests.compactMap { $0.observed?.p.value }.filter { $0 > 0 }.reduce(mostExtreme, min)
        for (index, test) in tests.enumerated() {
            let (color, _, symbol) = FigureStyle.line(index)
            for (method, curve) in test.curves {
                let name = "\(method == .weighted ? "weighted" : "counted")\(index)"
                // A logarithmic axis has no place for 0.
                let rows = curve.points.filter { $0.fraction >= 0.3 * least && !(isPValue && $0.value <= 0) }
                    .map { [$0.value, $0.fraction] }
                blocks.append(DataBlock(name, ["value", "fraction"], rows))
                guard !rows.isEmpty else { continue }
                plots.append(
                    "$\(name) using 1:2 with lines linecolor rgb \(color) linewidth 1.6 "
                        + "dashtype \(method == .weighted ? FigureStyle.dots : index == 0 ? "1" : FigureStyle.dashes) "
                        + "title \(FigureStyle.quoted(test.title + (method == .weighted ? ", weighted trials" : "")))")
            }
            guard let (value, p) = test.observed else { continue }
            guard p.value > 0, !(isPValue && value <= 0) else {
                plots.append(
                    "NaN with points linecolor rgb \(color) pointtype \(symbol) pointsize 0.9 title "
                        + FigureStyle.quoted(
                            p.value > 0
                                ? "data: post-trial p = \(NumberFormat.significant(p.value, 3)), outside of the axis"
                                : "data: no trial is as extreme"))
                continue
            }
            blocks.append(DataBlock("data\(index)", ["value", "p", "low", "high"], [[value, p.value, p.low, p.high]]))
            plots += FigureStyle.points("$data\(index) using 1", color: color, symbol: symbol, size: 0.9)
            plots.append(
                "NaN with points linecolor rgb \(color) pointtype \(symbol) pointsize 0.9 title "
                    + FigureStyle.quoted("data: post-trial p = \(NumberFormat.significant(p.value, 3))"))
        }
        let drawn = blocks.flatMap(\.rows)
        let bottom = 0.5 * (drawn.map { $0[1] }.filter { $0 > 0 }.min() ?? 0.1)
        let values = drawn.map { $0[0] }
        var commands = [
            "set logscale y", "set format y '10^{%T}'", "set rmargin 4.5", "set yrange [\(bottom):1]",
            "set xlabel '\(label)'", "set ylabel 'post-trial p-value'",
        ]
        if isPValue {
            let left = 0.5 * (values.min() ?? 0.01)
            blocks.append(
                DataBlock("single", ["value", "fraction"], [[max(left, bottom), max(left, bottom)], [1, 1]]))
            plots.append(
                "$single using 1:2 with lines linecolor rgb \(FigureStyle.grey) linewidth 1 dashtype 3 title 'one source'"
            )
            commands += ["set logscale x", "set format x '10^{%T}'", "set xrange [\(left):1]"]
        } else {
            commands.append("set xrange [\(min(0, values.min() ?? 0)):\(1.04 * max(1, values.max() ?? 1))]")
        }
        if plots.isEmpty { plots.append("NaN with lines title 'all sources have TS = 0 in all trials'") }
        return Figure(
            name: "post-trial", title: "Significance after trials", caption: caption,
            blocks: blocks.filter { !$0.isEmpty },
            commands: commands + FigureStyle.sigmaLines(to: largestSigma, above: bottom) + [plot(plots)])
    }

    /// The largest significance with a line, and its p-value.
    private static let largestSigma = 7
    private static let mostExtreme = Significance.tailProbability(sigma: Double(largestSigma))

    /// The binomial probability of the data over k; nil if it is 0 or 1 for each k.
    private static func population(_ probabilities: [Double], _ summary: CatalogueSummary) -> Figure? {
        let rows = probabilities.enumerated().filter { $1 > 0 }.map { [Double($0 + 1), $1] }
        guard let (k, binomial) = summary.population, rows.contains(where: { $0[1] < 1 }) else { return nil }
        let required = summary.binomialRequirements
        let bottom = 0.3 * (rows.map { $0[1] } + required.map(\.probability)).reduce(1, min)
        var plots = [
            "$binomial using 1:2 with linespoints linecolor rgb \(FigureStyle.black) linewidth 1.2 pointtype 7 "
                + "pointsize 0.3 title 'data'"
        ]
        var blocks = [DataBlock("binomial", ["k", "probability"], rows)]
        if binomial > 0 {
            blocks.append(DataBlock("smallest", ["k", "probability"], [[Double(k), binomial]]))
            plots.append(
                "$smallest using 1:2 with points linecolor rgb \(FigureStyle.vermilion) pointtype 7 pointsize 0.8 "
                    + "title 'smallest: k = \(k), p = \(NumberFormat.significant(binomial, 3))'")
        }
        return Figure(
            name: "population", title: "Population test",
            caption: """
                The probability that k or more of \(probabilities.count) independent sources have a local p-value as small as \
                the k-th smallest of the data. Dotted lines: what the smallest one must reach for a significance after trials.
                """,
            blocks: blocks,
            commands: [
                "set logscale y", "set format y '10^{%T}'", "set rmargin 4.5", "set xlabel 'number of sources k'",
                "set ylabel 'binomial p-value'", "set xrange [0:\(probabilities.count + 1)]",
                "set yrange [\(bottom):1]",
            ] + FigureStyle.sigmaLines(required.map { ($0.sigma, $0.probability) }, above: bottom) + [plot(plots)])
    }
}
