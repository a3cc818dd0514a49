import ArgumentParser
import Console

struct UnblindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblind", abstract: "Fits the data: TS, number of signal events, spectral index, flux.")

    @OptionGroup var options: AnalysisOptions
    @OptionGroup var report: ReportOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let session = try AnalysisSession(try options.resolve(), logger: logger)
        let analysis = session.analysis
        let fit = analysis.fitData(session.data)
        let isConverged = fit.convergence == .converged
        if !isConverged { logger.warning("the fit used up its iterations; the best point seen is reported") }
        let selected = analysis.selectedCounts(of: session.data)
        let flux = analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma)

        if report.json {
            let json: JSONValue = [
                "ts": .number(fit.testStatistic), "ns": .number(fit.signalEvents), "gamma": .number(fit.gamma),
                "log_lambda": .number(fit.logLambda), "flux_norm": .number(flux),
                "n_events": session.byDataset(analysis.eventCounts),
                "n_selected": session.byDataset(selected),
                "evaluations": .integer(fit.evaluations), "converged": .bool(isConverged),
            ]
            return try StandardOutput.print(json.description)
        }
        var best = Table()
        best.add("TS", NumberFormat.fixed(fit.testStatistic, 3))
        best.add("ln Lambda", NumberFormat.fixed(fit.logLambda, 4))
        best.add("n_s", NumberFormat.fixed(fit.signalEvents, 2), "events")
        best.add("gamma", fit.signalEvents > 0 ? NumberFormat.fixed(fit.gamma, 3) : "-")
        best.add("flux", NumberFormat.scientific(flux, 3), session.configuration.fluxUnit)
        best.add("evaluations", String(fit.evaluations), isConverged ? "" : "not converged")
        var counts = Table([.name("dataset"), .number("events"), .number("in the box")])
        for (name, (all, selected)) in zip(analysis.datasetNames, zip(analysis.eventCounts, selected)) {
            counts.add([name, NumberFormat.count(all), NumberFormat.count(selected)])
        }
        try StandardOutput.print(session.configuration.title + best.text + "\n" + counts.text)
    }
}
