import CGSL

extension DetectionProbability {
    /// A point of the monotone estimate.
    public struct MonotonePoint: Sendable, Equatable {
        public let mu: Double
        public let probability: Double
        /// Standard deviation of the probability, from all trials of its block; never 0.
        public let deviation: Double
        /// Φ⁻¹ of the probability, one of 0 or 1 replaced by that of half a trial more or less.
        let probit: Double
        /// Standard deviation of the probit.
        let probitDeviation: Double

        init(mu: Double, proportion: BinomialProportion) {
            self.mu = mu
            probability = proportion.estimate
            deviation = proportion.standardDeviation
            let isExtreme = proportion.successes == 0 || proportion.successes == proportion.tries
            let inside = isExtreme ? proportion.jeffreysEstimate : proportion.estimate
            probit = gsl_cdf_ugaussian_Pinv(inside)
            probitDeviation = deviation / gsl_ran_ugaussian_pdf(probit)
        }
    }

    /// The non-decreasing probabilities of largest likelihood at each hypothesis: neighbours that would decrease are
    /// pooled.
    ///
    /// Reference: M. Ayer et al., Ann. Math. Stat. 26 (1955) 641.
    public var monotone: [MonotonePoint] {
        var blocks: [(members: Int, proportion: BinomialProportion)] = []
        for hypothesis in hypotheses {
            blocks.append((1, hypothesis.proportion))
            while blocks.count > 1,
                blocks[blocks.count - 2].proportion.estimate > blocks[blocks.count - 1].proportion.estimate
            {
                let last = blocks.removeLast()
                let before = blocks.removeLast()
                let pooled = BinomialProportion(
                    unchecked: before.proportion.successes + last.proportion.successes,
                    of: before.proportion.tries + last.proportion.tries)
                blocks.append((before.members + last.members, pooled))
            }
        }
        let proportions = blocks.flatMap { Array(repeating: $0.proportion, count: $0.members) }
        return zip(hypotheses, proportions).map { MonotonePoint(mu: $0.mu, proportion: $1) }
    }

    /// The mu where the interpolation of the monotone estimate, linear in the probit, crosses `power`. The interval
    /// ends where the curve shifted by its own standard deviation does, neighbouring points being independent.
    ///
    /// In the probit because √TS grows about linearly with mu: a chord of the probability itself lies below the curve
    /// near 90 %, which with hypotheses one event apart overestimated a sensitivity of 2.56 by 0.1.
    func monotoneMu(atPower power: Double) throws -> Estimate {
        let points = monotone
        guard let first = points.first, let last = points.last else { throw notReached(power) }
        if last.probability < power { throw notReached(power) }
        if first.probability > power { throw exceeded(power) }
        let rising = Self.crossing(points, shift: 0, power: power, last: false)
        let falling = Self.crossing(points, shift: 0, power: power, last: true)
        // On a plateau at exactly the power any mu is as good as another: the middle.
        let mu = 0.5 * ((rising ?? first.mu) + (falling ?? last.mu))
        let low = Self.crossing(points, shift: 1, power: power, last: false) ?? 0
        let high = Self.crossing(points, shift: -1, power: power, last: true)
        return Estimate(mu: mu, low: min(low, mu), high: high.map { max($0, mu) })
    }

    /// Where probit + shift · deviation goes from below that of `power` to it or above: at the first such place, or
    /// (`last`) at the end of the last stretch that is not above. Nil where the curve does not cross, or starts
    /// above.
    private static func crossing(_ points: [MonotonePoint], shift: Double, power: Double, last: Bool) -> Double? {
        let level = gsl_cdf_ugaussian_Pinv(power)
        let isBelow: (Double) -> Bool = last ? { $0 <= level } : { $0 < level }
        func height(_ index: Int, _ weight: Double) -> Double {
            let (left, right) = (points[index], points[index + 1])
            // Points of one block share their trials, so that their deviation does not average down between them.
            let isBlock = left.probit == right.probit && left.probitDeviation == right.probitDeviation
            let (leftPart, rightPart) = ((1 - weight) * left.probitDeviation, weight * right.probitDeviation)
            let deviation =
                isBlock ? left.probitDeviation : (leftPart * leftPart + rightPart * rightPart).squareRoot()
            return left.probit + weight * (right.probit - left.probit) + shift * deviation
        }
        func value(_ index: Int) -> Double { points[index].probit + shift * points[index].probitDeviation }
        guard let start = points.indices.first, isBelow(value(start)) else { return nil }
        let segments = Array(0..<(points.count - 1))
        for index in last ? segments.reversed() : segments where isBelow(value(index)) && !isBelow(value(index + 1)) {
            var (low, high) = (0.0, 1.0)
            for _ in 0..<60 {
                let middle = 0.5 * (low + high)
                if isBelow(height(index, middle)) { low = middle } else { high = middle }
            }
            return points[index].mu + 0.5 * (low + high) * (points[index + 1].mu - points[index].mu)
        }
        return nil
    }
}
