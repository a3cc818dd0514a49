import ArgumentParser
import Results

/// `trialmerge background merged.h5 [--ts X]`.
struct BackgroundCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "background",
        abstract: "Show the distribution of TS without signal: quantiles, thresholds of 1 to 7 sigma, a p-value.",
        discussion: """
            A threshold is counted if at least 10 trials lie above it. Otherwise it comes from weighted trials \
            (trialgen run --tail 7), which reach 7 sigma and replace counts that are less precise; without weighted \
            trials, from a gamma distribution fitted to the trials above --cut: its interval is that of the fit alone, and \
            goodness of fit and other cuts are shown beside it. Ordinary and weighted trials are never pooled. \
            Intervals hold 68.27 %. Significances are one-sided. Memory use does not depend on the number of trials.

            Example: trialmerge background merged.h5 weighted.h5 --ts 12.3
            """)

    @OptionGroup var trials: TrialOptions

    @OptionGroup(title: "Observation") var observation: ObservedOptions

    @OptionGroup(title: "Statistics") var tail: CutOption

    func run() throws {
        let logger = try trials.makeLogger()
        let (cut, observed) = (try tail.validCut(), try observation.observation())
        let inputs = try TrialInputs(
            trials, command: "background", exactAt: [cut] + (observed.map { [$0.ts] } ?? []))
        let campaign = try inputs.campaign()
        // Throws if there are no background trials, and lists the trials present.
        if inputs.weighted == nil { _ = try inputs.background() }
        let warnings = try observed?.warnings(for: campaign, of: inputs.name) ?? []
        try BackgroundSummary(
            campaign: campaign, background: inputs.backgroundTrials, mixture: inputs.mixture, cut: cut,
            observed: observed?.ts
        ).print(trials.reporting, logger, inputWarnings: inputs.warnings + warnings)
    }
}
