import CGSL
import Diagnostics

/// One-sided Gaussian significances: p = ∫ from z sigma to ∞ of the unit normal density.
public enum Significance {
    /// The tail probability p of a one-sided significance of `sigma` standard deviations; 5 gives 2.8665e-7.
    public static func tailProbability(sigma: Double) -> Double {
        gsl_cdf_ugaussian_Q(sigma)
    }

    /// The one-sided significance of a tail probability, in standard deviations: negative above 0.5, +∞ for 0, −∞ for
    /// 1, NaN outside [0, 1].
    public static func sigma(tailProbability: Double) -> Double {
        guard tailProbability >= 0, tailProbability <= 1 else { return .nan }
        if tailProbability == 0 { return .infinity }
        if tailProbability == 1 { return -.infinity }
        return gsl_cdf_ugaussian_Qinv(tailProbability)
    }

    /// The probability content of a central interval of ±1 standard deviation, 0.6827.
    public static let oneSigmaContent = 1 - 2 * tailProbability(sigma: 1)

    /// Half the width, in standard deviations, of the central interval of the normal distribution that contains
    /// `confidence`: 1 for ``oneSigmaContent``, 1.96 for 0.95.
    public static func deviations(confidence: Double) -> Double { sigma(tailProbability: 0.5 * (1 - confidence)) }

    /// - Throws: `Fault` of kind `usage` for a confidence outside (0, 1).
    static func check(confidence: Double) throws(Fault) {
        guard confidence > 0, confidence < 1 else {
            throw Fault(.usage, "confidence \(confidence) is outside (0, 1)", remedy: "give a number such as 0.68")
        }
    }
}
