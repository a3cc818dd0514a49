import ArgumentParser
import Results

/// `trialmerge sky merged.h5 --unblind map.json`.
struct SkyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sky", abstract: "Search the whole sky: post-trial p of the hottest place of each hemisphere.",
        discussion: """
            The trials are skies of a campaign with search: sky. The post-trial p-value of a hemisphere's hottest place is \
            the fraction of background trials whose hottest place in that hemisphere, found by the same rule, has a TS at \
            least as large. The better of both hemispheres counts as one of two. Intervals hold 68.27 %. Without --unblind, \
            the command prints the TS that a post-trial significance requires.

            Example: trialmerge sky merged.h5 --unblind map.json
            """)

    @OptionGroup var trials: TrialOptions

    @Option(
        help: ArgumentHelp(
            "Read the hottest places of the data from the output of trialgen map --nside N --json.",
            valueName: "map.json"),
        completion: .file())
    var unblind: String?

    func run() throws {
        let logger = try trials.makeLogger()
        let data = try unblind.map { try UnblindedData(file: $0) }
        var inputs = try TrialInputs(trials, command: "sky")
        try data?.check(inputs.campaign().configuration.search)
        let (summary, warnings) = try inputs.sky(observed: data?.sky)
        try summary.print(trials.reporting, logger, inputWarnings: inputs.warnings + warnings)
    }
}
