import ArgumentParser
import Console
import Inference
import TrialStore

/// `trialmerge bias merged.h5`.
struct BiasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bias",
        abstract: "Compares fitted with injected signals, contours with the truth, and p-values with fresh background.",
        discussion: """
            Bias: the median of the fitted n_s and gamma with the band that holds 68.27 % of the trials, for each mu; \
            gamma is that of trials with n_s > 0. Coverage: how often the likelihood contour in (n_s, gamma) holds the \
            injected signal, by the χ² law with two degrees of freedom; it needs trials that were made with a probe \
            there, as in trialgen run --probe MU:GAMMA. P-values: thresholds of one half of the background trials \
            against the other half. No more than 1,000,000 trials of each mu are looked at, and 10,000,000 for p-values.
            """)

    @OptionGroup var options: StatisticsOptions

    func run() throws {
        let logger = try options.reporting.logging.makeLogger(label: "trialmerge")
        try options.check()
        let inputs = try TrialInputs(
            options.files, command: "bias", exactAt: [options.cut],
            progress: options.reporting.logging.progressStyle)
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let campaign = try inputs.campaign()
        let summary = CalibrationSummary(
            campaign: campaign, calibration: try inputs.calibration(of: campaign, cut: options.cut))
        try StandardOutput.print(options.reporting.json ? summary.json.description : summary.text)
    }
}
