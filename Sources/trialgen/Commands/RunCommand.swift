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

    @OptionGroup(title: "Trials") var list: TrialListOptions

    @OptionGroup var options: AnalysisOptions

    @OptionGroup(title: "Input") var preparation: PreparedOption

    @OptionGroup(title: "Jobs") var job: JobOptions

    @OptionGroup(title: "Run") var running: RunOptions

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
            throw ExitCode(running.checkpointExitCode)
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
        let runner = try setup.runner(
            probes: plan.configuration.probes, threads: plan.threads, making: plan.ranges.map(\.hypothesis))
        let header = campaign.header(
            probes: plan.configuration.probes, softwareVersion: SoftwareVersion.current,
            provenance: Provenance.current(), mixture: runner.mixture)
        let filler = ChunkFiller(
            chunk: try ChunkFile.open(plan.output, header: header, takesOver: running.takeOver), runner: runner,
            commitInterval: running.commitEvery, progressStyle: report.logging.progressStyle, stop: stop, logger: logger
        )
        logger.debug("starts with \(filler.chunk.committedCount) committed trials")
        if let checkpointEvery = running.checkpointEvery { stop.stop(after: .seconds(checkpointEvery)) }
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
        var more = try list.layer
        more.set(\.jobs, job.jobs)
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
        try running.check()
        return try RunPlan(
            point, configuration, trials: try list.wanted(configuration, job.part), job: job, of: points,
            threads: try running.threads.resolved())
    }
}
