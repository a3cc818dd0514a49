import ArgumentParser
import Diagnostics
import Files
import Foundation
import Results
import Settings
import StrictYAML

/// Options of a job that makes its slice of a campaign.
struct JobOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Make only this job's slice of the list of trials: a number from 0, or auto for $SLURM_ARRAY_TASK_ID.",
            valueName: "k"))
    var job: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of jobs of the campaign (default: its key jobs).", valueName: "n"),
        transform: wholeNumber)
    var jobs: Int64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Add this to --job, for arrays with a small largest number.", valueName: "o"),
        transform: wholeNumber)
    var jobOffset: Int64 = 0

    @Option(help: ArgumentHelp("Which trials of the list: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    /// The job's number, from 0 to below `jobs`; nil if the command makes all trials itself.
    ///
    /// - Throws: `Fault` (usage) for anything but a number from 0 to below `jobs`.
    func number(of jobs: Int64) throws(Fault) -> Int64? {
        guard let job else {
            guard jobOffset == 0 else {
                throw Fault(
                    .usage, at: .field("--job-offset"), "has no effect without --job",
                    remedy: "give --job, or leave it out")
            }
            guard self.jobs == nil else {
                throw Fault(
                    .usage, at: .field("--jobs"), "has no effect without --job",
                    remedy: "give --job to make one job's slice, or leave --jobs out to make all trials")
            }
            return nil
        }
        var (text, origin) = (job, "--job")
        if job == "auto" {
            origin = "SLURM_ARRAY_TASK_ID"
            guard let task = ProcessInfo.processInfo.environment[origin], !task.isEmpty else {
                throw Fault(
                    .usage, at: .field("--job"), "auto stands for $\(origin), which is not set",
                    remedy: "run this as a job of a Slurm array, or give the job's number")
            }
            text = task
        }
        guard let index = Count(text)?.value, index >= 0 else {
            throw Fault(
                .usage, at: .field(origin), "\"\(text)\" is not a valid job number",
                remedy: "give a whole number from 0")
        }
        let (number, overflow) = index.addingReportingOverflow(jobOffset)
        guard !overflow, (0..<jobs).contains(number) else {
            let sum = jobOffset == 0 ? "\(index)" : "\(index) + \(jobOffset)"
            throw Fault(
                .usage, at: .field(origin), "there is no job \(sum): the campaign has \(jobs)",
                remedy: "give a number from 0 to \(jobs - 1), or increase --jobs")
        }
        return number
    }
}

extension CampaignPart: ExpressibleByArgument {}

/// The number of threads: given, or granted by the scheduler.
struct ThreadCount: Sendable {
    /// Nil for "auto".
    let count: Int?

    /// - Throws: `ValidationError` for another word than a whole number or "auto".
    @Sendable
    init(argument: String) throws {
        guard argument != "auto" else {
            count = nil
            return
        }
        guard let count = Count(argument).flatMap({ Int(exactly: $0.value) }) else {
            throw ValidationError("give a number of threads from 1 to 1024, or auto")
        }
        self.count = count
    }

    static let automatic = ThreadCount()
    private init() { count = nil }

    /// "auto" is $SLURM_CPUS_PER_TASK (set by Slurm if the job requested it), else $OMP_NUM_THREADS (set by HTCondor to
    /// the job's request), else $SLURM_CPUS_ON_NODE (what Slurm granted the job), else one per processor.
    ///
    /// - Throws: `Fault` (usage) for a number out of range.
    func resolved() throws(Fault) -> Int { try resolvedWithOrigin().count }

    /// The number and its origin: "--threads", "$NAME" or "processors".
    ///
    /// - Throws: as ``resolved()``.
    func resolvedWithOrigin() throws(Fault) -> (count: Int, origin: String) {
        var (count, origin) = (self.count, self.count == nil ? "processors" : "--threads")
        for variable in ["SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS", "SLURM_CPUS_ON_NODE"] where count == nil {
            guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else { continue }
            origin = "$" + variable
            // OpenMP allows a list with a number for each nesting level.
            guard let number = Int(text.prefix { $0 != "," }) else {
                throw Fault(
                    .usage, at: .field(origin), "\"\(text)\" is not a valid number of threads", remedy: "give --threads"
                )
            }
            count = number
        }
        let threads = count ?? Provenance.processorCount
        try Self.check(threads, origin)
        return (threads, origin)
    }

    private static let range = 1...1024

    /// - Throws: `Fault` (usage), naming the option or variable of the number of threads, if it is out of range.
    static func check(_ threads: Int, _ origin: String) throws(Fault) {
        guard range.contains(threads) else {
            throw Fault(
                .usage, at: .field(origin), "\(threads) is not a valid number of threads",
                remedy: "give a number from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
