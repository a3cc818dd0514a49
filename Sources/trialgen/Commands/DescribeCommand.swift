import ArgumentParser
import Console
import Diagnostics
import Logging
import Results
import Settings

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe", abstract: "List the datasets: events, livetime, and share of the expected signal.",
        discussion: """
            Of a list of sources (--sources, or the key sources) it prints the datasets once, and a row for each source: \
            events in the box, flux per event, shares of the datasets; of a catalogue or stack also the share of the source \
            in all events. Of a campaign with several gammas or energy ranges it prints a block for each point.

            Example: trialgen describe --ra 40.67 --dec -0.01 --phi0 1e-14 --expected
            """)

    @OptionGroup var options: AnalysisOptions

    @Flag(help: "Also show the expected signal events of --phi0 in bins of reconstructed energy.")
    var expected = false

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let points = try options.points()
        let configurations = try points.map { try $0.configuration() }
        guard !expected || configurations[0].phi0 != nil else {
            throw Fault(
                .usage, at: .field("--expected"), "needs a flux",
                remedy: "give --phi0, or flux.phi0 in the configuration")
        }
        let describer = Describer(releases: options.releaseReader, listsEnergies: expected, logger: logger)
        let summary: any CommandResult =
            if points.count == 1 {
                try describer.summary(of: configurations[0])
            } else if try options.layer().fitsEachSource, configurations[0].search == .source {
                try describer.list(of: configurations)
            } else {
                try PointDescriptionsSummary(
                    zip(points, configurations).map { point, configuration in
                        (PointDescription(point.number, configuration), try describer.summary(of: configuration))
                    })
            }
        try summary.print(report, logger)
    }
}
