import ArgumentParser
import Console
import Logging
import Results

/// The files of every command that reads trials, and its output options.
struct TrialOptions: ParsableArguments {
    @OptionGroup(title: "Input") private var input: TrialFiles

    @OptionGroup(title: "Output") var reporting: OutputOptions

    var files: [String] {
        get { input.files }
        set { input.files = newValue }
    }

    func makeLogger() throws -> Logger { try reporting.logging.makeLogger(label: "trialmerge") }
}

private struct TrialFiles: ParsableArguments {
    @Argument(help: "A merged file, or chunks of one campaign without common trials.", completion: .file())
    var files: [String] = []
}
