import ArgumentParser
import Console
import Diagnostics
import Inference

/// `trialmerge background merged.h5 [--ts X]`.
struct BackgroundCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "background",
        abstract: "Shows how TS is distributed without signal: quantiles, thresholds of 1 to 5 sigma, a p-value.",
        discussion: """
            A threshold is counted where at least 10 trials lie above it, else it comes from a gamma distribution \
            fitted to the tail, and its interval is that of the fit alone. Intervals hold 68.27 %. Significances are \
            one-sided.
            """)

    @OptionGroup var options: StatisticsOptions

    @Option(
        name: .customLong("ts"), parsing: .unconditional,
        help: "An observed TS, whose p-value and significance are wanted.")
    var observed: Double?

    func run() throws {
        let logger = try options.reporting.logging.makeLogger(label: "trialmerge")
        try options.check()
        if let observed, !observed.isFinite {
            throw Fault(.usage, at: .field("--ts"), "\(observed) is no observed TS", remedy: "give a finite number")
        }
        let inputs = try TrialInputs(options.files, command: "background")
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let summary = try BackgroundSummary(
            campaign: inputs.campaign(), background: inputs.background(), cut: options.cut, observed: observed)
        try StandardOutput.print(options.reporting.json ? summary.json.description : summary.text)
    }
}
