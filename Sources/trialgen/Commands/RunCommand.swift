import ArgumentParser
import Console
import Diagnostics
import Files
import Logging
import PointSource
import Results
import Settings
import TrialMaking
import TrialStore

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Make trials and append them to a chunk.",
        discussion: """
            A trial depends only on the campaign, mu, the seed and its number: jobs that make different trial numbers \
            with the same seed form one campaign. If the command is run again, it makes the trials that the chunk lacks.

            Without --mu and --trials it makes the trials listed in the --config file (trialgen config --init writes \
            an example).

            With --tail 7, background trials are drawn so that large TS are frequent, and get weights: 100,000 of them \
            give thresholds and p-values from 3 to 7 sigma with errors of a few per cent. Below about 2 sigma ordinary \
            trials are better; a chunk may have both, and trialmerge background reads them.

            Examples: trialgen run --ra 40.67 --dec -0.01 --trials 1000 -o background.h5
            trialgen run --ra 40.67 --dec -0.01 --mu 0 --tail 7 --trials 100k -o weighted.h5
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Mean number of injected signal events (default: 0).", valueName: "mu"), transform: decimal)
    var mu: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Make weighted background trials, for p-values up to this significance, 2 to 8.", valueName: "sigma"),
        transform: decimal)
    var tail: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many trials the chunk shall hold from --first-trial on.", valueName: "n"),
        transform: wholeNumber)
    var trials: Int64?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Number of the first trial.", valueName: "k"),
        transform: wholeNumber)
    var firstTrial: Int64 = 0

    @Option(parsing: .unconditional, help: .setting(\.seed, "s"), transform: wholeNumber)
    var seed: Int64?

    @OptionGroup(title: "Input") var preparation: PreparedOption

    @OptionGroup(title: "Jobs") var job: JobOptions

    @Option(
        help: ArgumentHelp(
            "Threads; auto: as many as the scheduler granted ($SLURM_CPUS_PER_TASK, $OMP_NUM_THREADS, $SLURM_CPUS_ON_NODE), else one per processor.",
            valueName: "n"))
    var threads = ThreadCount.automatic

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The chunk, an HDF5 file; extended if it exists.", valueName: "chunk.h5"),
        completion: .file())
    var output: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Also record ln Lambda at this point; can be given several times.", valueName: "ns:gamma"))
    var probe: [String] = []

    @Option(
        help: ArgumentHelp(
            "Commit the chunk after this many trials, or seconds as in 10s, at the latest.", valueName: "n"))
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

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let (points, numbered) = try points()
        // With several points, a mistake in the last should be found before trials of the first are made.
        if points.count > 1 { for point in points { _ = try plan(point, point.configuration(), of: numbered) } }
        let (stop, releases) = (report.logging.makeStopRequest(), options.releaseReader)
        var (summaries, isDone) = ([RunSummary](), true)
        for point in points {
            guard stop.received == nil else {
                isDone = false
                break
            }
            let summary = try naming(point) {
                let prepared = try preparation.open(for: point)
                let plan = try plan(point, options.configuration(of: point, prepared: prepared), of: numbered)
                return try produce(plan, prepared, releases, stop, logger)
            }
            isDone = isDone && summary.isDone
            summaries.append(summary)
        }
        try print(summaries, of: points.count)
        if !isDone, let reason = stop.received {
            logger.notice("\(reason); finished trials are saved, run the same command again to continue")
            throw ExitCode(checkpointExitCode)
        }
    }

    /// Returns what `body` returns; a fault that it throws names the point, if the point has a number.
    private func naming<Result>(_ point: CampaignPoint, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault {
            guard let number = point.number else { throw fault }
            throw Fault(fault.kind, at: fault.place, "point \(number): \(fault.problem)", remedy: fault.remedy)
        }
    }

    /// Makes the trials that the plan's chunk lacks.
    private func produce(
        _ plan: RunPlan, _ prepared: PreparedFile?, _ releases: ReleaseReader, _ stop: StopRequest, _ logger: Logger
    ) throws -> RunSummary {
        if let (campaign, outcomes) = try plan.finished() {
            logger.info("\(plan.output) is finished")
            return RunSummary(plan, campaign, outcomes, isDone: true)
        }
        let setup = try TrialSetup(plan.configuration, prepared, releases, logger: logger)
        let campaign = setup.campaign
        let runner = try TrialRunner(
            analysis: setup.analysis, probes: plan.configuration.probes, threads: plan.threads,
            making: plan.ranges.map(\.hypothesis))
        let header = campaign.header(
            probes: plan.configuration.probes, softwareVersion: SoftwareVersion.current,
            provenance: Provenance.current(), mixture: runner.weighted?.mixture)
        let filler = ChunkFiller(
            chunk: try ChunkFile.open(plan.output, header: header, takesOver: takeOver), runner: runner,
            commitInterval: commitEvery, progressStyle: report.logging.progressStyle, stop: stop, logger: logger)
        logger.debug("starts with \(filler.chunk.committedCount) committed trials")
        if let checkpointEvery { stop.stop(after: .seconds(checkpointEvery)) }
        var outcomes: [ChunkFiller.Outcome] = []
        for (hypothesis, range) in plan.ranges where stop.received == nil {
            outcomes.append(try filler.make(range, of: hypothesis))
        }
        let isDone = plan.isDone(filler.chunk.coverage)
        try filler.chunk.close(
            SessionEnd(
                seconds: outcomes.reduce(0) { $0 + $1.seconds }, threads: plan.threads, isStopped: !isDone))
        return RunSummary(plan, campaign, outcomes, isDone: isDone)
    }

    private func print(_ summaries: [RunSummary], of points: Int) throws {
        if points == 1, let only = summaries.first {
            return try StandardOutput.print(report.json ? only.json.description : only.text)
        }
        let all = PointRunSummaries(summaries)
        try StandardOutput.print(report.json ? all.json.description : all.text)
    }

    /// The points whose trials this run makes, and the number of points over which jobs are numbered consecutively: nil
    /// if only one point is meant.
    private func points() throws -> (points: [CampaignPoint], numbered: Int?) {
        var more = ConfigurationLayer()
        more.set(\.seed, seed)
        more.set(\.output, output)
        more.set(\.jobs, job.jobs)
        if !probe.isEmpty {
            var probes: [Probe] = []
            for text in probe { probes.append(try Probe(parsing: text)) }
            more.set(\.probes, probes)
        }
        let points = try options.points(more)
        guard options.point == nil, points.first?.number != nil else { return (points, nil) }
        // Jobs of the first point come first, then those of the second.
        let jobs = points[0].layer.jobs ?? 1
        guard let number = try job.number(of: jobs * Int64(points.count)) else { return (points, points.count) }
        return ([points[Int(number / jobs)]], points.count)
    }

    /// What has to be done for a point; checks everything that can be checked without data.
    private func plan(
        _ point: CampaignPoint, _ configuration: Configuration, of points: Int?
    ) throws -> RunPlan {
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
        return try RunPlan(
            point, configuration, trials: try wanted(configuration), job: job, of: points,
            threads: try threads.resolved())
    }

    private func wanted(
        _ configuration: Configuration
    ) throws(Fault) -> [(hypothesis: Hypothesis, range: TrialRange)] {
        guard firstTrial >= 0 else {
            throw Fault(
                .usage, at: .field("--first-trial"), "\(firstTrial) is not a valid trial number",
                remedy: "give a whole number from 0")
        }
        var wanted: [(hypothesis: Hypothesis, range: TrialRange)] = []
        for order in try orders(configuration) {
            let (last, overflow) = firstTrial.addingReportingOverflow(order.count - 1)
            guard !overflow, let range = TrialRange(first: firstTrial, last: last) else {
                throw Fault(
                    .usage, at: .field("--first-trial"),
                    "there are fewer than \(order.count) trial numbers from \(firstTrial) on",
                    remedy: "give a smaller number")
            }
            let hypothesis = order.hypothesis(seed: configuration.seed)
            if job.part.contains(hypothesis) { wanted.append((hypothesis, range)) }
        }
        guard !wanted.isEmpty else {
            throw Fault(
                .usage, at: .field("--part"), "the campaign has no trials of the part \(job.part.rawValue)",
                remedy: "add some to the list of trials, or leave --part out")
        }
        return wanted
    }

    private func orders(_ configuration: Configuration) throws(Fault) -> [TrialOrder] {
        if mu == nil && trials == nil && tail == nil && !configuration.trials.isEmpty { return configuration.trials }
        if mu != nil || tail != nil { try TrialOrder(meanSignal: mu ?? 0, count: 1, tail: tail).check() }
        guard let trials else {
            throw Fault(
                .usage, at: .field("--trials"), "the number of trials is not given",
                remedy: "give --mu and --trials, or a list of trials in the configuration")
        }
        let order = TrialOrder(meanSignal: mu ?? 0, count: trials, tail: tail)
        try order.check()
        return [order]
    }
}
