/// Whether fits and significances mean what they say.
public struct Calibration: Sendable, Equatable {
    /// Fitted against injected numbers, by increasing mu; that of the background (mu = 0) among them.
    public let biases: [FitBias]
    /// Where trials hold ln Λ at the signal that was injected, by increasing mu.
    public let coverages: [ContourCoverage]
    /// What one half of the background says of the other; nil without two background trials.
    public let uniformity: PValueUniformity?

    /// All that is known of one campaign.
    public init(biases: [FitBias], coverages: [ContourCoverage], uniformity: PValueUniformity?) {
        self.biases = biases
        self.coverages = coverages
        self.uniformity = uniformity
    }
}
