import ArgumentParser
import Console
import Diagnostics
import Results
import Settings

/// Options of `trialgen run` for threads, commits and stopping.
struct RunOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Threads (default: auto); auto: as many as the scheduler granted ($SLURM_CPUS_PER_TASK, $OMP_NUM_THREADS, $SLURM_CPUS_ON_NODE), else one per processor.",
            valueName: "n"), transform: ThreadCount.init(argument:))
    var threads = ThreadCount.automatic

    @Option(
        help: ArgumentHelp(
            "Commit the chunk after this many trials, or seconds as in 10s, at the latest (default: 10000, or 30s).",
            valueName: "n"),
        transform: CommitInterval.init(argument:))
    var commitEvery = CommitInterval.standard

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Stop after this time with the chunk committed and --checkpoint-exit-code, unless everything is done.",
            valueName: "seconds"), transform: decimal)
    var checkpointEvery: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Exit code of a run that stopped before it was complete.", valueName: "code"))
    var checkpointExitCode: Int32 = 75

    @Flag(help: "Take over a chunk whose writer, on another host, is known to be dead.")
    var takeOver = false

    /// - Throws: `Fault` (usage) for an invalid time or exit code.
    func check() throws(Fault) {
        guard (1...255).contains(checkpointExitCode) else {
            throw Fault(
                .usage, at: .field("--checkpoint-exit-code"), "\(checkpointExitCode) is not a valid exit code",
                remedy: "give a number from 1 to 255")
        }
        if let checkpointEvery, !(checkpointEvery > 0 && checkpointEvery <= 1e9) {
            throw Fault(
                .usage, at: .field("--checkpoint-every"), "\(checkpointEvery) is not a valid time",
                remedy: "give a positive number of seconds")
        }
    }
}
