import ArgumentParser
import Console
import SourceCommit

/// The command `trialmerge`: from chunks of trials to distributions, significances and fluxes.
struct Trialmerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trialmerge",
        abstract: "Merge chunks of trials; compute thresholds, sensitivity, discovery potential and limits from them.",
        discussion: """
            Results go to standard output; progress, warnings and errors to standard error. Exit codes: 64 invalid \
            command line, 65 unusable or insufficient data, 66 missing input, 73 output cannot be created, 74 \
            input/output error, 75 trials are still missing.

            Example:
              trialmerge merge chunks/*.h5 -o merged.h5
              trialmerge sensitivity merged.h5
            """,
        version: SoftwareVersion.description(commit: SourceCommit.text),
        subcommands: [
            MergeCommand.self, VerifyCommand.self, BackgroundCommand.self, SensitivityCommand.self,
            DiscoveryCommand.self, LimitsCommand.self, CatalogueCommand.self, SkyCommand.self, SuggestCommand.self,
            CurveCommand.self,
            BiasCommand.self,
            ReportCommand.self, ExportCommand.self, ImportCommand.self,
        ],
        defaultSubcommand: MergeCommand.self)
}
