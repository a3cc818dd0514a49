import CGSL
import Diagnostics

extension DetectionPower {
    /// Only mu whose probit lies this close to that of the power are used in the fit: the probit is a straight line
    /// locally, not from background to certainty.
    static let probitWindow = 1.5

    /// A line through the probits, Φ⁻¹(p) = intercept + slope · mu, by maximum likelihood of the binomial counts.
    struct ProbitLine {
        var intercept: Double
        var slope: Double
        /// The covariance of the two.
        var interceptVariance: Double
        var slopeVariance: Double
        var mixed: Double
    }

    func probitMu(atPower power: Double, deviations: Double) throws -> Estimate {
        let probit = gsl_cdf_ugaussian_Pinv(power)
        let near = points.filter {
            abs(gsl_cdf_ugaussian_Pinv($0.proportion.jeffreysEstimate) - probit) <= Self.probitWindow
        }
        guard near.count >= 2 else {
            if let last = points.last, last.proportion.estimate < power, near.isEmpty { throw notReached(power) }
            throw Fault(
                .badData, "only \(near.count) values of mu have a detection probability near \(power)",
                remedy: "run trials with two or more mu near the answer")
        }
        guard let line = Self.fit(near), line.slope > 0 else {
            throw Fault(
                .badData,
                "the detection probability does not increase over the \(near.count) values of mu near \(power)",
                remedy: "run more trials, or trials with mu further apart")
        }
        let mu = (probit - line.intercept) / line.slope
        guard mu >= 0 else { throw exceeded(power) }
        // var(mu) = (var a + 2 mu cov + mu² var b) / b², Finney 1971, eq. 3.12.
        let variance =
            (line.interceptVariance + 2 * mu * line.mixed + mu * mu * line.slopeVariance) / (line.slope * line.slope)
        let error = deviations * max(0, variance).squareRoot()
        return Estimate(mu: mu, low: max(0, mu - error), high: mu + error)
    }

    /// Fisher scoring (D. J. Finney, *Probit Analysis*, 3rd ed. 1971, ch. 4); nil if it does not converge.
    static func fit(_ points: [Point]) -> ProbitLine? {
        // Started from a weighted regression of the empirical probits.
        var response = points.map { gsl_cdf_ugaussian_Pinv($0.proportion.jeffreysEstimate) }
        var predicted = response
        var line: ProbitLine?
        for _ in 0..<100 {
            var (sum, sumX, sumXX, sumY, sumXY) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for (index, point) in points.enumerated() {
                let eta = predicted[index]
                let p = gsl_cdf_ugaussian_P(eta)
                let density = gsl_ran_ugaussian_pdf(eta)
                guard p > 0, p < 1, density > 0 else { return nil }
                if line != nil { response[index] = eta + (point.proportion.estimate - p) / density }
                let weight = Double(point.proportion.tries) * density * density / (p * (1 - p))
                sum += weight
                sumX += weight * point.mu
                sumXX += weight * point.mu * point.mu
                sumY += weight * response[index]
                sumXY += weight * point.mu * response[index]
            }
            let determinant = sum * sumXX - sumX * sumX
            guard determinant > 0, determinant.isFinite else { return nil }
            let next = ProbitLine(
                intercept: (sumXX * sumY - sumX * sumXY) / determinant,
                slope: (sum * sumXY - sumX * sumY) / determinant,
                interceptVariance: sumXX / determinant, slopeVariance: sum / determinant, mixed: -sumX / determinant)
            let isDone = line.map { abs($0.slope - next.slope) <= 1e-12 * abs(next.slope) } ?? false
            line = next
            predicted = points.map { next.intercept + next.slope * $0.mu }
            if isDone { return next }
        }
        return nil
    }
}
