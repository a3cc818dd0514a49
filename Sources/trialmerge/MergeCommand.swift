import ArgumentParser
import Console
import Diagnostics
import Trials

/// `trialmerge merge chunk*.h5 -o merged.h5`.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merges chunks and merged files of one campaign into one sorted file.",
        discussion: """
            Files of different campaigns are refused, and what differs is said. A trial that is in several files is \
            taken once. Trials missing below the largest present number are reported, and the file is still written: \
            more chunks can be merged into another file later. Inputs are never changed.
            """)

    @Argument(help: "Chunks that trialgen wrote and files that trialmerge wrote, in any order.")
    var files: [String] = []

    @Option(name: .shortAndLong, help: "The merged file; it appears only once it is whole.")
    var output: String

    @Flag(help: "Replace the output if it exists; an input is never replaced.")
    var replace = false

    @OptionGroup var reporting: ReportOptions

    func run() throws {
        let logger = try reporting.logging.makeLogger(label: "trialmerge")
        guard !files.isEmpty else { throw TrialInputs.noFiles(example: "trialmerge merge chunk*.h5 -o merged.h5") }
        let progress = MergeProgressDisplay(style: reporting.logging.progressStyle)
        let report = try TrialMerge.merge(
            files, into: output, replace: replace, softwareVersion: SoftwareVersion.current,
            provenance: Provenance.current(), progress: progress.show)
        let summary = MergeSummary(report: report, inputs: files.count, output: output)
        for warning in summary.warnings { logger.warning("\(warning)") }
        try StandardOutput.print(reporting.json ? summary.json.description : summary.text)
    }
}
