import ArgumentParser
import Inference
import Results

/// `trialmerge discovery merged.h5 [--sigma 5]`.
struct DiscoveryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discovery",
        abstract: "Find the signal that exceeds a significance in half of the trials, as events and flux.",
        discussion: """
            The file must contain enough background trials (mu = 0) to count the threshold or to fit the tail, and \
            trials at several mu whose detection probabilities enclose --power. If trials are missing, the command \
            names them and exits with code 65. Intervals include the binomial errors of the trials and the error of \
            the threshold; for a fitted threshold this is the error of the fit alone. Without --sigma: 5 sigma.

            Example: trialmerge discovery merged.h5 --sigma 3
            """)

    @OptionGroup var options: SignalOptions

    @OptionGroup(title: "Statistics") var discovery: SigmaOption

    @Option(parsing: .unconditional, help: "Share of signal trials that must exceed it.")
    var power = DetectableSignal.Criterion.discovery().power

    func run() throws {
        let sigmas = try discovery.values(default: [5])
        try options.run(command: "discovery", power: power, more: discovery.files) { campaign, trials, settings in
            try DiscoverySummary(sigmas, power: power, campaign: campaign, trials: trials, settings)
        }
    }
}
