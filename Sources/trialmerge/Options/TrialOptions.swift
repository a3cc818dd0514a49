import ArgumentParser
import Console
import Logging
import Results

/// The files of every command that reads trials, and its output options.
struct TrialOptions: ParsableArguments {
    @Argument(help: "A merged file, or chunks of one campaign without common trials.", completion: .file())
    var files: [String] = []

    @OptionGroup(title: "Output") var reporting: OutputOptions

    func makeLogger() throws -> Logger { try reporting.logging.makeLogger(label: "trialmerge") }
}
