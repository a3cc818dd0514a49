import ArgumentParser
import Console
import SourceCommit

@main
enum Main {
    static func main() {
        CommandRunner.run(
            Trialgen.self, arguments: ToyCommand.joiningSource(Array(CommandLine.arguments.dropFirst())))
    }
}

struct Trialgen: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trialgen",
        abstract: "Search IceCube's public track data for a neutrino point source, and make trials of the search.",
        discussion: """
            The release is read from --data, or from where trialgen fetch stored it; the source is given by --ra and \
            --dec in degrees. The settings of the analysis can also be given in a YAML file (--config; trialgen config \
            --init writes an example); options override the file. Results go to standard output, progress and messages \
            to standard error.
            """,
        version: SoftwareVersion.description(commit: SourceCommit.text),
        subcommands: [
            RunCommand.self, PrepareCommand.self, PlanCommand.self, SensitivityCommand.self, UnblindCommand.self,
            ScanCommand.self, MapCommand.self, FluxCommand.self, DescribeCommand.self, InspectCommand.self,
            ToyCommand.self, DemoCommand.self, ConfigCommand.self, FetchCommand.self,
        ],
        defaultSubcommand: RunCommand.self)
}
