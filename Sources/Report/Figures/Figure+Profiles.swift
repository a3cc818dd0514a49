import Console
import Inference
import Results

extension Figure {
    /// The profile likelihood of each parameter: 2 (ln Λ_max − ln Λ), maximised over the other on the scan's grid.
    ///
    /// - Parameter fit: the best fit; nil for the largest value on the grid.
    static func profiles(_ scan: LikelihoodScan, fit: UnblindResult?) -> [Figure] {
        let best = max(fit?.logLambda ?? -.infinity, scan.maximum.logLambda)
        let rows = scan.logLambda
        let columns = scan.gammas.indices.map { column in rows.map { $0[column] } }
        return [
            profile(
                "profile-ns", "number of signal events", "n_s", scan.signalEvents, rows.map(peak), best: best,
                value: fit?.signalEvents),
            // Without signal γ has no meaning.
            profile(
                "profile-gamma", "spectral index", "γ", scan.gammas, columns.map(peak), best: best,
                value: fit.flatMap { $0.signalEvents > 0 ? $0.gamma : nil }),
        ]
    }

    private static func profile(
        _ name: String, _ words: String, _ symbol: String, _ values: [Double], _ logLambda: [Double], best: Double,
        value: Double?
    ) -> Figure {
        let levels = [0.6827, 0.95].map { ($0, ChiSquare.quantile($0, freedom: 1)) }
        let rows = zip(values, logLambda).map { [$0, max(0, 2 * (best - $1))] }
        let top = 1.6 * levels[1].1
        let lines = levels.enumerated().flatMap { index, level in
            [
                "set arrow \(index + 1) from graph 0, first \(level.1) to graph 1, first \(level.1) nohead back "
                    + "linecolor rgb \(FigureStyle.grey) linewidth 0.8 dashtype 3",
                "set label \(index + 1) '\(percent(level.0))' at graph 0.98, first \(level.1) right offset 0,0.5 "
                    + "front",
            ]
        }
        let mark = value.map {
            [
                "set arrow 9 from \($0), graph 0 to \($0), graph 1 nohead back linecolor rgb \(FigureStyle.vermilion) dashtype 2"
            ]
        }
        return Figure(
            name: name, title: "Profile likelihood of the \(words)",
            caption: """
                2 (ln Λ_max − ln Λ) as a function of \(symbol), with ln Λ maximised over the other parameter on the grid of \
                the scan. Below a dotted line lies the interval that holds this probability by the quantile of χ² with \
                one degree of freedom\(value == nil ? "" : "; the dashed line is the best fit").
                """,
            blocks: [DataBlock("profile", [symbol == "γ" ? "gamma" : "ns", "two_delta_log_lambda"], rows)],
            commands: [
                "unset key", "set xlabel '\(words) \(symbol)'",
                "set ylabel '2 (ln Λ_{max} − ln Λ)'", "set yrange [0:\(top)]",
                "set xrange [\(values[0]):\(values[values.count - 1])]",
            ] + lines + (mark ?? []) + [
                plot(["$profile using 1:2 with lines linecolor rgb \(FigureStyle.blue) linewidth 1.8"])
            ])
    }

    /// The largest value, from the parabola through the largest on the grid and its neighbours.
    private static func peak(_ values: [Double]) -> Double {
        guard let top = values.indices.max(by: { values[$0] < values[$1] }) else { return -.infinity }
        guard top > 0, top < values.count - 1 else { return values[top] }
        let (slope, bend) = (values[top + 1] - values[top - 1], values[top + 1] + values[top - 1] - 2 * values[top])
        return bend < 0 ? values[top] - slope * slope / (8 * bend) : values[top]
    }
}
