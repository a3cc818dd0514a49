import ArgumentParser
import Console

struct UnblindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblind", abstract: "Fits the data: TS, number of signal events, spectral index, flux.",
        discussion: "Intervals end where ln Lambda, maximised over the other parameter, is 1/2 below its maximum.")

    @OptionGroup var options: AnalysisOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let session = try AnalysisSession(try options.resolve(), logger: logger)
        let analysis = session.analysis
        let fit = try analysis.fitData(session.data)
        let isConverged = fit.convergence == .converged
        if !isConverged { logger.warning("the fit used up its iterations; the best point seen is reported") }
        let selected = analysis.selectedCounts(of: session.data)
        let flux = analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma)
        let intervals = try analysis.intervals(of: session.data, about: fit)

        if report.json {
            let json: JSONValue = [
                "ts": .number(fit.testStatistic), "ns": .number(fit.signalEvents), "gamma": .number(fit.gamma),
                "log_lambda": .number(fit.logLambda), "flux_norm": .number(flux),
                "n_events": session.byDataset(analysis.eventCounts),
                "n_selected": session.byDataset(selected),
                "evaluations": .integer(fit.evaluations), "converged": .bool(isConverged),
                "intervals": [
                    "log_lambda_drop": .number(intervals.drop), "ns": ends(intervals.signalEvents),
                    "gamma": ends(intervals.gamma), "flux_norm": ends(intervals.flux),
                ],
            ]
            return try StandardOutput.print(json.description)
        }
        var best = Table()
        best.add("TS", NumberFormat.fixed(fit.testStatistic, 3))
        best.add("ln Lambda", NumberFormat.fixed(fit.logLambda, 4))
        let (n, gamma, fluxes) = (intervals.signalEvents, intervals.gamma, intervals.flux)
        best.add("n_s", NumberFormat.value(fit.signalEvents, low: n.lowerBound, high: n.upperBound), "events")
        best.add(
            "gamma",
            fit.signalEvents > 0
                ? NumberFormat.value(fit.gamma, low: gamma.lowerBound, high: gamma.upperBound) : "-")
        best.add(
            "flux", NumberFormat.flux(flux, low: fluxes.lowerBound, high: fluxes.upperBound),
            session.configuration.fluxUnit)
        best.add("evaluations", String(fit.evaluations), isConverged ? "" : "not converged")
        var counts = Table([.name("dataset"), .number("events"), .number("in the box")])
        for (name, (all, selected)) in zip(analysis.datasetNames, zip(analysis.eventCounts, selected)) {
            counts.add([name, NumberFormat.count(all), NumberFormat.count(selected)])
        }
        try StandardOutput.print(session.configuration.title + best.text + "\n" + counts.text)
    }

    private func ends(_ range: ClosedRange<Double>) -> JSONValue { .numbers([range.lowerBound, range.upperBound]) }
}
