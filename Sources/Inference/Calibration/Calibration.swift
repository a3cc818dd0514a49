/// Tests whether fits are unbiased, contours have the right coverage and p-values are uniform.
public struct Calibration: Sendable, Equatable {
    /// Fitted and injected numbers, by increasing mu, including the background (mu = 0).
    public let biases: [FitBias]
    /// For trials with ln Λ at the injected signal, by increasing mu.
    public let coverages: [ContourCoverage]
    /// The p-values of one half of the background by the other; nil without two background trials.
    public let uniformity: PValueUniformity?

    /// The calibration of one campaign.
    public init(biases: [FitBias], coverages: [ContourCoverage], uniformity: PValueUniformity?) {
        self.biases = biases
        self.coverages = coverages
        self.uniformity = uniformity
    }
}
