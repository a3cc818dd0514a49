import CGSL

/// The χ² distribution.
public enum ChiSquare {
    /// The probability of a larger value, for degrees of freedom > 0.
    public static func survival(_ value: Double, freedom: Double) -> Double {
        SpecialFunctions.upperGamma(shape: 0.5 * freedom, 0.5 * value)
    }

    /// The value below which `probability` lies, for degrees of freedom > 0; NaN for a probability outside [0, 1).
    public static func quantile(_ probability: Double, freedom: Double) -> Double {
        guard probability >= 0, probability < 1, freedom > 0 else { return .nan }
        return gsl_cdf_chisq_Pinv(probability, freedom)
    }
}
