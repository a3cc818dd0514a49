import Diagnostics

/// The maximum of ln Λ in the box of bounds.
public struct FitResult: Sendable, Equatable {
    /// How a fit ended.
    public enum Convergence: UInt32, Sendable {
        /// The maximum was located to rounding.
        case converged = 0
        /// A search reached its limit of iterations; the best point found is reported.
        case iterationLimit = 1
        /// ln Λ is not a number, or not finite at its maximum: densities of the events or the expected signal are not
        /// finite.
        case notFinite = 2
    }

    /// ln Λ at the maximum.
    public var logLambda: Double
    /// Best-fit number of signal events n_s.
    public var signalEvents: Double
    /// Best-fit θ, the spectral index or the peak in lg(E/GeV); the fit's start value if n_s = 0, when θ is undefined.
    public var gamma: Double
    /// How often ln Λ was evaluated with its derivatives.
    public var evaluations: Int
    public var convergence: Convergence

    /// The maximum of ln Λ over γ under the null hypothesis: 0 without signal.
    public var nullLogLambda = 0.0

    /// TS = 2 sgn(n_s) ln Λ with sgn(0) = 1; if the null hypothesis contains signal, twice the difference of the two
    /// maxima (docs/model.md, section 5).
    public var testStatistic: Double {
        if nullLogLambda != 0 { return max(0, 2 * (logLambda - nullLogLambda)) }
        return signalEvents < 0 ? -2 * logLambda : 2 * logLambda
    }
}

extension FitResult {
    /// Returns the fit if it is finite.
    ///
    /// - Parameter events: the fitted events, such as "the data"; evaluated only for a fault, since trials are many.
    /// - Throws: `Fault` (bad data) if ln Λ is not finite.
    func finite(of events: @autoclosure () -> String) throws(Fault) -> FitResult {
        guard convergence != .notFinite else {
            throw Fault(
                .badData, "the likelihood of \(events()) is not finite, so there is no TS",
                remedy:
                    "check the angular errors and energies of the events, and the bounds of the fit, such as --ns-min")
        }
        return self
    }
}
