import Console
import Diagnostics
import Inference
import Results

extension ReportPage {
    /// The signals that the trials can detect, with their thresholds and methods.
    private var detectableTable: HTMLTable {
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
        return table
    }

    /// The observed TS by every method, and the limits.
    private var observation: [HTML] {
        (report.background?.observation.map { tables([$0.section], warnings: $0.warnings) } ?? [])
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
            "Sensitivity and discovery potential", "detection",
            [
                try drawn(report.detectionFigures), detectableTable.html, notes(report.detectionWarnings), table.html,
            ])
    }

    /// The result of a search of many places.
    func placesSection() throws(Fault) -> HTML {
        guard let places = report.places else { return .empty }
        return section(
            places.title, "places",
            [try drawn(report.placeFigures)] + tables(places.sections) + [notes(places.warnings)])
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
            [try drawn(report.backgroundFigures)] + observation
                + tables(background.tables, warnings: background.warnings))
    }

    /// Fitted and injected signal, coverage of contours, uniformity of p-values.
    func biasSection() throws(Fault) -> HTML {
        section(
            "Bias and calibration", "bias",
            [try drawn(report.biasFigures)] + tables(report.calibration.sections))
    }

    /// The likelihood of the data.
    func dataSection() throws(Fault) -> HTML {
        var parts = [try drawn(report.dataFigures)]
        if let events = report.fit?.events {
            parts.append(
                HTMLTable(
                    "The events with the largest weights: the probability that an event is signal, for the best fit.",
                    ObservedEvent.table(events.prefix(Self.listedEvents))
                ).html)
        }
        if let table = report.fit?.stackTable(report.campaign.configuration) {
            parts.append(
                HTMLTable(
                    "The sources of the stack, with their parts of the fitted flux: Φ₀ at "
                        + "\(report.campaign.referenceEnergyText) in \(Self.fluxUnit).", table
                ).html)
        }
        return section("The data", "data", parts)
    }

    /// The number of events that the table shows.
    private static var listedEvents: Int {
        15
    }
}
