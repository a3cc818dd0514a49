import ArgumentParser
import Console
import Diagnostics
import Files
import Inference
import PointSource
import Results
import Settings
import TrialMaking
import TrialStore

struct SensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract: "Find sensitivity and discovery potential of one source, and make the trials needed.",
        discussion: """
            The thresholds come from background trials. Trials with signal are made near the answers until each answer \
            is as precise as --target. Without --sigma: 3 and 5 sigma. Thresholds above 3 sigma come from \
            weighted trials, as in trialmerge background. --output saves the trials. The same seed gives \
            the same numbers, regardless of the number of threads.

            Example: trialgen sensitivity --ra 40.67 --dec -0.01 --sigma 3
            """)

    @OptionGroup var options: AnalysisOptions

    @OptionGroup(title: "Input") var preparation: PreparedOption

    @OptionGroup(title: "Statistics") var discovery: SigmaOption

    @OptionGroup(title: "Statistics") var confidence: ConfidenceOption

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Relative error to reach: half the width of the 68 % interval of mu.", valueName: "e"),
        transform: decimal)
    var target = 0.05

    @Option(
        parsing: .unconditional, help: ArgumentHelp("First mean number of events to try.", valueName: "mu"),
        transform: decimal)
    var guess = 1.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Maximum number of trials to make.", valueName: "n"),
        transform: wholeNumber)
    var maxTrials = 20_000_000

    @OptionGroup(title: "Statistics") var tail: CutOption

    @Option(parsing: .unconditional, help: .setting(\.seed, "s"), transform: wholeNumber)
    var seed: Int64?

    @Option(
        help: ArgumentHelp("Threads (default: auto); see trialgen run.", valueName: "n"),
        transform: ThreadCount.init(argument:))
    var threads = ThreadCount.automatic

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Save the trials in this chunk, for trialmerge.", valueName: "chunk.h5"), completion: .file()
    )
    var output: String?

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let sigmas = try discovery.values(default: [3, 5])
        if let file = discovery.files.first {
            throw Fault(
                .usage, at: .field("--sigma"), "\"\(file)\" is not a valid significance",
                remedy: "give numbers such as 3")
        }
        let settings = SearchSettings(
            interpolation: .poisson, cut: try tail.validCut(), confidence: try confidence.validConfidence())
        let search = try search(sigmas, cut: settings.cut)
        var more = ConfigurationLayer()
        more.set(\.seed, seed)
        more.set(\.output, output)
        let point = try options.onlyPoint(more)
        let prepared = try preparation.open(for: point)
        let configuration = try options.configuration(of: point, prepared: prepared)
        let largest = configuration.settings.signalEvents.maximum
        guard guess <= largest else {
            throw Fault(
                .usage, at: .field("--guess"),
                "\(NumberFormat.plain(guess)) exceeds the largest number of signal events in the fit, "
                    + NumberFormat.plain(largest),
                remedy: "give a smaller number, or a larger --ns-max")
        }
        guard configuration.settings.poissonInjection else {
            throw Fault(
                .usage, at: .field("--no-poisson"), "the search needs Poisson-distributed numbers of events",
                remedy: "leave it out, or use trialgen run and trialmerge sensitivity")
        }
        try configuration.checkHasOneFit(allowsStack: true)
        guard configuration.settings.nullSignal == 0 else {
            throw Fault(
                .usage, at: .field(SettingTable.standard.nullSignal.key.flag),
                "the search compares with background, and the null hypothesis has "
                    + "\(NumberFormat.plain(configuration.settings.nullSignal)) signal events",
                remedy: "leave it out, or use trialgen run and trialmerge background")
        }
        if let output { try OutputFolder.check(output) }
        let threads = try threads.resolved()
        let setup = try TrialSetup(configuration, prepared, options.releaseReader, logger: logger)
        let weightedTail = Self.weightedTail(for: sigmas)
        let runner = try setup.runner(
            threads: threads,
            making: weightedTail.map { [Hypothesis(tail: $0, seed: configuration.seed)] } ?? [])
        let searchRunner = SearchRunner(
            runner: runner, seed: configuration.seed,
            chunk: try output.map { path in
                try ChunkFile.open(
                    path,
                    header: setup.campaign.header(
                        probes: [], softwareVersion: SoftwareVersion.current, provenance: Provenance.current(),
                        mixture: runner.mixture))
            },
            progressStyle: report.logging.progressStyle)
        let outcome: SensitivitySearch.Outcome
        do {
            outcome = try search.run(searchRunner.make, makeWeighted: searchRunner.makeWeighted)
        } catch let fault as Fault where fault.kind == .badData {
            // The trials are valid although they give no answer.
            try searchRunner.chunk?.close()
            throw fault
        }
        try searchRunner.chunk?.close()
        let summary = try SearchSummary(
            campaign: setup.campaign, outcome: outcome, sigmas: sigmas, settings, seed: configuration.seed)
        try summary.print(report, logger)
    }

    /// The tail of the weighted trials for these thresholds; nil if ordinary trials are better. One tail serves all
    /// thresholds up to 7 sigma, so that a chunk can be used again.
    private static func weightedTail(for sigmas: [Double]) -> Double? {
        guard let largest = sigmas.max(), largest > SensitivitySearch.leastWeightedSigma else { return nil }
        return largest <= 7 ? 7 : WeightedBackground.tailRange.upperBound
    }

    private func search(_ sigmas: [Double], cut: Double) throws(Fault) -> SensitivitySearch {
        try checkShare(target, "--target", "relative error", example: "0.05")
        guard guess > 0, guess <= 1e6 else {
            throw Fault(
                .usage, at: .field("--guess"), "\(NumberFormat.plain(guess)) is not a valid number of events",
                remedy: "give a number above 0")
        }
        guard maxTrials >= 1, maxTrials <= 1_000_000_000 else {
            throw Fault(
                .usage, at: .field("--max-trials"), "\(maxTrials) is not a valid number of trials",
                remedy: "give a number from 1 to 1000000000")
        }
        return SensitivitySearch(
            criteria: [.sensitivity] + sigmas.map { .discovery(sigma: $0) }, relativeError: target, start: guess,
            maximumTrials: maxTrials, cut: cut)
    }
}
