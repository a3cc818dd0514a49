import ArgumentParser
import Inference
import Results

/// `trialmerge sensitivity merged.h5`.
struct SensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract: "Find the signal that exceeds the background's median TS in 90 % of trials, as events and flux.",
        discussion: """
            The file must contain background trials (mu = 0), and trials at several mu whose detection probabilities \
            enclose --power. If trials are missing, the command names them and exits with code 65. Intervals include \
            the binomial errors of the trials and the error of the threshold.

            Example: trialmerge sensitivity merged.h5 --interpolation poisson
            """)

    @OptionGroup var options: SignalOptions

    @Option(
        parsing: .unconditional, help: "Quantile of the background's TS that must be exceeded; 0.5 is the median.",
        transform: decimal)
    var quantile = 1 - DetectableSignal.Criterion.sensitivity.tailProbability

    @Option(parsing: .unconditional, help: "Share of signal trials that must exceed it.")
    var power = DetectableSignal.Criterion.sensitivity.power

    func run() throws {
        try checkShare(quantile, "--quantile", "quantile", example: "0.5")
        let criterion = DetectableSignal.Criterion(tailProbability: 1 - quantile, power: power)
        try options.run(command: "sensitivity", power: power) { campaign, trials, settings in
            try DetectableSignalSummary(criterion, title: "sensitivity", campaign: campaign, trials: trials, settings)
        }
    }
}
