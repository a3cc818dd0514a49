import ArgumentParser
import Inference

/// `trialmerge sensitivity merged.h5`.
struct SensitivityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sensitivity",
        abstract: "Finds the signal that exceeds the background's median TS in 90 % of trials, as events and flux.",
        discussion: """
            The file must hold background trials (mu = 0) and trials at several mu whose detection probabilities \
            enclose the power asked for; otherwise the command ends with exit code 65 and says which mu are missing. \
            Intervals hold the binomial errors of the trials and the error of the threshold.
            """)

    @OptionGroup var options: SignalOptions

    @Option(
        parsing: .unconditional, help: "The quantile of the background's TS that must be exceeded; 0.5 is the median.")
    var quantile = 1 - DetectableSignal.Criterion.sensitivity.tailProbability

    @Option(parsing: .unconditional, help: "The share of signal trials that must exceed it.")
    var power = DetectableSignal.Criterion.sensitivity.power

    func run() throws {
        try SignalOptions.checkShare(quantile, "--quantile", "quantile to be exceeded", example: "0.5")
        try options.run(
            DetectableSignal.Criterion(tailProbability: 1 - quantile, power: power), title: "sensitivity",
            command: "sensitivity")
    }
}
