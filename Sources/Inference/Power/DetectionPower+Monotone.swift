import CGSL

extension DetectionPower {
    /// A point of the monotone estimate.
    public struct MonotonePoint: Sendable, Equatable {
        public let mu: Double
        public let probability: Double
        /// Standard deviation of the probability, from all trials of its block; never 0.
        public let deviation: Double
    }

    /// The non-decreasing probabilities of maximum likelihood at each mu: neighbours that would decrease are pooled.
    ///
    /// Reference: M. Ayer et al., Ann. Math. Stat. 26 (1955) 641.
    public var monotone: [MonotonePoint] {
        zip(points, Self.pooled(points.map(\.proportion))).map {
            MonotonePoint(mu: $0.mu, probability: $1.estimate, deviation: $1.standardDeviation)
        }
    }

    /// The monotone estimate, for linear interpolation of its probit.
    ///
    /// The probit is used because √TS grows about linearly with mu: a straight line in the probability lies below the
    /// curve near 90 %, which overestimated a sensitivity of 2.56 by 0.1 with mu one event apart.
    var monotoneLines: PowerCurve {
        let vertices = zip(points, Self.pooled(points.map(\.proportion))).map { point, proportion in
            // A probability of 0 or 1 is replaced by that of half a trial more or less.
            let isExtreme = proportion.successes == 0 || proportion.successes == proportion.tries
            let probit = gsl_cdf_ugaussian_Pinv(isExtreme ? proportion.jeffreysEstimate : proportion.estimate)
            return PowerCurve.Vertex(
                mu: point.mu, height: probit,
                deviation: proportion.standardDeviation / gsl_ran_ugaussian_pdf(probit))
        }
        return PowerCurve(points: vertices, scale: .probit)
    }

    /// The monotone estimate at and between the simulated mu, linear in the probit, as
    /// ``mu(atPower:by:confidence:)`` interpolates it.
    ///
    /// - Parameter count: the number of parts into which the distance between neighbouring mu is divided.
    /// - Returns: pairs by increasing mu.
    public func monotoneCurve(parts count: Int = 20) -> [(mu: Double, probability: Double)] {
        let vertices = monotoneLines.points
        let parts = max(1, count)
        var curve: [(mu: Double, probability: Double)] = []
        for (left, right) in zip(vertices, vertices.dropFirst()) {
            for part in 0..<parts {
                let weight = Double(part) / Double(parts)
                let probit = left.height + weight * (right.height - left.height)
                curve.append((left.mu + weight * (right.mu - left.mu), gsl_cdf_ugaussian_P(probit)))
            }
        }
        if let last = vertices.last { curve.append((last.mu, gsl_cdf_ugaussian_P(last.height))) }
        return curve
    }

    /// The counted fractions, for linear interpolation.
    var straightLines: PowerCurve {
        let vertices = points.map {
            PowerCurve.Vertex(
                mu: $0.mu, height: $0.proportion.estimate, deviation: $0.proportion.standardDeviation)
        }
        return PowerCurve(points: vertices, scale: .probability)
    }

    /// The mu where a curve crosses `power`, and the interval between the crossings of the curve shifted by its
    /// standard deviations.
    func crossing(_ curve: PowerCurve, power: Double, deviations: Double) throws -> Estimate {
        let proportions = curve.scale == .probit ? monotone.map(\.probability) : points.map(\.proportion.estimate)
        guard let first = proportions.first, let last = proportions.max() else { throw notReached(power) }
        if last < power { throw notReached(power) }
        if first > power { throw exceeded(power) }
        return curve.crossing(power: power, deviations: deviations)
    }

    /// Proportions that do not decrease: neighbours that do are summed, and the sum replaces each of them.
    ///
    /// - Parameter joiningEqual: whether equal neighbours are summed too; the proportions are the same.
    static func pooled(_ proportions: [BinomialProportion], joiningEqual: Bool = false) -> [BinomialProportion] {
        var blocks: [(members: Int, proportion: BinomialProportion)] = []
        for proportion in proportions {
            blocks.append((1, proportion))
            while blocks.count > 1 {
                let (before, last) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
                let isEqual = before.proportion.estimate == last.proportion.estimate
                guard before.proportion.estimate > last.proportion.estimate || (joiningEqual && isEqual) else { break }
                blocks.removeLast(2)
                blocks.append((before.members + last.members, before.proportion + last.proportion))
            }
        }
        return blocks.flatMap { Array(repeating: $0.proportion, count: $0.members) }
    }
}
