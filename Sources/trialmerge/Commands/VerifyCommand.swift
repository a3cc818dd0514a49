import ArgumentParser
import Console
import Diagnostics
import Files
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
            list, for each of its points if it lists sources, gammas or energy ranges; otherwise with the largest \
            trial number of each mu. With --config, names of files that do not exist are ignored. Exit codes: 0 \
            complete; 75 trials are missing, or a file is unfinished, unreadable or (without --config) missing; 65 \
            files are damaged, belong to another campaign, or contradict each other.

            Example: trialmerge verify chunks --config campaign.yaml --resubmit-slurm again.txt
            """)

    @OptionGroup(title: "Input") var input: InputFiles

    @Option(help: ArgumentHelp("Campaign file.", valueName: "file.yaml"), completion: .file())
    var config: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of jobs of the campaign (default: its key jobs).", valueName: "n"),
        transform: wholeNumber)
    var jobs: Int64?

    @Option(help: ArgumentHelp("Which trials: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    @Flag(help: "Also show trials per second, stops and failures for each host.")
    var hosts = false

    @Option(
        help: ArgumentHelp(
            "Write the jobs to submit again, one number per line, for HTCondor's queue job from file.",
            valueName: "file"), completion: .file())
    var resubmitCondor: String?

    @Option(
        help: ArgumentHelp(
            "Write the jobs to submit again for sbatch: lines of an offset and an --array list.", valueName: "file"),
        completion: .file())
    var resubmitSlurm: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Slurm's MaxArraySize: array indices are smaller than this.", valueName: "n"),
        transform: wholeNumber)
    var maxArraySize: Int64 = 1001

    @Flag(help: "Let the lists replace files that are not such lists; an input is never replaced.")
    var replace = false

    @OptionGroup(title: "Output") var reporting: OutputOptions

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
            throw input.noFiles(example: "trialmerge verify chunks/*.h5 --config campaign.yaml")
        }
        // Errors that would stop the command at its end are found before the work.
        let lists = [(resubmitCondor, Resubmission.condorFile), (resubmitSlurm, Resubmission.slurmFile)]
        for (path, own) in lists {
            if let path { try Publication.check(path, .init(replace: replace, own: own), inputs: inputs(files)) }
        }
        if let resubmitCondor, resubmitCondor == resubmitSlurm {
            throw Fault(
                .usage, at: .field("--resubmit-slurm"), "is the same file as --resubmit-condor",
                remedy: "give each list a name of its own")
        }
        let progress = Progress("reading", unit: "files", total: files.count, style: reporting.logging.progressStyle)
        if campaign.isListed {
            let summary = try PointsVerifySummary(
                files, campaign, maxArraySize: maxArraySize, showsHosts: hosts, progress: { progress.advance(by: 1) })
            progress.finish()
            return try report(summary, of: files, logger)
        }
        let survey = try ChunkSurvey(files, expected: campaign.points.first?.configuration) { _ in
            progress.advance(by: 1)
        }
        progress.finish()
        try report(VerifySummary(survey, campaign, maxArraySize: maxArraySize, showsHosts: hosts), of: files, logger)
    }

    private func report(_ result: some VerificationResult, of files: [String], _ logger: Logger) throws {
        let resubmission = result.resubmission
        for (path, own, text) in [
            (resubmitCondor, Resubmission.condorFile, resubmission.condorList),
            (resubmitSlurm, Resubmission.slurmFile, resubmission.slurmList),
        ] {
            guard let path else { continue }
            try Publication.write(text.utf8, to: path, .init(replace: replace, own: own), inputs: inputs(files))
        }
        try result.print(reporting, logger)
        if !result.isSound { throw ExitCode(Fault.Kind.badData.rawValue) }
        if !result.isComplete { throw ExitCode(Fault.Kind.temporary.rawValue) }
    }

    /// Files that no list may replace.
    private func inputs(_ files: [String]) -> [String] { files + input.lists + [config].compactMap { $0 } }
}

extension CampaignPart: ExpressibleByArgument {}
