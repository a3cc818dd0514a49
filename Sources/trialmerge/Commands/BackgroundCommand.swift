import ArgumentParser
import Console
import Inference

/// `trialmerge background merged.h5 [--ts X]`.
struct BackgroundCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "background",
        abstract: "Shows how TS is distributed without signal: quantiles, thresholds of 1 to 5 sigma, a p-value.",
        discussion: """
            A threshold is counted where at least 10 trials lie above it, else it comes from a gamma distribution \
            fitted to the trials above --cut; a fitted interval is that of the fit alone, and goodness of fit and \
            other cuts are shown beside it. Intervals hold 68.27 %. Significances are one-sided. Memory does not grow \
            with the number of trials.
            """)

    @OptionGroup var options: StatisticsOptions

    @OptionGroup var observation: ObservedOptions

    func run() throws {
        let logger = try options.reporting.logging.makeLogger(label: "trialmerge")
        try options.check()
        let observed = try observation.observedTS()
        let inputs = try TrialInputs(
            options.files, command: "background", exactAt: [options.cut] + (observed.map { [$0] } ?? []),
            progress: options.reporting.logging.progressStyle)
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let summary = try BackgroundSummary(
            campaign: inputs.campaign(), background: inputs.background(), cut: options.cut, observed: observed)
        try StandardOutput.print(options.reporting.json ? summary.json.description : summary.text)
    }
}
