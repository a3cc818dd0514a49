import ArgumentParser
import Console
import Diagnostics
import Inference

/// `trialmerge suggest merged.h5 --target 0.05`.
struct SuggestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suggest",
        abstract: "Names the trials that would bring sensitivity and discovery potential to a wanted precision.",
        discussion: """
            Prints the key trials of a campaign, ready to paste: counts are totals, with what is there included, so \
            that trialgen run makes what is missing. Where the trials at hand do not give an answer yet, the list \
            holds what leads to one; ask again with those.
            """)

    @OptionGroup var statistics: StatisticsOptions

    @Option(parsing: .unconditional, help: "The relative error of mu: half the width of its 68 % interval.")
    var target = 0.05

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Significances of discovery potentials (default: 5).", valueName: "sigma"))
    var sigma: [Double] = []

    @Flag(help: "Leave the sensitivity out.")
    var noSensitivity = false

    @Option(help: "How mu is found between the simulated ones; see trialmerge sensitivity.")
    var interpolation = DetectionPower.Interpolation.monotone

    func run() throws {
        let logger = try statistics.reporting.logging.makeLogger(label: "trialmerge")
        try statistics.check()
        try SignalOptions.checkShare(target, "--target", "relative error", example: "0.05")
        let sigmas = sigma.isEmpty ? [5] : sigma
        for sigma in sigmas { try DiscoveryCommand.check(sigma: sigma) }
        let inputs = try TrialInputs(statistics.files, command: "suggest")
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let trials = try inputs.searchTrials()
        let suggestion = try inputs.locatingFaults {
            try TrialSuggestion.find(
                for: (noSensitivity ? [] : [.sensitivity]) + sigmas.map { .discovery(sigma: $0) },
                relativeError: target, from: trials, interpolation: interpolation, cut: statistics.cut)
        }
        for reason in suggestion.reasons { logger.notice("not yet to be judged: \(reason)") }
        try StandardOutput.print(statistics.reporting.json ? json(suggestion).description : text(suggestion, sigmas))
    }

    private func text(_ suggestion: TrialSuggestion, _ sigmas: [Double]) -> String {
        let names = (noSensitivity ? [] : ["sensitivity"]) + sigmas.map { "\(NumberFormat.plain($0)) sigma discovery" }
        let aim = "\(names.joined(separator: ", ")) to \(NumberFormat.plain((1e4 * target).rounded() / 100)) %"
        let heading = suggestion.reasons.isEmpty ? "# for \(aim)" : "# a step towards \(aim)"
        let lines = suggestion.orders.map { "  - {mu: \(NumberFormat.plain($0.mu)), count: \($0.count)}" }
        return ([heading, "trials:"] + lines).joined(separator: "\n")
    }

    private func json(_ suggestion: TrialSuggestion) -> JSONValue {
        [
            "target": .number(target),
            "complete": .bool(suggestion.reasons.isEmpty),
            "reasons": .array(suggestion.reasons.map { .string($0) }),
            "trials": .array(suggestion.orders.map { ["mu": .number($0.mu), "count": .integer($0.count)] }),
        ]
    }
}
