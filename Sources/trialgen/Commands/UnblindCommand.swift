import ArgumentParser
import Console
import Diagnostics
import Logging
import Results
import Settings

struct UnblindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblind", abstract: "Fit the data: TS, number of signal events, spectral index, flux.",
        discussion: """
            At the ends of an interval ln Lambda, maximised over the other parameter, is 1/2 below its maximum.

            Of a list of sources (--sources, or the key sources) every source is fitted, from one read of the release.

            Examples: trialgen unblind --ra 40.67 --dec -0.01
            trialgen unblind --sources list.csv --sort dec
            """)

    @OptionGroup var options: AnalysisOptions

    @Flag(
        help: """
            List the events within 3 degrees of the source, and others with a weight of 0.01 or more: position, energy, \
            error, distance, S/B, and the probability that the event is signal (weight).
            """)
    var events = false

    @Option(help: "The order of the sources of a list: ts (the largest first), name, ra or dec.")
    var sort: UnblindListSummary.Order?

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let layer = try options.layer()
        if layer.listsSources, options.point == nil { return try fit(layer, logger) }
        guard sort == nil else {
            throw Fault(
                .usage, at: .field("--sort"), "has no effect: there is one source",
                remedy: "leave it out, or give a list of sources")
        }
        let configuration = try options.resolve()
        try configuration.checkExposureOfData()
        let setup = try AnalysisSetup(configuration, options.releaseReader, logger: logger)
        try UnblindSummary(of: setup.analysis, setup.data, setup.campaign, listsEvents: events).print(report, logger)
    }

    /// Fits every source of a list.
    private func fit(_ layer: ConfigurationLayer, _ logger: Logger) throws {
        guard !events else {
            throw Fault(
                .usage, at: .field("--events"), "lists the events near one source, and there is a list of sources",
                remedy: "give --search source, and --point with the number of a source of the list, from 0")
        }
        let list = try SourceListFit(layer, options.releaseReader, logger: logger)
        let progress = Console.Progress(
            "unblind", unit: "sources", total: list.count, style: report.logging.progressStyle)
        try UnblindListSummary(list.rows(progress: progress), campaign: list.campaign, order: sort ?? .ts)
            .print(report, logger)
    }
}

extension UnblindListSummary.Order: ExpressibleByArgument {}
