import ArgumentParser
import Console
import Diagnostics
import Inference

/// What sensitivity and discovery potential have in common: options, and the way from files to a printed number.
struct SignalOptions: ParsableArguments {
    @OptionGroup var statistics: StatisticsOptions

    @Option(help: "How mu is found between the simulated ones: monotone (assumes least) or probit (a smooth curve).")
    var interpolation = DetectionProbability.Interpolation.monotone
}

extension DetectionProbability.Interpolation: ExpressibleByArgument {}

extension SignalOptions {
    /// Finds the signal that meets a criterion, and prints it.
    ///
    /// - Parameter title: of the quantity, such as "sensitivity".
    /// - Throws: `Fault` of kind `badData` where the trials do not suffice, saying which are missing.
    func run(_ criterion: DetectableSignal.Criterion, title: String, command: String) throws {
        let logger = try statistics.reporting.logging.makeLogger(label: "trialmerge")
        try statistics.check()
        guard criterion.power > 0, criterion.power < 1 else {
            throw Fault(
                .usage, at: .field("--power"), "\(NumberFormat.plain(criterion.power)) is no share of trials",
                remedy: "give a number between 0 and 1, such as 0.9")
        }
        let inputs = try TrialInputs(statistics.files, command: command)
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let (campaign, background, signal) = (try inputs.campaign(), try inputs.background(), try inputs.signal())
        let detectable = try inputs.locatingFaults {
            try DetectableSignal.find(
                criterion, background: background, signal: signal, interpolation: interpolation, cut: statistics.cut)
        }
        let threshold = detectable.threshold.value
        let summary = DetectableSignalSummary(
            title: title, campaign: campaign, signal: detectable, backgroundTrials: background.count,
            hypotheses: signal.map { $0.hypothesis(above: threshold) },
            noSignal: try DetectionProbability.Hypothesis(
                mu: 0, detected: background.count(above: threshold), trials: background.count))
        for warning in summary.warnings { logger.warning("\(warning)") }
        try StandardOutput.print(statistics.reporting.json ? summary.json.description : summary.text)
    }
}
