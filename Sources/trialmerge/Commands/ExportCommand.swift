import ArgumentParser
import Console
import Diagnostics
import TrialStore

/// `trialmerge export merged.h5 --format npy -o trials.npy`.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes trials for other programs: numpy records as SkyLLH has them, CSV, or HDF5 columns.",
        discussion: """
            npy: the structured array of SkyLLH's trial files (seed, mean_n_sig, n_sig, mean_n_sig_0, ts, ns, gamma). \
            csv: all fields, numbers so that they read back the same. h5: a list of numbers for each field. Trials \
            are ordered by mean signal and seed.
            """)

    @Argument(help: "A merged file, or chunks of one campaign that share no trial.")
    var files: [String] = []

    @Option(help: "How they are written: npy, csv or h5.")
    var format: TrialExport.Format

    @Option(name: .shortAndLong, help: "The file to write; it appears only once it is whole.")
    var output: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Only the trials with these mean signals (0 for background).", valueName: "mu"))
    var mu: [Double] = []

    @Flag(help: "Replace the output if it exists; an input is never replaced.")
    var replace = false

    @OptionGroup var reporting: ReportOptions

    func run() throws {
        let logger = try reporting.logging.makeLogger(label: "trialmerge")
        let style = reporting.logging.progressStyle
        let inputs = try TrialInputs(files, command: "export", progress: style)
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let export = try inputs.export(meanSignals: mu.isEmpty ? nil : mu)
        let progress = Progress("writing", unit: "trials", total: export.count, style: style)
        try export.write(format, to: output, replace: replace) { progress.advance(by: $0) }
        progress.finish()
        let json: JSONValue = [
            "output": .string(output), "format": .string(format.rawValue), "n_trials": .integer(export.count),
        ]
        try StandardOutput.print(
            reporting.json
                ? json.description
                : "\(NumberFormat.count(export.count)) trials written to \(output) (\(format.rawValue))"
        )
    }
}

extension TrialExport.Format: ExpressibleByArgument {}
