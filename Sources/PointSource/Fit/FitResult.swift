/// The maximum of ln Λ in the box of bounds.
public struct FitResult: Sendable, Equatable {
    /// How a fit ended.
    public enum Convergence: UInt32, Sendable {
        /// The maximum was located to rounding.
        case converged = 0
        /// A search used up its iterations; the best point seen is reported.
        case iterationLimit = 1
    }

    /// ln Λ at the maximum.
    public var logLambda: Double
    /// Best-fit number of signal events n_s.
    public var signalEvents: Double
    /// Best-fit spectral index; the fit's starting value where n_s = 0 and γ has no meaning.
    public var gamma: Double
    /// How often ln Λ was evaluated with its derivatives.
    public var evaluations: Int
    public var convergence: Convergence

    /// TS = 2 sgn(n_s) ln Λ with sgn(0) = 1 (docs/model.md, section 5).
    public var testStatistic: Double { signalEvents < 0 ? -2 * logLambda : 2 * logLambda }
}
