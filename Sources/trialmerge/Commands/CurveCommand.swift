import ArgumentParser
import Console
import Diagnostics
import Inference
import Results

/// `trialmerge curve merged-p*.h5`.
struct CurveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "curve",
        abstract: "Tabulate sensitivity and discovery potential against declination, gamma or true energy.",
        discussion: """
            The files belong to one or several campaigns (such as the points of a campaign that lists sources, gammas \
            or energy ranges) that differ only in source, injected gamma and range of injected energies. A campaign \
            without background trials uses those of another one with the same source: the background depends on \
            neither gamma nor energy range. Fluxes are normalisations at E0 within the energy range. E^2 Phi is given \
            at the middle of the range in lg E, or at E0 without a range. Without --sensitivity, --discovery and \
            --quantile the table has the sensitivity and the 5 sigma discovery potential. A point with too few trials \
            has a dash and a warning; the exit code is 65 if no point has a number.

            Example: trialmerge curve merged-p*.h5 --discovery 3 --csv
            """)

    @OptionGroup var options: SignalOptions

    @Flag(help: "Show the sensitivity: 90 % of signal trials above the background median.")
    var sensitivity = false

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Show the discovery potential: 50 % of signal trials above these significances.",
            valueName: "sigma"), transform: SigmaOrFile.init(argument:))
    var discovery: [SigmaOrFile] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "With --power: show the signal that exceeds this quantile of the background.", valueName: "q"),
        transform: decimal)
    var quantile: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("With --quantile: share of signal trials that must exceed it.", valueName: "p"),
        transform: decimal)
    var power: Double?

    @Flag(help: "Print comma-separated values, a line for each point and quantity.")
    var csv = false

    func run() throws {
        let (trials, logger) = (options.trials, try options.trials.makeLogger())
        let settings = try options.search.settings()
        guard !(csv && trials.reporting.json) else {
            throw Fault(.usage, at: .field("--csv"), "cannot be combined with --json", remedy: "give one of them")
        }
        let quantities = try quantities()
        let inputs = try CurveInputs(trials.files + SigmaOrFile.files(discovery))
        let progress = Progress(
            "reading", unit: "campaigns", total: inputs.count, style: trials.reporting.logging.progressStyle)
        let (points, warnings) = try inputs.points(quantities, settings) { progress.advance(by: 1) }
        progress.finish()
        let summary = CurveSummary(quantities: quantities, points: points, confidence: settings.confidence)
        if csv {
            for warning in warnings + summary.warnings { logger.warning("\(warning)") }
            try StandardOutput.print(summary.csv)
        } else {
            try summary.print(trials.reporting, logger, inputWarnings: warnings)
        }
        if summary.isEmpty { throw ExitCode(Fault.Kind.badData.rawValue) }
    }

    /// The quantities to show.
    private func quantities() throws(Fault) -> [CurveQuantity] {
        let sigmas = try SigmaOrFile.sigmas(discovery, "--discovery")
        for (value, option) in [(quantile, "--quantile"), (power, "--power")] {
            if let value { try checkShare(value, option, "share of trials", example: "0.9") }
        }
        guard (quantile == nil) == (power == nil) else {
            throw Fault(
                .usage, at: .field(quantile == nil ? "--power" : "--quantile"), "has no effect on its own",
                remedy: "give --quantile and --power")
        }
        var quantities = sensitivity ? [CurveQuantity.sensitivity] : []
        quantities += sigmas.map { .discovery(sigma: $0) }
        if let quantile, let power { quantities.append(.custom(quantile: quantile, power: power)) }
        return quantities.isEmpty ? [.sensitivity, .discovery(sigma: 5)] : quantities
    }
}
