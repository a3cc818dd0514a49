import ArgumentParser
import Console
import Diagnostics
import Foundation
import Settings
import TrialStore

/// `trialmerge verify chunks/*.h5 --config campaign.yaml`.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Proves that chunks hold all trials of a campaign, or says what is missing and which jobs to submit.",
        discussion: """
            Reads every row of every file and changes nothing. With --config, the trials are held against the \
            campaign's list, for each of its points if it lists sources, gammas or energy ranges; else against the \
            largest number of each mean. A name for which there is no file counts \
            as nothing. Exit codes: 0 all is there, 75 trials are missing, 65 files are damaged, of another campaign, \
            or contradict each other.
            """)

    @Argument(help: "Chunks, or merged files.")
    var files: [String] = []

    @Option(help: ArgumentHelp("The campaign.", valueName: "file.yaml"))
    var config: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many jobs the campaign is cut into (default: its key jobs).", valueName: "n"))
    var jobs: Int64?

    @Option(help: ArgumentHelp("Which of the trials: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    @Flag(help: "Also report what each host did: trials per second, stops and failures.")
    var hosts = false

    @Option(
        help: ArgumentHelp(
            "Write the jobs to submit again, a number a line, for HTCondor's queue job from file.", valueName: "file"))
    var resubmitCondor: String?

    @Option(
        help: ArgumentHelp(
            "Write the jobs to submit again for sbatch: lines of an offset and an --array list.", valueName: "file"))
    var resubmitSlurm: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Slurm's MaxArraySize: numbers in an array lie below it.", valueName: "n"))
    var maxArraySize: Int64 = 1001

    @OptionGroup var reporting: ReportOptions

    func run() throws {
        _ = try reporting.logging.makeLogger(label: "trialmerge")
        guard maxArraySize >= 1 else {
            throw Fault(
                .usage, at: .field("--max-array-size"), "\(maxArraySize) is no size of an array",
                remedy: "give what scontrol show config says of MaxArraySize")
        }
        let campaign = try CampaignExpectation(config, jobs: jobs, part)
        if files.isEmpty, campaign.points.isEmpty {
            throw TrialInputs.noFiles(example: "trialmerge verify chunks/*.h5 --config campaign.yaml")
        }
        let progress = Progress("reading", unit: "files", total: files.count, style: reporting.logging.progressStyle)
        if campaign.isListed {
            let summary = try PointsVerifySummary(
                files, campaign, maxArraySize: maxArraySize, showsHosts: hosts, progress: { progress.advance(by: 1) })
            progress.finish()
            try report(
                text: summary.text, summary.json, summary.resubmission, isSound: summary.isSound,
                isComplete: summary.isComplete)
            return
        }
        let survey = try ChunkSurvey(files, expected: campaign.points.first?.configuration) { _ in
            progress.advance(by: 1)
        }
        progress.finish()
        let summary = VerifySummary(survey, campaign, maxArraySize: maxArraySize, showsHosts: hosts)
        try report(
            text: summary.text, summary.json, summary.resubmission, isSound: survey.isSound,
            isComplete: summary.isComplete)
    }

    private func report(
        text: String, _ json: JSONValue, _ resubmission: Resubmission, isSound: Bool, isComplete: Bool
    ) throws {
        if let resubmitCondor { try write(resubmission.condorList, to: resubmitCondor) }
        if let resubmitSlurm { try write(resubmission.slurmList, to: resubmitSlurm) }
        try StandardOutput.print(reporting.json ? json.description : text)
        if !isSound { throw ExitCode(Fault.Kind.badData.rawValue) }
        if !isComplete { throw ExitCode(Fault.Kind.temporary.rawValue) }
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
