import ArgumentParser
import Console
import Diagnostics
import Inference
import Results
import Settings

/// Options shared by the commands for sensitivity, discovery potential and limits.
struct SignalOptions: ParsableArguments {
    @OptionGroup var trials: TrialOptions

    @OptionGroup(title: "Statistics") var search: SearchOptions

    /// Reads the trials and prints what `find` returns.
    ///
    /// - Parameter more: files to read besides those of the options.
    /// - Throws: what `find` throws, with the files as place.
    func run(
        command: String, power: Double, more: [String] = [],
        _ find: (Campaign, SearchTrials, SearchSettings) throws -> some CommandResult
    ) throws {
        var trials = trials
        trials.files += more
        let logger = try trials.makeLogger()
        let settings = try search.settings()
        try checkShare(power, "--power", "share of trials", example: "0.9")
        let inputs = try TrialInputs(trials, command: command)
        let (campaign, searched) = (try inputs.campaign(), try inputs.searchTrials())
        try inputs.locatingFaults { try find(campaign, searched, settings) }.print(
            trials.reporting, logger, inputWarnings: inputs.warnings)
    }
}
