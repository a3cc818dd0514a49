import ArgumentParser
import Inference
import Results

/// `trialmerge limits merged.h5 [--ts X | --unblind result.json]`.
struct LimitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Find upper limits on the signal: for an observed TS, and expected from background alone.",
        discussion: """
            The limit is the mu at which a fraction --level of trials has a larger TS than observed (Neyman's \
            construction, one-sided in TS). The median of the limits without signal is the sensitivity; many \
            publications quote the sensitivity if the observed limit is lower. Intervals are the statistical error of \
            the limit from the number of trials, not confidence intervals of the signal.

            Example: trialmerge limits merged.h5 --unblind result.json
            """)

    @OptionGroup var options: SignalOptions

    @OptionGroup(title: "Observation") var observation: ObservedOptions

    @Option(parsing: .unconditional, help: "Confidence level of the limits.")
    var level = UpperLimit.defaultLevel

    func run() throws {
        let logger = try options.trials.makeLogger()
        let settings = try options.search.settings()
        try checkShare(level, "--level", "confidence level", example: "0.9")
        let observed = try observation.observation()
        let inputs = try TrialInputs(options.trials, command: "limits")
        let (campaign, trials) = (try inputs.campaign(), try inputs.searchTrials())
        let warnings = try observed?.warnings(for: campaign, of: inputs.name) ?? []
        try inputs.locatingFaults {
            try LimitsSummary(campaign: campaign, trials: trials, observed: observed?.ts, level: level, settings)
        }.print(options.trials.reporting, logger, inputWarnings: inputs.warnings + warnings)
    }
}
