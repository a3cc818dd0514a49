import ArgumentParser
import Console
import Logging
import Results

/// The files of every command that reads trials, and how it prints.
struct TrialOptions: ParsableArguments {
    @Argument(help: "A merged file, or chunks of one campaign that have no trial in common.", completion: .file())
    var files: [String] = []

    @OptionGroup(title: "Output") var reporting: OutputOptions

    func makeLogger() throws -> Logger { try reporting.logging.makeLogger(label: "trialmerge") }
}
