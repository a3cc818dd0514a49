import ArgumentParser
import Console
import Diagnostics
import Foundation
import Logging
import Results
import Settings
import TrialStore

/// `trialmerge verify chunks/*.h5 --config campaign.yaml`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract:
            "Check that chunks contain all trials of a campaign; list what is missing and which jobs to submit again.",
        discussion: """
            Reads every row of every file and changes nothing. With --config, compares the trials with the campaign's \
            list, for each of its points if it lists sources, gammas or energy ranges; otherwise with the largest trial \
            number of each mu. Names of files that do not exist are ignored. Exit codes: 0 complete, 75 trials are \
            missing, 65 files are damaged, of another campaign, or contradict each other.

            Example: trialmerge verify chunks --config campaign.yaml --resubmit-slurm again.txt
            """)

    @OptionGroup(title: "Input") var input: InputFiles

    @Option(help: ArgumentHelp("Campaign file.", valueName: "file.yaml"))
    var config: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of jobs of the campaign (default: its key jobs).", valueName: "n"))
    var jobs: Int64?

    @Option(help: ArgumentHelp("Which trials: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    @Flag(help: "Also show for each host: trials per second, stops and failures.")
    var hosts = false

    @Option(
        help: ArgumentHelp(
            "Write the jobs to submit again, one number per line, for HTCondor's queue job from file.",
            valueName: "file"))
    var resubmitCondor: String?

    @Option(
        help: ArgumentHelp(
            "Write the jobs to submit again for sbatch: lines of an offset and an --array list.", valueName: "file"))
    var resubmitSlurm: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Slurm's MaxArraySize: numbers in an array are below it.", valueName: "n"))
    var maxArraySize: Int64 = 1001

    @OptionGroup(title: "Output") var reporting: ReportOptions

    func run() throws {
        let logger = try reporting.logging.makeLogger(label: "trialmerge")
        guard maxArraySize >= 1 else {
            throw Fault(
                .usage, at: .field("--max-array-size"), "\(maxArraySize) is not a valid array size",
                remedy: "give MaxArraySize as scontrol show config prints it")
        }
        let campaign = try CampaignExpectation(config, jobs: jobs, part)
        let files = try input.paths()
        if files.isEmpty, campaign.points.isEmpty {
            throw TrialInputs.noFiles(example: "trialmerge verify chunks/*.h5 --config campaign.yaml")
        }
        let progress = Progress("reading", unit: "files", total: files.count, style: reporting.logging.progressStyle)
        if campaign.isListed {
            let summary = try PointsVerifySummary(
                files, campaign, maxArraySize: maxArraySize, showsHosts: hosts, progress: { progress.advance(by: 1) })
            progress.finish()
            return try report(summary, logger)
        }
        let survey = try ChunkSurvey(files, expected: campaign.points.first?.configuration) { _ in
            progress.advance(by: 1)
        }
        progress.finish()
        try report(VerifySummary(survey, campaign, maxArraySize: maxArraySize, showsHosts: hosts), logger)
    }

    private func report(_ result: some VerificationResult, _ logger: Logger) throws {
        if let resubmitCondor { try write(result.resubmission.condorList, to: resubmitCondor) }
        if let resubmitSlurm { try write(result.resubmission.slurmList, to: resubmitSlurm) }
        try result.print(reporting, logger)
        if !result.isSound { throw ExitCode(Fault.Kind.badData.rawValue) }
        if !result.isComplete { throw ExitCode(Fault.Kind.temporary.rawValue) }
    }

    private func write(_ text: String, to path: String) throws(Fault) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path))
        } catch {
            throw Fault(
                .cannotCreate, at: .file(path), "cannot be written (\(error.localizedDescription))",
                remedy: "check its folder")
        }
    }
}

extension CampaignPart: ExpressibleByArgument {}
