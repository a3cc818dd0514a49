import ArgumentParser
import Console
import Diagnostics
import Files
import Inference
import PointSource
import Settings
import TrialMaking
import TrialStore

struct SensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract: "Finds sensitivity and discovery potential of one source: makes the trials that it takes.",
        discussion: """
            Background trials give the thresholds, trials with signal are made where the answers turn out to lie, until \
            each is as precise as --target says. A threshold with fewer than 10 trials above it comes from a fit to \
            the tail, as in trialmerge background. The trials can be kept with --output. The same seed gives the same \
            numbers, whatever the threads.
            """)

    @OptionGroup var options: AnalysisOptions

    @OptionGroup var preparation: PreparedOption

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Significances of discovery potentials (default: 3 5).", valueName: "sigma"))
    var sigma: [Double] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Relative error to reach: half the width of the 68 % interval of mu.", valueName: "e"))
    var target = 0.05

    @Option(
        parsing: .unconditional, help: ArgumentHelp("A guess: the number of events to begin with.", valueName: "mu"))
    var guess = 1.0

    @Option(parsing: .unconditional, help: ArgumentHelp("Make no more trials than about this.", valueName: "n"))
    var maxTrials = 20_000_000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Fit the tail of the background above this TS where it must be fitted.", valueName: "ts"))
    var cut = TruncatedGamma.defaultCut

    @Option(parsing: .unconditional, help: ArgumentHelp("The trials' seed (default: 1).", valueName: "s"))
    var seed: Int64?

    @Option(help: ArgumentHelp("Threads; see trialgen run.", valueName: "n"))
    var threads = ThreadCount.automatic

    @Option(help: ArgumentHelp("Keep the trials in this chunk, for trialmerge.", valueName: "chunk.h5"))
    var output: String?

    @OptionGroup var report: ReportOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let sigmas = sigma.isEmpty ? [3, 5] : sigma
        let search = try search(sigmas)
        var more = ConfigurationLayer()
        more.set(\.seed, seed, as: .seed)
        more.set(\.output, output, as: .output)
        let point = try options.onlyPoint(more)
        let prepared = try preparation.open(for: point)
        let configuration = try options.configuration(of: point, prepared: prepared)
        guard configuration.settings.poissonInjection else {
            throw Fault(
                .usage, at: .field("--no-poisson"), "the search needs numbers of events that follow Poisson's law",
                remedy: "leave it out, or use trialgen run and trialmerge sensitivity")
        }
        if let output { try RunPlan.checkOutput(output) }
        let threads = try threads.resolved()
        let session = try TrialSession(configuration, prepared, logger: logger)
        let laboratory = SearchProduction(
            runner: TrialRunner(analysis: session.analysis, threads: threads), seed: configuration.seed,
            chunk: try output.map { path in
                try ChunkFile.open(
                    path,
                    header: session.campaign.header(
                        probes: [], softwareVersion: SoftwareVersion.current, provenance: Provenance.current()))
            },
            progressStyle: report.logging.progressStyle)
        let outcome = try search.run { try laboratory.make($0) }
        try laboratory.chunk?.close()
        let summary = try SearchSummary(
            campaign: session.campaign, outcome: outcome, sigmas: sigmas, cut: cut, seed: configuration.seed)
        if !outcome.isPrecise {
            logger.warning("stopped after \(outcome.total) trials, before all errors were as small as asked for")
        }
        try StandardOutput.print(report.json ? summary.json.description : summary.text)
    }

    private func search(_ sigmas: [Double]) throws(Fault) -> SensitivitySearch {
        for sigma in sigmas where !(sigma > 0 && sigma <= 37) {
            throw Fault(
                .usage, at: .field("--sigma"), "\(NumberFormat.plain(sigma)) is no significance to be discovered at",
                remedy: "give a number above 0 and up to 37, such as 5")
        }
        guard target > 0, target < 1 else {
            throw Fault(
                .usage, at: .field("--target"), "\(NumberFormat.plain(target)) is no relative error",
                remedy: "give a number between 0 and 1, such as 0.05")
        }
        guard guess > 0, guess <= 1e6 else {
            throw Fault(
                .usage, at: .field("--guess"), "\(NumberFormat.plain(guess)) is no number of events to begin with",
                remedy: "give a number above 0")
        }
        guard maxTrials >= 1, maxTrials <= 1_000_000_000 else {
            throw Fault(
                .usage, at: .field("--max-trials"), "\(maxTrials) is no number of trials that fits in memory",
                remedy: "give a number from 1 to 1000000000")
        }
        guard cut > 0, cut.isFinite else {
            throw Fault(
                .usage, at: .field("--cut"), "\(NumberFormat.plain(cut)) is no TS to fit a tail above",
                remedy: "give a number above 0, such as 3")
        }
        return SensitivitySearch(
            criteria: [.sensitivity] + sigmas.map { .discovery(sigma: $0) }, relativeError: target, start: guess,
            maximumTrials: maxTrials, cut: cut)
    }
}
