import CGSL

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
}
