import Console
import Diagnostics
import Inference

extension ReportPage {
    /// What the data say, and what could have been seen.
    var resultsSection: HTML {
        var parts: [HTML] = [dataTable.html]
        var table = HTMLTable(
            "Signals that could be seen. Fluxes are normalisations Φ₀ at \(report.referenceEnergy) in "
                + "\(Self.fluxUnit), E² Φ there in TeV cm⁻² s⁻¹, for the injected spectrum; intervals hold 68.27 %.",
            [
                .name("quantity"), .number("events μ"), .number("Φ₀"), .number("E² Φ"), .number("TS above"),
                .name("found by"),
            ])
        var missing: [HTML] = []
        for detection in report.detections {
            switch detection.signal {
            case .success(let signal):
                func scaled(_ unit: Double) -> String {
                    // Imported trials may come without a flux.
                    guard unit.isFinite else { return "–" }
                    return NumberFormat.flux(
                        signal.mu * unit, low: signal.muLow * unit, high: (signal.muHigh ?? .infinity) * unit)
                }
                table.add([
                    detection.title,
                    NumberFormat.value(signal.mu, low: signal.muLow, high: signal.muHigh ?? .infinity),
                    scaled(report.fluxPerEvent), scaled(report.energyFluxPerEvent), threshold(signal.threshold),
                    signal.method,
                ])
            case .failure(let fault):
                missing.append(note("\(detection.title): \(fault)"))
            }
        }
        parts.append(table.html)
        return section("Results", "results", parts + missing)
    }

    private func threshold(_ threshold: Threshold) -> String {
        threshold.low == threshold.high
            ? NumberFormat.plain(threshold.value)
            : NumberFormat.value(threshold.value, low: threshold.low, high: threshold.high)
    }

    private var dataTable: HTMLTable {
        var table = HTMLTable("The data, fitted.", [.name("quantity"), .number("value"), .name("unit")])
        guard let fit = report.fit else { return table }
        table.add(["TS", NumberFormat.fixed(fit.ts, 3), ""])
        table.add(["nₛ", NumberFormat.fixed(fit.signalEvents, 2), "events"])
        if fit.signalEvents > 0 { table.add(["γ", NumberFormat.fixed(fit.gamma, 3), ""]) }
        table.add(["Φ₀ at \(report.referenceEnergy)", NumberFormat.flux(fit.fluxNormalisation), Self.fluxUnit])
        for p in report.pValues {
            let name = p.method == .counted ? "counted" : "by \(p.method.rawValue)"
            table.add([
                "p-value, \(name)",
                "\(NumberFormat.significant(p.value, 3)) [\(NumberFormat.significant(p.low, 3)), "
                    + "\(NumberFormat.significant(p.high, 3))]", "",
            ])
            table.add([
                "significance, \(name)",
                p.sigma.isFinite
                    ? "\(NumberFormat.fixed(p.sigma, 2)) [\(NumberFormat.fixed(p.sigmaLow, 2)), "
                        + "\(p.sigmaHigh.isFinite ? NumberFormat.fixed(p.sigmaHigh, 2) : "∞")]"
                    : "above \(NumberFormat.fixed(p.sigmaLow, 2))", "σ, one-sided",
            ])
        }
        return table
    }

    /// The probability of detection.
    func detectionSection() throws(Fault) -> HTML {
        guard !report.detections.isEmpty else { return .empty }
        let counted = report.detections.filter { !$0.hypotheses.isEmpty }
        var table = HTMLTable(
            "Trials above the threshold, in per cent.",
            [.number("μ"), .number("trials")] + counted.map { .number($0.title) })
        for (index, hypothesis) in (counted.first?.hypotheses ?? []).enumerated() {
            table.add(
                [NumberFormat.plain(hypothesis.mu), NumberFormat.count(hypothesis.proportion.tries)]
                    + counted.map { detection in
                        let proportion = detection.hypotheses[index].proportion
                        return NumberFormat.significant(100 * proportion.estimate, 4)
                    })
        }
        return section(
            "Sensitivity and discovery potential", "detection", [try drawn(report.detectionFigures), table.html])
    }

    /// The test statistic without signal.
    func backgroundSection() throws(Fault) -> HTML {
        guard let background = report.background else {
            return section(
                "Background", "background",
                [note("There are no background trials: make some with trialgen run --mu 0.")])
        }
        var table = HTMLTable(
            "Thresholds of one-sided significances, with 68.27 % intervals.",
            [
                .number("σ"), .number("p-value"), .number("TS above"), .number("low"), .number("high"),
                .name("found by"),
            ])
        for (sigma, result) in report.thresholds {
            let tail = NumberFormat.significant(Significance.tailProbability(sigma: sigma), 3)
            switch result {
            case .success(let threshold):
                table.add(
                    [NumberFormat.plain(sigma), tail]
                        + [threshold.value, threshold.low, threshold.high].map { NumberFormat.fixed($0, 3) }
                        + [threshold.method.rawValue])
            case .failure:
                let needed = TSDistribution.minimumCountedTail / Significance.tailProbability(sigma: sigma)
                table.add([
                    NumberFormat.plain(sigma), tail, "–", "–", "–",
                    "too few trials: counting needs \(NumberFormat.scientific(needed, 1))",
                ])
            }
        }
        let facts: HTML = """
            <p>\(NumberFormat.count(background.count)) trials without signal, of which \
            \(NumberFormat.fixed(100 * background.fractionAtZero, 2)) % have TS = 0; the largest TS is \
            \(NumberFormat.fixed(background.maximum, 3)).</p>
            """
        return section(
            "Background", "background", [facts, try drawn(report.backgroundFigures), table.html] + tailTables)
    }

    /// The fits to the tail with their goodness, and the threshold of 5 sigma for each cut.
    private var tailTables: [HTML] {
        guard let background = report.background, let study = report.tailStudy else { return [] }
        var fits = HTMLTable(
            "Laws fitted to the tail, with the test of Anderson and Darling (p-value by bootstrap) and the threshold at "
                + "\(NumberFormat.plain(TailStudy.sigma))σ.",
            [
                .name("law"), .number("trials"), .number("2a"), .number("θ"), .number("A²"), .number("p"),
                .number("TS above"),
            ])
        let tail = Significance.tailProbability(sigma: TailStudy.sigma)
        for fit in study.fits {
            let fitted = try? background.thresholds(tailProbability: tail, fits: [fit.distribution])
            fits.add([
                fit.distribution.model == .gamma ? "gamma" : "χ²", NumberFormat.count(fit.distribution.trialsAbove),
                NumberFormat.significant(fit.distribution.degreesOfFreedom, 3),
                NumberFormat.significant(fit.distribution.scale, 3),
                NumberFormat.significant(fit.goodness.statistic, 3), NumberFormat.fixed(fit.goodness.pValue, 2),
                fitted?.first { $0.method == fit.distribution.model.method }.map(threshold) ?? "–",
            ])
        }
        var cuts = HTMLTable(
            "The same threshold by the gamma law fitted above other cuts.",
            [.number("TS above"), .number("trials"), .number("threshold")])
        for other in study.stability {
            cuts.add([
                NumberFormat.plain(other.distribution.cut), NumberFormat.count(other.distribution.trialsAbove),
                other.threshold.map(threshold) ?? "–",
            ])
        }
        return [fits.html, cuts.html]
    }

    /// The likelihood of the data.
    func dataSection() throws(Fault) -> HTML {
        section("Likelihood of the data", "data", [try drawn(report.dataFigures)])
    }
}
