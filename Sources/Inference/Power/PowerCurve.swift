import CGSL
import Numerics

/// The detection power as a function of mu, as straight lines between points with errors.
struct PowerCurve {
    /// The vertical scale in which the lines are straight.
    enum Scale {
        case probability
        /// Φ⁻¹ of the probability.
        case probit
    }

    /// By increasing mu.
    let points: [Vertex]
    let scale: Scale

    struct Vertex: Equatable {
        let mu: Double
        /// The probability or its probit.
        let height: Double
        /// Standard deviation of the height; points are independent unless they belong to one pooled block.
        let deviation: Double
    }

    /// The mu where the curve crosses `power`, with the crossings of the curve raised or lowered by `deviations` of its
    /// standard deviations as ends. The power lies between the heights of the first and the highest point.
    func crossing(power: Double, deviations: Double) -> DetectionPower.Estimate {
        let level = scale == .probit ? gsl_cdf_ugaussian_Pinv(power) : power
        let rising = crossing(level, shift: 0, last: false) ?? points[0].mu
        let falling = crossing(level, shift: 0, last: true) ?? points[points.count - 1].mu
        // On a plateau at exactly the power, or if the counts fluctuate, several mu are equally good: use their middle.
        let mu = 0.5 * (rising + falling)
        let low = crossing(level, shift: deviations, last: false) ?? 0
        let high = crossing(level, shift: -deviations, last: true)
        return DetectionPower.Estimate(mu: mu, low: min(low, mu), high: high.map { max($0, mu) })
    }

    /// The mu where height + shift · deviation reaches the level from below: the first one, or (`last`) the end of the
    /// last part that is not above the level. Nil if the curve does not cross the level, or starts above it.
    private func crossing(_ level: Double, shift: Double, last: Bool) -> Double? {
        let isBelow: (Double) -> Bool = last ? { $0 <= level } : { $0 < level }
        guard isBelow(value(0, shift)) else { return nil }
        let segments = Array(0..<(points.count - 1))
        for index in last ? segments.reversed() : segments
        where isBelow(value(index, shift)) && !isBelow(value(index + 1, shift)) {
            let weight = bisect(from: 0, to: 1, width: { _ in 0x1p-60 }) { isBelow(value(index, shift, weight: $0)) }
            return points[index].mu + weight * (points[index + 1].mu - points[index].mu)
        }
        return nil
    }

    /// The shifted height between a point (weight 0) and the next (weight 1).
    private func value(_ index: Int, _ shift: Double, weight: Double = 0) -> Double {
        let left = points[index]
        guard weight > 0 else { return left.height + shift * left.deviation }
        let right = points[index + 1]
        // Points of one block share their trials, so their deviation does not average down between them.
        let isBlock = scale == .probit && left.height == right.height && left.deviation == right.deviation
        let (leftPart, rightPart) = ((1 - weight) * left.deviation, weight * right.deviation)
        let deviation = isBlock ? left.deviation : (leftPart * leftPart + rightPart * rightPart).squareRoot()
        return left.height + weight * (right.height - left.height) + shift * deviation
    }
}
