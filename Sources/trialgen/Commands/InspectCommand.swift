import ArgumentParser
import Console
import Diagnostics
import Logging
import PointSource
import Results
import Settings

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Generate one trial again and list its most signal-like events.",
        discussion: """
            Of a catalogue it shows the fits of the hottest sources and the events of the hottest one, or of --source; of a \
            stack the events with the nearest source of each.

            Examples: trialgen inspect --ra 40.67 --dec -0.01 --mu 5 --trial 3
            trialgen inspect --config catalogue.yaml --trial 3 --source "NGC 1068"
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of the trial.", valueName: "k"))
    var trial: Int64

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Mean number of injected events.", valueName: "mu"),
        transform: decimal)
    var mu: Double = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A weighted background trial, made with this --tail.", valueName: "sigma"),
        transform: decimal)
    var tail: Double?

    @Option(
        help: ArgumentHelp(
            "List the events of this source of a catalogue (default: that of the largest TS).", valueName: "name"))
    var source: String?

    @Option(parsing: .unconditional, help: .setting(\.seed, "s"), transform: wholeNumber)
    var seed: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of events to list.", valueName: "n"))
    var top = 20

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        var more = ConfigurationLayer()
        more.set(\.seed, seed)
        let configuration = try options.resolve(more)
        let order = TrialOrder(meanSignal: mu, count: 1, tail: tail)
        try order.check()
        guard trial >= 0, trial < .max else {
            throw Fault(
                .usage, at: .field("--trial"), "\(trial) is not a valid trial number",
                remedy: "give a whole number from 0")
        }
        guard top >= 0 else {
            throw Fault(
                .usage, at: .field("--top"), "\(top) is not a valid number of events",
                remedy: "give a whole number from 0")
        }
        let hypothesis = order.hypothesis(seed: configuration.seed)
        try inspect(configuration, hypothesis, logger).print(report, logger)
    }

    private func inspect(
        _ configuration: Configuration, _ hypothesis: Hypothesis, _ logger: Logger
    ) throws -> InspectedTrial {
        let number = UInt64(trial)
        if configuration.search == .catalogue {
            let index = try source.map { try configuration.sources.index(of: $0, at: "--source") }
            let setup = try CatalogueSetup(configuration, options.releaseReader, logger)
            var workspace = setup.analysis.makeWorkspace()
            let inspection = try setup.analysis.inspect(
                number, of: hypothesis, source: index, data: setup.data,
                background: try tail.map { try WeightedCatalogue(setup.analysis, tail: $0) }, workspace: &workspace)
            return InspectedTrial(inspection, setup.campaign, trial, hypothesis, top: top)
        }
        guard source == nil else {
            throw Fault(
                .usage, at: .field("--source"),
                "names a source of a catalogue, but the search is \(configuration.search.rawValue)",
                remedy: "leave it out, or give --search catalogue")
        }
        let setup = try AnalysisSetup(configuration, options.releaseReader, allowsStack: true, logger: logger)
        let analysis = setup.analysis
        var workspace = analysis.makeWorkspace()
        let inspection = try analysis.inspect(
            number, of: hypothesis, data: setup.data,
            background: try tail.map { try WeightedBackground(analysis, tail: $0) }, workspace: &workspace)
        return InspectedTrial(inspection, analysis, setup.campaign, trial, hypothesis, top: top)
    }
}
