import ArgumentParser
import Console
import Diagnostics
import Inference
import Results

/// What sensitivity, discovery potential and limits have in common.
struct SignalOptions: ParsableArguments {
    @OptionGroup var statistics: StatisticsOptions

    @Option(
        help: """
            How mu is found between the simulated ones: monotone (assumes least), linear (straight lines), probit (a \
            smooth curve) or poisson (exact, from the numbers of injected events).
            """)
    var interpolation = DetectionPower.Interpolation.monotone

    @Option(parsing: .unconditional, help: "The probability content of the quoted intervals.")
    var confidence = Significance.oneSigmaContent
}

extension DetectionPower.Interpolation: ExpressibleByArgument {}

extension SignalOptions {
    /// - Throws: `Fault` of kind `usage` for an option without meaning.
    func check() throws {
        try statistics.check()
        try Self.checkShare(confidence, "--confidence", "probability content of an interval", example: "0.95")
    }

    /// - Throws: `Fault` of kind `usage` for a number that is not between 0 and 1.
    static func checkShare(_ value: Double, _ option: String, _ what: String, example: String) throws(Fault) {
        guard value > 0, value < 1 else {
            throw Fault(
                .usage, at: .field(option), "\(NumberFormat.plain(value)) is no \(what)",
                remedy: "give a number between 0 and 1, such as \(example)")
        }
    }

    /// Finds the signal that meets a criterion, and prints it.
    ///
    /// - Parameter title: of the quantity, such as "sensitivity".
    /// - Throws: `Fault` of kind `badData` where the trials do not suffice, saying which are missing.
    func run(_ criterion: DetectableSignal.Criterion, title: String, command: String) throws {
        let logger = try statistics.reporting.logging.makeLogger(label: "trialmerge")
        try check()
        try Self.checkShare(criterion.power, "--power", "share of trials", example: "0.9")
        let inputs = try TrialInputs(statistics.files, command: command)
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let (campaign, trials) = (try inputs.campaign(), try inputs.searchTrials())
        let summary = try inputs.locatingFaults {
            try DetectableSignalSummary(
                criterion, title: title, campaign: campaign, trials: trials, interpolation: interpolation,
                cut: statistics.cut, confidence: confidence)
        }
        for warning in summary.warnings { logger.warning("\(warning)") }
        try StandardOutput.print(statistics.reporting.json ? summary.json.description : summary.text)
    }
}
