import ArgumentParser
import Console
import Diagnostics
import Inference

/// `trialmerge discovery merged.h5 [--sigma 5]`.
struct DiscoveryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discovery",
        abstract: "Finds the signal that exceeds a significance in half of the trials, as events and flux.",
        discussion: """
            The file must hold background trials (mu = 0) enough to count the threshold or to fit the tail, and trials \
            at several mu whose detection probabilities enclose the power asked for; otherwise the command ends with \
            exit code 65 and says which trials are missing. Intervals hold the binomial errors of the trials \
            and the error of the threshold, which for a fitted one is that of the fit alone.
            """)

    @OptionGroup var options: SignalOptions

    @Option(parsing: .unconditional, help: "The one-sided significance that must be exceeded.")
    var sigma = 5.0

    @Option(parsing: .unconditional, help: "The share of signal trials that must exceed it.")
    var power = DetectableSignal.Criterion.discovery().power

    func run() throws {
        try Self.check(sigma: sigma)
        try options.run(
            DetectableSignal.Criterion(sigma: sigma, power: power),
            title: "\(NumberFormat.plain(sigma))σ discovery", command: "discovery")
    }

    /// - Throws: `Fault` (usage) for a significance that none can be discovered at.
    static func check(sigma: Double) throws(Fault) {
        // Beyond 37 sigma the tail is no longer a normal number.
        guard sigma > 0, sigma <= 37 else {
            throw Fault(
                .usage, at: .field("--sigma"), "\(NumberFormat.plain(sigma)) is no significance to be discovered at",
                remedy: "give a number above 0 and up to 37, such as 5")
        }
    }
}
