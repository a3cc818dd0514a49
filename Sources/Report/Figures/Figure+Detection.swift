import Console
import Inference
import Results

extension Figure {
    /// The detection probability as a function of the mean signal, and where it reaches the required powers; nil
    /// without signal trials.
    ///
    /// - Parameters:
    ///   - confidence: the probability content of the answers' intervals.
    ///   - fluxPerEvent: the flux normalisation for one event, in GeV⁻¹ cm⁻² s⁻¹.
    ///   - referenceEnergy: the energy of the flux normalisation, as text: "1 TeV".
    static func detection(
        _ detections: [Detection], confidence: Double, fluxPerEvent: Double, referenceEnergy: String
    ) -> Figure? {
        let shown = detections.filter { $0.hypotheses.contains { $0.mu > 0 } }
        guard let largest = shown.flatMap(\.hypotheses).map(\.mu).max(), largest > 0 else { return nil }
        // Hypotheses far beyond the last answer all have probability 1.
        let answers = shown.compactMap { $0.found?.muHigh ?? $0.found?.mu }
        let end = min(1.04 * largest, answers.count == shown.count ? 1.8 * (answers.max() ?? largest) : .infinity)
        var (blocks, plots, commands): ([DataBlock], [String], [String]) = ([], [], [])
        for (index, detection) in shown.enumerated() {
            let (color, dash, symbol) = FigureStyle.line(index)
            let points = detection.hypotheses.map { hypothesis in
                let interval = hypothesis.proportion.clopperPearson()
                return [hypothesis.mu, hypothesis.proportion.estimate, interval.lowerBound, interval.upperBound]
            }
            let curve = (try? DetectionPower(detection.hypotheses))?.monotoneCurve() ?? []
            blocks.append(DataBlock("trials\(index)", ["mu", "probability", "low", "high"], points))
            blocks.append(DataBlock("curve\(index)", ["mu", "probability"], curve.map { [$0.mu, $0.probability] }))
            let style = "linecolor rgb \(color) linewidth 1.4"
            plots.append("$curve\(index) using 1:2 with lines \(style) dashtype \(dash) title '\(label(detection))'")
            plots += FigureStyle.points("$trials\(index) using 1", color: color, symbol: symbol, size: 0.5)
            guard let found = detection.found else { continue }
            let power = detection.criterion.power
            blocks.append(
                DataBlock(
                    "answer\(index)", ["mu", "power", "low", "high"],
                    [[found.mu, power, found.muLow, found.muHigh ?? end]]))
            plots.append(
                "$answer\(index) using 1:2:3:4 with xerrorbars linecolor rgb \(FigureStyle.black) linewidth 1.4 "
                    + "pointtype 3 pointsize 0.9 notitle")
            commands.append(
                "set arrow from \(found.mu), graph 0 to \(found.mu), first \(power) nohead back "
                    + "linecolor rgb \(color) linewidth 0.8 dashtype 3")
        }
        let fluxAxis = fluxAxis(to: end * fluxPerEvent, at: referenceEnergy)
        // As the last line of the legend it is directly above its axis; an axis label would lie under the legend.
        let fluxLegend = "NaN with dots linecolor rgb 'white' title fluxAxis"
        return Figure(
            name: "detection", title: "Detection probability",
            caption: """
                The fraction of trials above a threshold as a function of the mean number of injected events μ and the \
                corresponding flux Φ₀, with 68.27 % intervals; the monotone estimate between them; and, as stars with \
                \(percent(confidence)) intervals, where it reaches the required power.
                """,
            blocks: blocks,
            commands: [
                "set xlabel 'injected mean number of events μ'", "set ylabel 'detection probability'",
                "set xrange [0:\(end)]", "set yrange [0:1.02]",
            ] + fluxAxis + commands + [plot(plots + (fluxAxis.isEmpty ? [] : [fluxLegend]))])
    }

    private static func label(_ detection: Detection) -> String {
        let power = percent(detection.criterion.power)
        guard let found = detection.found else { return detection.title }
        return "\(detection.title): \(power) at μ = \(SignalRange(found).events)".replacing("-", with: "−")
    }

    /// A second axis at the top, in units of a power of ten; none for a flux that is not finite.
    private static func fluxAxis(to end: Double, at referenceEnergy: String) -> [String] {
        guard end > 0, end.isFinite else { return [] }
        let exponent = NumberFormat.scientificParts(end, 6).exponent
        return [
            "set x2range [0:\(end)/1e\(exponent)]", "set x2tics",
            "fluxAxis = 'top axis: Φ_0 at \(referenceEnergy) in 10^{\(exponent)} GeV^{-1} cm^{-2} s^{-1}'"
                .replacing("{-", with: "{−"),
        ]
    }
}
