import ArgumentParser
import Console
import Diagnostics
import PointSource
import Results
import Settings

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Evaluate ln Lambda of the data on a grid of n_s and gamma.",
        discussion: """
            With a fitted table, the second parameter is its peak: --peak-values instead of --gamma-values.

            Example: trialgen scan --ra 40.67 --dec -0.01 --ns-values 10,20 --gamma-values 2,3
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Numbers of signal events, separated by commas.", valueName: "A,B,…"))
    var nsValues: String

    @Option(parsing: .unconditional, help: ArgumentHelp("Spectral indices, separated by commas.", valueName: "A,B,…"))
    var gammaValues: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Peaks of the fitted table in lg(E/GeV), separated by commas.", valueName: "A,B,…"))
    var peakValues: String?

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let configuration = try options.resolve()
        let points = try points(in: configuration)
        let setup = try AnalysisSetup(configuration, options.releaseReader, logger: logger)
        let values = try setup.analysis.logLambda(of: setup.data, at: points)

        let result = ScanResult(points, logLambda: values, campaign: setup.campaign)
        let object = JSONValue.object(result.members + setup.campaign.originMembers)
        try StandardOutput.print(report.json ? object.description : configuration.title + result.text)
    }

    /// All pairs of n_s and θ, grouped by n_s.
    private func points(in configuration: Configuration) throws(Fault) -> [Probe] {
        let ns = try parseNumbers(nsValues, option: "--ns-values")
        let bounds = configuration.settings.parameter
        let (option, other) = ("--\(bounds.label)-values", bounds.label == "gamma" ? "--peak-values" : "--gamma-values")
        let (given, stray) = bounds.label == "gamma" ? (gammaValues, peakValues) : (peakValues, gammaValues)
        guard stray == nil else {
            throw Fault(
                .usage, at: .field(other), "has no effect: the fit has the parameters ns and \(bounds.label)",
                remedy: "give \(option)")
        }
        guard let given else {
            throw Fault(
                .usage, at: .field(option), "the values are not given", remedy: "give numbers separated by commas")
        }
        let values = try parseNumbers(given, option: option)
        if let outside = ns.first(where: { !Configuration.signalEventsRange.contains($0) }) {
            throw Fault(
                .usage, at: .field("--ns-values"),
                "\(NumberFormat.plain(outside)) is not a valid number of signal events",
                remedy: "give numbers from 0 to \(NumberFormat.plain(Configuration.signalEventsRange.upperBound))")
        }
        if let outside = values.first(where: { $0 < bounds.minimum || $0 > bounds.maximum }) {
            throw Fault(
                .usage, at: .field(option),
                "\(NumberFormat.plain(outside)) is outside the fit's range \(NumberFormat.plain(bounds.minimum)) to "
                    + NumberFormat.plain(bounds.maximum),
                remedy: "choose other values, or widen the range with --\(bounds.label)-min and --\(bounds.label)-max")
        }
        return ns.flatMap { n in values.map { Probe(signalEvents: n, gamma: $0) } }
    }
}
