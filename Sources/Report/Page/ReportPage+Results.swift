import Console
import Diagnostics
import Inference
import Results

extension ReportPage {
    /// The fit of the data, and the signals that the trials can detect.
    var resultsSection: HTML {
        let campaign = report.campaign
        let confidence = NumberFormat.percent(report.settings.confidence)
        var table = HTMLTable(
            "Detectable signals. Fluxes are normalisations Φ₀ at \(campaign.referenceEnergyText) in "
                + "\(Self.fluxUnit), E² Φ there in TeV cm⁻² s⁻¹, for the injected spectrum; intervals hold "
                + "\(confidence) %.",
            [
                .name("quantity"), .number("events μ"), .number("Φ₀"), .number("E² Φ"), .number("TS above"),
                .name("signal"), .name("method"),
            ])
        for detection in report.detections {
            guard let signal = detection.found else { continue }
            let range = SignalRange(signal)
            table.add([
                detection.title, range.events, range.flux(perEvent: campaign.fluxPerEvent),
                range.flux(perEvent: campaign.energyFluxPerEvent()), detection.thresholdText ?? "–",
                detection.criterion.explanation, signal.method,
            ])
        }
        return section(
            "Results", "results",
            [dataTable.html] + observation + [
                notes(report.fit?.warnings ?? []), table.html, notes(report.detectionWarnings),
            ])
    }

    private var dataTable: HTMLTable {
        var table = HTMLTable("Fit of the data.", [.name("quantity"), .number("value"), .name("unit")])
        guard let fit = report.fit else { return table }
        table.add(["TS", NumberFormat.fixed(fit.ts, 3), ""])
        let settings = report.campaign.configuration.settings
        let bounds = fit.bounds(of: settings)
        let ns = ["events", bounds.signalEvents?.text].compactMap { $0 }.joined(separator: ", ")
        table.add(["nₛ", NumberFormat.fixed(fit.signalEvents, 2), ns])
        let (name, unit) = (settings.parameter.symbol, report.campaign.configuration.parameterUnit)
        if settings.parameter.isFixed {
            table.add([
                name, NumberFormat.plain(fit.gamma), [unit, "fixed"].filter { !$0.isEmpty }.joined(separator: " "),
            ])
        } else if fit.signalEvents > 0 {
            table.add([
                name, NumberFormat.fixed(fit.gamma, 3),
                [unit, bounds.gamma?.text ?? ""].filter { !$0.isEmpty }.joined(separator: " "),
            ])
        }
        let fitted = settings.fittedSpectrum(fit.gamma)
        table.add([
            "Φ₀ at \(fitted.isNormalisedAtPeak ? "the peak" : NumberFormat.energy(fitted.referenceEnergy))",
            NumberFormat.flux(fit.fluxNormalisation), Self.fluxUnit,
        ])
        return table
    }

    private var observation: [HTML] {
        report.background?.observation.map { tables([$0.section]) } ?? []
    }

    /// The detection probability.
    func detectionSection() throws(Fault) -> HTML {
        guard !report.detections.isEmpty else { return .empty }
        let counted = report.detections.filter { !$0.hypotheses.isEmpty }
        var table = HTMLTable(
            "Trials above the threshold, in per cent.",
            [.number("μ"), .number("trials")] + counted.map { .number($0.title) })
        for (index, hypothesis) in (counted.first?.hypotheses ?? []).enumerated() {
            table.add(
                [NumberFormat.plain(hypothesis.mu), NumberFormat.count(hypothesis.proportion.tries)]
                    + counted.map { NumberFormat.significant(100 * $0.hypotheses[index].proportion.estimate, 4) })
        }
        return section(
            "Sensitivity and discovery potential", "detection", [try drawn(report.detectionFigures), table.html])
    }

    /// The test statistic without signal.
    func backgroundSection() throws(Fault) -> HTML {
        guard let background = report.background else {
            return section(
                "Background", "background",
                [notes(["There are no background trials: make some with trialgen run --mu 0."])])
        }
        return section(
            "Background", "background",
            [try drawn(report.backgroundFigures)] + tables(background.tables, warnings: background.warnings))
    }

    /// Fitted and injected signal, coverage of contours, uniformity of p-values.
    func biasSection() throws(Fault) -> HTML {
        section(
            "Bias and calibration", "bias",
            [try drawn(report.biasFigures)] + tables(report.calibration.sections))
    }

    /// The likelihood of the data.
    func dataSection() throws(Fault) -> HTML {
        section("Likelihood of the data", "data", [try drawn(report.dataFigures)])
    }
}
