import ArgumentParser
import Console
import SourceCommit

/// The command `trialmerge`: from chunks of trials to distributions, significances and fluxes.
struct Trialmerge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trialmerge",
        abstract: "Merges chunks of trials, and turns trials into thresholds, sensitivity and discovery potential.",
        discussion: """
            Results go to standard output, progress and messages to standard error. Exit codes: 64 for a mistake on \
            the command line, 65 for data that cannot be used or do not suffice, 66 for a missing input, 73 for an \
            output that cannot be created, 74 for a failing device, 75 for trials that are not there yet.
            """,
        version: SoftwareVersion.description(commit: SourceCommit.text),
        subcommands: [
            MergeCommand.self, VerifyCommand.self, BackgroundCommand.self, SensitivityCommand.self,
            DiscoveryCommand.self, LimitsCommand.self, SuggestCommand.self, CurveCommand.self, BiasCommand.self,
            ReportCommand.self, ExportCommand.self, ImportCommand.self,
        ],
        defaultSubcommand: MergeCommand.self)
}
