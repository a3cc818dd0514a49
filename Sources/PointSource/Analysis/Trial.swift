/// One fitted pseudo-experiment.
public struct Trial: Sendable, Equatable {
    /// Number of the trial under its hypothesis, from 0.
    public let number: UInt64
    /// Signal events injected.
    public let injected: Int
    public let fit: FitResult
    /// ln Λ at the requested probe points.
    public let probes: [Double]
}

/// A point of the (n_s, θ) plane at which ln Λ of every trial is recorded.
public struct Probe: Sendable, Hashable {
    /// n_s ≥ 0.
    public let signalEvents: Double
    /// θ in the fit's range: the spectral index, or the peak of a tabulated spectrum in lg(E/GeV).
    public let gamma: Double

    public init(signalEvents: Double, gamma: Double) {
        self.signalEvents = signalEvents
        self.gamma = gamma
    }
}
