import ArgumentParser
import Diagnostics
import Results

/// `trialmerge bias merged.h5`.
struct BiasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bias",
        abstract: "Test the fits: bias of n_s and gamma, coverage of contours, uniformity of p-values.",
        discussion: """
            Bias: the median of the fitted n_s and gamma and the band that contains 68.27 % of the trials, for each \
            mu; gamma only for trials with n_s > 0. Coverage: the fraction of trials whose likelihood contour in (n_s, \
            gamma), by the χ² distribution with two degrees of freedom, contains the injected signal; it needs trials \
            made with a probe there, as in trialgen run --probe MU:GAMMA. P-values: thresholds from one half of the \
            background trials are compared with the other half. At most 1,000,000 trials of each mu are used, and \
            10,000,000 for p-values.

            Example: trialmerge bias merged.h5
            """)

    @OptionGroup var trials: TrialOptions

    @OptionGroup(title: "Statistics") var tail: CutOption

    func run() throws {
        let logger = try trials.makeLogger()
        let cut = try tail.validCut()
        let inputs = try TrialInputs(trials, command: "bias", exactAt: [cut])
        let campaign = try inputs.campaign()
        guard !campaign.configuration.search.fitsManyPlaces else {
            throw Fault(
                .usage, at: .file(inputs.name),
                "the fits of these trials are those of the hottest of several sources, which need not be the one with "
                    + "the injected signal, so that their bias has no meaning",
                remedy: "test the fits of each source with trials of search: source")
        }
        try CalibrationSummary(campaign: campaign, calibration: try inputs.calibration(of: campaign, cut: cut))
            .print(trials.reporting, logger, inputWarnings: inputs.warnings)
    }
}
