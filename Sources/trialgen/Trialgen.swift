import ArgumentParser
import Console
import SourceCommit

@main
enum Main {
    static func main() { CommandRunner.run(Trialgen.self) }
}

struct Trialgen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trialgen",
        abstract: "Searches IceCube's public track data for a neutrino point source, and makes trials of the search.",
        discussion: """
            The release is read from --data, or from where trialgen fetch put it; the source is given by --ra and \
            --dec in degrees. The settings of \
            the analysis can also stand in a YAML file (--config; trialgen config --init writes one); options win. \
            Results go to standard output, progress and messages to \
            standard error.
            """,
        version: SoftwareVersion.description(commit: SourceCommit.text),
        subcommands: [
            RunCommand.self, PrepareCommand.self, PlanCommand.self, SensitivityCommand.self, UnblindCommand.self,
            ScanCommand.self, FluxCommand.self, DescribeCommand.self, InspectCommand.self, ToyCommand.self,
            ConfigCommand.self, FetchCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
