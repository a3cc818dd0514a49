import ArgumentParser
import Console
import Results
import TrialStore

/// `trialmerge export merged.h5 --format npy -o trials.npy`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write trials for other programs: numpy records in SkyLLH's format, CSV, or HDF5 columns.",
        discussion: """
            npy: a structured array as in SkyLLH's trial files (seed, mean_n_sig, n_sig, mean_n_sig_0, ts, ns, gamma). \
            csv: all fields, with all digits. h5: one list of numbers per field. Trials are ordered by mean signal \
            and seed.

            Example: trialmerge export merged.h5 --format npy -o trials.npy --mu 0
            """)

    @OptionGroup var trials: TrialOptions

    @Option(help: "Format of the output: npy, csv or h5.")
    var format: TrialExport.Format

    @Option(name: .shortAndLong, help: "The file to write; it appears only when complete.", completion: .file())
    var output: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only the trials with these mean signals (0 for background).", valueName: "mu"),
        transform: decimal)
    var mu: [Double] = []

    @Flag(help: "Replace the output if it exists; an input is never replaced.")
    var replace = false

    func run() throws {
        let logger = try trials.makeLogger()
        let inputs = try TrialInputs(trials, command: "export")
        let export = try inputs.export(meanSignals: mu.isEmpty ? nil : mu, as: format)
        let progress = Progress(
            "writing", unit: "trials", total: export.count, style: trials.reporting.logging.progressStyle)
        try export.write(to: output, replace: replace) { progress.advance(by: $0) }
        progress.finish()
        try ExportSummary(output: output, format: format.rawValue, trials: export.count, leftOut: export.leftOut)
            .print(trials.reporting, logger, inputWarnings: inputs.warnings)
    }
}

/// The result of an export.
private struct ExportSummary: CommandResult {
    let output: String
    let format: String
    let trials: Int
    /// Weighted trials that were left out.
    let leftOut: Int

    var warnings: [String] {
        leftOut == 0
            ? [] : ["\(NumberFormat.count(leftOut)) weighted trials were left out: SkyLLH's records have no weights"]
    }

    var text: String { "\(NumberFormat.count(trials)) trials written to \(output) (\(format))" }

    var members: [JSONValue.Member] {
        [.init("output", .string(output)), .init("format", .string(format)), .init("n_trials", .integer(trials))]
            + (leftOut > 0 ? [.init("n_weighted_left_out", .integer(leftOut))] : [])
    }
}

extension TrialExport.Format: ExpressibleByArgument {}
