import ArgumentParser
import Inference
import Results

/// `trialmerge suggest merged.h5 --target 0.05`.
struct SuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "List the trials that bring sensitivity and discovery potential to a given precision.",
        discussion: """
            Prints the key trials of a campaign, ready to paste. Counts are totals and include existing trials, so that \
            trialgen run makes the missing ones. If the present trials do not give an answer yet, the list holds the \
            next step; run suggest again with those. Without --sigma: 5 sigma.

            Example: trialmerge suggest merged.h5 --target 0.03 --sigma 3 5
            """)

    @OptionGroup var options: SignalOptions

    @Option(
        parsing: .unconditional, help: "Relative error of mu: half the width of its 68.27 % interval.",
        transform: decimal)
    var target = 0.05

    @OptionGroup var discovery: SigmaOption

    @Flag(help: "Leave the sensitivity out.")
    var noSensitivity = false

    func run() throws {
        let logger = try options.trials.makeLogger()
        let settings = try options.search.settings()
        try checkShare(target, "--target", "relative error", example: "0.05")
        let sigmas = try discovery.values(default: [5])
        var files = options.trials
        files.files += discovery.files
        let inputs = try TrialInputs(files, command: "suggest")
        let trials = try inputs.searchTrials()
        let suggestion = try inputs.locatingFaults {
            try TrialSuggestion.find(
                for: (noSensitivity ? [] : [.sensitivity]) + sigmas.map { .discovery(sigma: $0) },
                relativeError: target, from: trials, interpolation: settings.interpolation, cut: settings.cut)
        }
        try SuggestionSummary(
            suggestion, target: target,
            quantities: (noSensitivity ? [] : ["sensitivity"]) + sigmas.map(Detection.discoveryTitle)
        ).print(options.trials.reporting, logger, inputWarnings: inputs.warnings)
    }
}
