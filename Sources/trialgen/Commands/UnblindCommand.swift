import ArgumentParser
import Console
import PointSource
import Results

struct UnblindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unblind", abstract: "Fit the data: TS, number of signal events, spectral index, flux.",
        discussion: """
            At the ends of an interval ln Lambda, maximised over the other parameter, is 1/2 below its maximum.

            Example: trialgen unblind --ra 40.67 --dec -0.01
            """)

    @OptionGroup var options: AnalysisOptions

    @Flag(
        help: """
            List the events within 3 degrees of the source, and others with a weight of 0.01 or more: position, energy, \
            error, distance, S/B, and the probability that the event is signal (weight).
            """)
    var events = false

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let configuration = try options.resolve()
        try configuration.checkExposureOfData()
        let setup = try AnalysisSetup(configuration, options.releaseReader, logger: logger)
        let analysis = setup.analysis
        let fit = try analysis.fitData(setup.data)
        let counts = zip(analysis.eventCounts, analysis.selectedCounts(of: setup.data))
        try UnblindSummary(
            setup.campaign, fit, flux: analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma),
            intervals: try analysis.intervals(of: setup.data, about: fit),
            datasets: zip(zip(analysis.datasetNames, analysis.livetimesDays), counts).map { ($0.0, $0.1, $1.0, $1.1) },
            events: events ? try Self.near(analysis.fittedEvents(of: setup.data, fit)) : nil
        ).print(report, logger)
    }

    /// The events that `--events` lists.
    private static func near(_ events: [FittedEvent]) -> [FittedEvent] {
        events.filter { $0.weight >= 0.01 || $0.event.openingAngle.degrees <= 3 }
    }
}
