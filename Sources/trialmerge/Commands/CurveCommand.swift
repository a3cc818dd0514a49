import ArgumentParser
import Console
import Diagnostics
import Inference

/// `trialmerge curve merged-p*.h5`.
struct CurveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curve",
        abstract: "Tabulates sensitivity and discovery potential against declination, gamma or true energy.",
        discussion: """
            The files are those of several campaigns (such as the points of one that lists sources, gammas or energy \
            ranges) that differ in source, injected gamma and range of injected energies only; the files of one are \
            put together. A campaign without background trials takes those of another one of the same source: the \
            background depends on neither gamma nor energy range. Fluxes are normalisations at E0 within the energy \
            range. E^2 Phi is quoted at the middle of the range in lg E, without a range at E0. Without options: \
            sensitivity and 5 sigma discovery potential. Where trials do not suffice there is a dash, and a warning; \
            the exit code is 65 if there is no number at all.
            """)

    @OptionGroup var statistics: StatisticsOptions

    @Flag(help: "Show the sensitivity: 90 % of trials above the background's median.")
    var sensitivity = false

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Show the discovery potential: 50 % of trials above that significance; may be given several times.",
            valueName: "sigma"))
    var discovery: [Double] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --power: show the signal that exceeds this quantile of the background.", valueName: "q"))
    var quantile: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("With --quantile: the share of signal trials that must exceed it.", valueName: "p"))
    var power: Double?

    @Option(help: "How mu is found between the simulated ones: monotone (assumes least) or probit (a smooth curve).")
    var interpolation = DetectionPower.Interpolation.monotone

    @Flag(help: "Print comma-separated values, a line for each point and quantity.")
    var csv = false

    func run() throws {
        let logger = try statistics.reporting.logging.makeLogger(label: "trialmerge")
        try statistics.check()
        guard !(csv && statistics.reporting.json) else {
            throw Fault(.usage, at: .field("--csv"), "--json is given too", remedy: "give one of them")
        }
        let quantities = try quantities()
        let inputs = try CurveInputs(statistics.files)
        let progress = Progress(
            "reading", unit: "campaigns", total: inputs.count, style: statistics.reporting.logging.progressStyle)
        let points = try inputs.points(
            quantities, interpolation: interpolation, cut: statistics.cut, progress: { progress.advance(by: 1) },
            warn: { logger.warning("\($0)") })
        progress.finish()
        let summary = CurveSummary(quantities: quantities, points: points)
        for warning in summary.warnings { logger.warning("\(warning)") }
        if csv {
            try StandardOutput.print(summary.csv)
        } else {
            try StandardOutput.print(statistics.reporting.json ? summary.json.description : summary.text)
        }
        if summary.isEmpty { throw ExitCode(Fault.Kind.badData.rawValue) }
    }

    /// What is asked for.
    private func quantities() throws(Fault) -> [CurveQuantity] {
        for sigma in discovery {
            // Beyond 37 sigma the tail is no longer a normal number.
            guard sigma > 0, sigma <= 37 else {
                throw Fault(
                    .usage, at: .field("--discovery"),
                    "\(NumberFormat.plain(sigma)) is no significance to be discovered at",
                    remedy: "give a number above 0 and up to 37, such as 5")
            }
        }
        for (value, option) in [(quantile, "--quantile"), (power, "--power")] {
            if let value, !(value > 0 && value < 1) {
                throw Fault(
                    .usage, at: .field(option), "\(NumberFormat.plain(value)) is no share of trials",
                    remedy: "give a number between 0 and 1, such as 0.9")
            }
        }
        guard (quantile == nil) == (power == nil) else {
            throw Fault(
                .usage, at: .field(quantile == nil ? "--power" : "--quantile"), "says nothing alone",
                remedy: "give --quantile and --power")
        }
        var quantities = sensitivity ? [CurveQuantity.sensitivity] : []
        quantities += discovery.map { .discovery(sigma: $0) }
        if let quantile, let power { quantities.append(.custom(quantile: quantile, power: power)) }
        return quantities.isEmpty ? [.sensitivity, .discovery(sigma: 5)] : quantities
    }
}
