import Console
import Diagnostics
import Inference

extension ReportPage {
    /// Fitted against injected, contours against the truth, p-values against fresh background.
    func biasSection() throws(Fault) -> HTML {
        section(
            "Bias and calibration", "bias",
            [try drawn(report.biasFigures), biasTable.html, coverageTable.html, tailTable.html, uniformity])
    }

    private var biasTable: HTMLTable {
        var table = HTMLTable(
            "Fitted numbers: median, and the ends of the central 68.27 % of the trials; γ is that of trials with "
                + "n_s > 0; n_s − n is the mean over trials of the fitted minus the injected number of events.",
            [
                .number("μ"), .number("trials"), .number("n_s = 0, %"), .number("n_s"), .number("low"),
                .number("high"), .number("n_s − n"), .number("γ"), .number("low"), .number("high"),
            ])
        for bias in report.calibration.biases {
            let (ns, gamma) = (bias.signalEvents, bias.gamma)
            table.add(
                [
                    NumberFormat.plain(bias.mu), NumberFormat.count(bias.trials),
                    NumberFormat.fixed(100 * bias.fractionAtZero, 1),
                ] + [ns.median, ns.band.lowerBound, ns.band.upperBound].map { NumberFormat.fixed($0, 2) } + [
                    "\(NumberFormat.fixed(bias.meanExcess, 2)) ± \(NumberFormat.significant(bias.meanExcessError, 2))"
                ]
                    + [gamma?.median, gamma?.band.lowerBound, gamma?.band.upperBound].map { value in
                        value.map { NumberFormat.fixed($0, 2) } ?? "–"
                    })
        }
        return table
    }

    private var coverageTable: HTMLTable {
        var table = HTMLTable(
            "How often the likelihood contour (χ², two degrees of freedom) holds the injected signal, with 68.27 % "
                + "intervals: all trials, and those fitted with n_s > 0 and γ off its bounds. In per cent.",
            [
                .number("μ"), .number("contour"), .number("all trials"), .number("inside bounds"),
                .number("trials on bounds"),
            ])
        for coverage in report.calibration.coverages {
            for level in coverage.levels {
                table.add([
                    NumberFormat.plain(coverage.mu), NumberFormat.fixed(100 * level.confidence, 2), covered(level.all),
                    level.inside.map(covered) ?? "–",
                    NumberFormat.fixed(100 * Double(coverage.trialsOnBounds) / Double(coverage.trials), 1),
                ])
            }
        }
        return table
    }

    private func covered(_ proportion: BinomialProportion) -> String {
        let interval = proportion.clopperPearson()
        return NumberFormat.value(
            100 * proportion.estimate, low: 100 * interval.lowerBound, high: 100 * interval.upperBound)
    }

    private var tailTable: HTMLTable {
        var table = HTMLTable(
            "Fresh background above thresholds that one half of the trials gives: p is the fraction of the other half.",
            [
                .number("σ"), .name("threshold"), .number("p expected"), .number("p observed"), .number("low"),
                .number("high"), .number("trials"),
            ])
        for tail in report.calibration.uniformity?.tails ?? [] {
            table.add(
                [NumberFormat.significant(tail.threshold.sigma, 3), tail.threshold.method.rawValue]
                    + [
                        tail.threshold.tailProbability, tail.observed.estimate, tail.interval.lowerBound,
                        tail.interval.upperBound,
                    ].map { NumberFormat.significant($0, 3) } + [NumberFormat.count(tail.observed.successes)])
        }
        return table
    }

    private var uniformity: HTML {
        guard let uniformity = report.calibration.uniformity else { return .empty }
        let (one, other) = (uniformity.referenceSpike.estimate, uniformity.freshSpike.estimate)
        let spikes: HTML = """
            The two halves have \(NumberFormat.fixed(100 * one, 2)) % and \(NumberFormat.fixed(100 * other, 2)) % of \
            their trials at TS = 0, a difference at least as large having a probability of \
            \(NumberFormat.fixed(uniformity.spikeProbability, 3)).
            """
        guard let test = uniformity.continuous else { return "<p>\(spikes)</p>" }
        return """
            <p>\(spikes) The distributions of TS &gt; 0 differ by at most \
            \(NumberFormat.significant(test.distance, 3)) (Kolmogorov and Smirnov), which has a probability of \
            \(NumberFormat.fixed(test.probability, 3)).</p>
            """
    }
}
