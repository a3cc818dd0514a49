import ArgumentParser
import Console
import Diagnostics
import Foundation
import PointSource
import Results
import Settings

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Evaluate ln Lambda of the data on a grid of n_s and gamma.",
        discussion: """
            Without --ns-values or --gamma-values: 41 values of each, evenly spaced over the region of the 99 % \
            likelihood contour. trialmerge report --scan draws the contours and profiles of such a grid.

            With a fitted table, the second parameter is its peak: --peak-values instead of --gamma-values.

            Examples: trialgen scan --ra 40.67 --dec -0.01 --json > scan.json
            trialgen scan --ra 40.67 --dec -0.01 --ns-values 10,20 --gamma-values 2,3
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Numbers of signal events, separated by commas.", valueName: "A,B,…"))
    var nsValues: String?

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
        try configuration.checkExposureOfData()
        let given = try given(in: configuration)
        let setup = try AnalysisSetup(configuration, options.releaseReader, allowsStack: true, logger: logger)
        let points = try points(given, setup)
        let values = try setup.analysis.logLambda(of: setup.data, at: points)

        let result = ScanResult(points, logLambda: values, campaign: setup.campaign)
        let object = JSONValue.object(result.members + setup.campaign.originMembers)
        try StandardOutput.print(report.json ? object.description : setup.campaign.title + result.text)
    }

    /// The confidence of the contour whose region is covered without given values.
    private static let confidence = 0.99
    /// The number of values of n_s and θ without given ones.
    private static let count = 41

    /// All pairs of n_s and θ, grouped by n_s.
    private func points(_ given: (ns: [Double]?, values: [Double]?), _ setup: AnalysisSetup) throws -> [Probe] {
        var (ns, values) = (given.ns ?? [], given.values ?? [])
        if given.ns == nil || given.values == nil {
            let analysis = setup.analysis
            let fit = try analysis.fitData(setup.data)
            // Half of the quantile of χ² with two degrees of freedom: these profile intervals enclose the contour.
            let intervals = try analysis.intervals(of: setup.data, about: fit, drop: -log(1 - Self.confidence))
            if given.ns == nil { ns = Self.spread(over: intervals.signalEvents) }
            let parameter = analysis.settings.parameter
            if given.values == nil {
                values = parameter.isFixed ? [parameter.start] : Self.spread(over: intervals.gamma)
            }
        }
        return ns.flatMap { n in values.map { Probe(signalEvents: n, gamma: $0) } }
    }

    /// Evenly spaced values, ends included.
    private static func spread(over range: ClosedRange<Double>) -> [Double] {
        let last = Double(count - 1)
        return (0..<count).map { index in
            let share = Double(index) / last
            return min(range.upperBound, range.lowerBound * (1 - share) + range.upperBound * share)
        }
    }

    /// The given values; nil for those that the data determine.
    private func given(in configuration: Configuration) throws(Fault) -> (ns: [Double]?, values: [Double]?) {
        let ns = try nsValues.map { text throws(Fault) in try parseNumbers(text, option: "--ns-values") }
        let bounds = configuration.settings.parameter
        let (option, other) = ("--\(bounds.label)-values", bounds.label == "gamma" ? "--peak-values" : "--gamma-values")
        let (text, stray) = bounds.label == "gamma" ? (gammaValues, peakValues) : (peakValues, gammaValues)
        guard stray == nil else {
            throw Fault(
                .usage, at: .field(other), "has no effect: the fit has the parameters ns and \(bounds.label)",
                remedy: "give \(option)")
        }
        let values = try text.map { text throws(Fault) in try parseNumbers(text, option: option) }
        if let outside = ns?.first(where: { !Configuration.signalEventsRange.contains($0) }) {
            throw Fault(
                .usage, at: .field("--ns-values"),
                "\(NumberFormat.plain(outside)) is not a valid number of signal events",
                remedy: "give numbers from 0 to \(NumberFormat.plain(Configuration.signalEventsRange.upperBound))")
        }
        if let outside = values?.first(where: { $0 < bounds.minimum || $0 > bounds.maximum }) {
            throw Fault(
                .usage, at: .field(option),
                "\(NumberFormat.plain(outside)) is outside the fit's range \(NumberFormat.plain(bounds.minimum)) to "
                    + NumberFormat.plain(bounds.maximum),
                remedy: "choose other values, or widen the range with --\(bounds.label)-min and --\(bounds.label)-max")
        }
        return (ns, values)
    }
}
