import ArgumentParser
import Console
import Diagnostics
import Inference
import Results

/// What sensitivity, discovery potential and limits have in common.
struct SignalOptions: ParsableArguments {
    @OptionGroup var trials: TrialOptions

    @OptionGroup(title: "Statistics") var search: SearchOptions

    /// Finds the signal that meets a criterion, and prints it.
    ///
    /// - Parameter title: of the quantity, such as "sensitivity".
    /// - Throws: `Fault` of kind `badData` where the trials do not suffice, saying which are missing.
    func run(_ criterion: DetectableSignal.Criterion, title: String, command: String) throws {
        let logger = try trials.makeLogger()
        let settings = try search.settings()
        try checkShare(criterion.power, "--power", "share of trials", example: "0.9")
        let inputs = try TrialInputs(trials, command: command)
        let (campaign, searched) = (try inputs.campaign(), try inputs.searchTrials())
        try inputs.locatingFaults {
            try DetectableSignalSummary(criterion, title: title, campaign: campaign, trials: searched, settings)
        }.print(trials.reporting, logger, inputWarnings: inputs.warnings)
    }
}
