import ArgumentParser
import Console
import Diagnostics
import Inference

/// `trialmerge limits merged.h5 [--ts X | --unblind result.json]`.
struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Finds upper limits on the signal: for an observed TS, and as background alone would give them.",
        discussion: """
            The limit is the mu above which a share --level of trials has a larger TS than the observed one (Neyman's \
            construction, one-sided in TS). The median of the limits without signal is the sensitivity; many \
            publications quote that where the observed limit is lower. Intervals are the error that the trials leave \
            the limit, no confidence intervals of the signal.
            """)

    @OptionGroup var options: SignalOptions

    @OptionGroup var observation: ObservedOptions

    @Option(parsing: .unconditional, help: "The confidence level of the limits.")
    var level = UpperLimit.defaultLevel

    func run() throws {
        let logger = try options.statistics.reporting.logging.makeLogger(label: "trialmerge")
        try options.check()
        try SignalOptions.checkShare(level, "--level", "confidence level", example: "0.9")
        let observed = try observation.observedTS()
        let inputs = try TrialInputs(options.statistics.files, command: "limits")
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let (campaign, trials) = (try inputs.campaign(), try inputs.searchTrials())
        let summary = try inputs.locatingFaults {
            try LimitsSummary(
                campaign: campaign, trials: trials, observed: observed, level: level,
                interpolation: options.interpolation, confidence: options.confidence)
        }
        for warning in summary.warnings { logger.warning("\(warning)") }
        try StandardOutput.print(
            options.statistics.reporting.json ? summary.json.description : summary.text)
    }
}
