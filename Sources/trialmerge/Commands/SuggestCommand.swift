import ArgumentParser
import Inference
import Results

/// `trialmerge suggest merged.h5 --target 0.05`.
struct SuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "List the trials needed for a given precision of sensitivity and discovery potential.",
        discussion: """
            Prints a list for the key trials of a campaign file. Counts are totals and include existing trials: \
            trialgen run makes the missing ones. If the present trials do not give an answer yet, the list contains \
            the next step; run suggest again after making those. For thresholds \
            above 3 sigma it names weighted background trials, which reach 7 sigma. Without --sigma: 5 sigma.

            Example: trialmerge suggest merged.h5 --target 0.03 --sigma 3 5
            """)

    @OptionGroup var options: SignalOptions

    @Option(
        parsing: .unconditional, help: "Relative error of mu: half the width of its 68.27 % interval.",
        transform: decimal)
    var target = 0.05

    @OptionGroup(title: "Statistics") var discovery: SigmaOption

    @Flag(help: "Do not include the sensitivity.")
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
            quantities: (noSensitivity ? [] : ["sensitivity"]) + sigmas.map(Detection.discoveryTitle), sigmas: sigmas,
            tail: inputs.mixture?.tail, canBeWeighted: inputs.campaign().canBeWeighted
        ).print(options.trials.reporting, logger, inputWarnings: inputs.warnings)
    }
}
