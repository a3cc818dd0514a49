import Numerics

/// How well a fitted tail describes the trials above its cut: the statistic of Anderson and Darling, which gives weight
/// to both ends of the tail, with a p-value by parametric bootstrap.
///
/// A² = N ∫ (F_N − F)² / (F (1 − F)) dF. Its distribution depends on the fitted parameters and hardly on N (M. A.
/// Stephens, J. Am. Stat. Assoc. 69 (1974) 730), so it is computed from fits to at most ``sampleSize`` values drawn
/// from the fit.
///
/// References: T. W. Anderson and D. A. Darling, J. Am. Stat. Assoc. 49 (1954) 765; W. Stute et al., Metrika 40 (1993)
/// 243, on the bootstrap with fitted parameters.
public struct TailGoodnessOfFit: Sendable, Equatable {
    /// A².
    public let statistic: Double
    /// The fraction of bootstrap fits with a larger A², between 1/100 and 1.
    public let pValue: Double

    /// The largest number of values in a bootstrap sample.
    static let sampleSize = 1000
    static let samples = 99
    /// Steps of F_N finer than this are combined, with F_N linear between their ends.
    private static let steps = 10_000

    /// - Parameter seed: the seed of the bootstrap; equal seeds give equal p-values.
    public init(_ fit: TruncatedGamma, to distribution: TSDistribution, seed: UInt64 = 1) {
        let observed = Self.statistic(fit, distribution)
        let size = min(fit.trialsAbove, Self.sampleSize)
        let key = Philox4x32.Key(seed: seed, stream: 0)
        var larger = 0
        for number in 0..<Self.samples {
            var random = RandomStream(key: key, trial: UInt64(number), purpose: 0)
            var sums = TailSums()
            let values = (0..<size).map { _ in
                let value = fit.sample(&random)
                sums.add(value)
                return value
            }
            let again = TruncatedGamma(sums, of: size, above: fit.cut, model: fit.model)
            if Self.statistic(again, values.sorted()) >= observed { larger += 1 }
        }
        statistic = observed
        pValue = Double(larger + 1) / Double(Self.samples + 1)
    }

    private static func statistic(_ fit: TruncatedGamma, _ distribution: TSDistribution) -> Double {
        let largest = distribution.largest.drop { $0 <= fit.cut }
        guard fit.trialsAbove > steps else { return statistic(fit, Array(largest)) }
        // (TS, number of trials between the cut and TS).
        var knots: [(ts: Double, below: Int)] = [(fit.cut, 0)]
        let between = fit.trialsAbove - largest.count
        let group = fit.trialsAbove / steps
        if between > 0, let histogram = distribution.histogram {
            var below = 0
            for bin in histogram.occupied where bin.low >= fit.cut {
                below = min(between, below + bin.count)
                if below - knots[knots.count - 1].below >= group { knots.append((bin.high, below)) }
            }
        }
        var index = 0
        while index < largest.count {
            knots.append((largest[largest.startIndex + index], between + index))
            // The steps become finer towards the end, where F (1 − F) vanishes.
            index += max(1, min(group, (largest.count - index) / 50))
        }
        return statistic(fit, knots)
    }

    /// A² of sorted values.
    private static func statistic(_ fit: TruncatedGamma, _ values: [Double]) -> Double {
        let number = Double(values.count)
        let survivals = values.map { clamped(fit.survival(above: $0)) }
        var sum = 0.0
        for index in values.indices {
            let lower = Portable.log1p(-survivals[index])
            let upper = Portable.log(survivals[values.count - 1 - index])
            sum += Double(2 * index + 1) * (lower + upper)
        }
        return -number - sum / number
    }

    /// A² with F_N linear between knots, and 1 beyond the last.
    private static func statistic(_ fit: TruncatedGamma, _ knots: [(ts: Double, below: Int)]) -> Double {
        let number = Double(fit.trialsAbove)
        var sum = 0.0
        var (lastF, lastDifference) = (0.0, 0.0)
        for knot in knots.dropFirst() {
            let f = 1 - clamped(fit.survival(above: knot.ts))
            let difference = Double(knot.below) / number - f
            let middle = 0.5 * (lastF + f)
            let square = difference * difference + difference * lastDifference + lastDifference * lastDifference
            sum += square / 3 * (f - lastF) / (middle * (1 - middle))
            (lastF, lastDifference) = (f, difference)
        }
        // ∫ (1 − F)/F dF from the last knot to 1.
        sum += -Portable.log(lastF) - (1 - lastF)
        return number * sum
    }

    private static func clamped(_ survival: Double) -> Double { min(max(survival, 1e-300), 1 - 0x1p-53) }
}
