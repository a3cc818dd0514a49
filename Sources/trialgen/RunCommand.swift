import ArgumentParser
import Console
import Diagnostics
import Logging
import PointSource
import Trials

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Makes trials and appends them to a chunk.",
        discussion: """
            A trial depends on the campaign, mu, the seed and its number alone: jobs that make different numbers \
            under the same seed make one campaign together. Run again, the command makes what the chunk still lacks.

            Keys of a --config file: \(ConfigurationKey.allCases.map(\.rawValue).joined(separator: ", ")). Without \
            --mu and --trials the trials are those of the key trials, a list such as \
            [{mu: 0, count: 10000}, {mu: 5, count: 1000}].
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Mean number of injected signal events (default: 0).", valueName: "mu"))
    var mu: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How many trials the chunk shall hold from --first-trial on.", valueName: "n"))
    var trials: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of the first trial.", valueName: "k"))
    var firstTrial: Int64 = 0

    @Option(parsing: .unconditional, help: ArgumentHelp("The campaign's seed (default: 1).", valueName: "s"))
    var seed: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Threads (default: one for each processor).", valueName: "n"))
    var threads: Int?

    @Option(help: ArgumentHelp("The chunk, an HDF5 file; extended if it is there.", valueName: "chunk.h5"))
    var output: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Also record ln Lambda at this point; may be given several times.", valueName: "ns:gamma"))
    var probe: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Trials after which the chunk is made safe, at the latest.", valueName: "n"))
    var commitEvery = 10_000

    @OptionGroup var report: ReportOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let plan = try plan()
        let session = try AnalysisSession(plan.configuration, logger: logger)
        let campaign = session.campaign
        let header = campaign.header(
            probes: plan.configuration.probes, softwareVersion: SoftwareVersion.current,
            provenance: Provenance.current())
        let stop = StopRequest()
        let runner = TrialRunner(
            analysis: session.analysis, probes: plan.configuration.probes, threads: plan.threads)
        let production = TrialProduction(
            chunk: try ChunkFile.open(plan.output, header: header), runner: runner, commitEvery: commitEvery,
            progressStyle: report.logging.progressStyle, stop: stop)
        var outcomes: [TrialProduction.Outcome] = []
        for (hypothesis, range) in plan.ranges where stop.received == nil {
            outcomes.append(try production.make(range, of: hypothesis))
        }
        try production.chunk.close()

        let outcome = RunReport(plan, campaign, outcomes)
        try StandardOutput.print(report.json ? outcome.json.description : outcome.text)
        if let signal = stop.received {
            logger.warning("stopped by signal \(signal); what was made is safe, run the same command again to go on")
            throw ExitCode(128 + signal)
        }
    }

    /// What is to be done, all that can be judged without the data judged.
    private func plan() throws -> RunPlan {
        var more = ConfigurationLayer()
        more.set(\.seed, seed, as: .seed)
        more.set(\.output, output, as: .output)
        if !probe.isEmpty {
            var probes: [Probe] = []
            for text in probe { probes.append(try Probe(parsing: text)) }
            more.set(\.probes, probes, as: .probes)
        }
        let configuration = try options.resolve(more)
        guard commitEvery >= 1 else {
            throw Fault(
                .usage, at: .field("--commit-every"), "\(commitEvery) is less than 1", remedy: "give a number from 1")
        }
        return try RunPlan(
            configuration, orders: try orders(configuration), firstTrial: firstTrial,
            threads: threads ?? Provenance.processorCount)
    }

    private func orders(_ configuration: Configuration) throws(Fault) -> [TrialOrder] {
        if mu == nil && trials == nil && !configuration.trials.isEmpty { return configuration.trials }
        if let mu { try TrialOrder(meanSignal: mu, count: 1).check() }
        guard let trials else {
            throw Fault(
                .usage, at: .field("--trials"), "the number of trials is not given",
                remedy: "give --mu and --trials, or a list of trials in the configuration")
        }
        let order = TrialOrder(meanSignal: mu ?? 0, count: trials)
        try order.check()
        return [order]
    }
}
