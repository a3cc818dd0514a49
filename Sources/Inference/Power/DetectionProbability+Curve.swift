import CGSL

extension DetectionProbability {
    /// The monotone estimate between and at the hypotheses, as ``mu(atPower:by:confidence:)`` interpolates it: linear in the
    /// probit.
    ///
    /// - Parameter count: into how many parts the distance between neighbouring hypotheses is divided.
    /// - Returns: pairs by increasing mu.
    public func monotoneCurve(parts count: Int = 20) -> [(mu: Double, probability: Double)] {
        let points = monotoneLines.points
        let parts = max(1, count)
        var curve: [(mu: Double, probability: Double)] = []
        for (left, right) in zip(points, points.dropFirst()) {
            for part in 0..<parts {
                let weight = Double(part) / Double(parts)
                let probit = left.height + weight * (right.height - left.height)
                curve.append((left.mu + weight * (right.mu - left.mu), gsl_cdf_ugaussian_P(probit)))
            }
        }
        if let last = points.last { curve.append((last.mu, gsl_cdf_ugaussian_P(last.height))) }
        return curve
    }
}
