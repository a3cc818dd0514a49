import ArgumentParser
import Diagnostics
import Files
import Foundation
import Results
import Settings

/// The options by which one of many jobs makes its slice of a campaign.
struct JobOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Make only this job's slice of the list of trials: a number from 0, or auto for $SLURM_ARRAY_TASK_ID.",
            valueName: "k"))
    var job: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many jobs the campaign is cut into (default: its key jobs).", valueName: "n"),
        transform: wholeNumber)
    var jobs: Int64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Is added to --job, for arrays that cannot count far enough.", valueName: "o"),
        transform: wholeNumber)
    var jobOffset: Int64 = 0

    @Option(help: ArgumentHelp("Which of the trials: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    /// The number of the job, from 0 to below `jobs`; nil if the command makes all trials itself.
    ///
    /// - Throws: `Fault` (usage) for anything but a number from 0 to below `jobs`.
    func number(of jobs: Int64) throws(Fault) -> Int64? {
        guard let job else {
            guard jobOffset == 0 else {
                throw Fault(
                    .usage, at: .field("--job-offset"), "there is no --job to add it to", remedy: "give --job as well")
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
                    .usage, at: .field("--job"), "auto means $\(origin), which is not set",
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
                remedy: "count from 0 to \(jobs - 1), or give another number of --jobs")
        }
        return number
    }
}

extension CampaignPart: ExpressibleByArgument {}

/// The number of threads: given, or what the scheduler granted.
struct ThreadCount: ExpressibleByArgument {
    /// Nil for "auto".
    let count: Int?

    init?(argument: String) {
        if argument == "auto" {
            count = nil
        } else {
            guard let count = Int(argument) else { return nil }
            self.count = count
        }
    }

    static let automatic = ThreadCount()
    private init() { count = nil }

    var defaultValueDescription: String { "auto" }

    /// "auto" is $SLURM_CPUS_PER_TASK (which Slurm sets for a job that asked for it), else $OMP_NUM_THREADS (which HTCondor
    /// sets to what the job requested), else $SLURM_CPUS_ON_NODE (what a job of Slurm was given), else one for each
    /// processor.
    ///
    /// - Throws: `Fault` (usage) for a number out of range.
    func resolved() throws(Fault) -> Int { try resolvedWithOrigin().count }

    /// The number, and where it came from: "--threads", "$NAME" or "processors".
    ///
    /// - Throws: as ``resolved()``.
    func resolvedWithOrigin() throws(Fault) -> (count: Int, origin: String) {
        var (count, origin) = (self.count, self.count == nil ? "processors" : "--threads")
        for variable in ["SLURM_CPUS_PER_TASK", "OMP_NUM_THREADS", "SLURM_CPUS_ON_NODE"] where count == nil {
            guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else { continue }
            origin = "$" + variable
            // OpenMP allows a list, a number for each level of nesting.
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

    /// - Throws: `Fault` (usage), about the option or variable that a number of threads comes from, if it is out of range.
    static func check(_ threads: Int, _ origin: String) throws(Fault) {
        guard range.contains(threads) else {
            throw Fault(
                .usage, at: .field(origin), "\(threads) is not a valid number of threads",
                remedy: "give a number from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
