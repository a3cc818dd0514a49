import Diagnostics
import Numerics
import Testing

@testable import Inference

@Suite struct SpreadTests {
    @Test func quantilesAreThoseOfNumpy() {
        // numpy.percentile(a, [50, 100 norm.sf(1), 100 norm.cdf(1)])
        let spread = Spread([3, 1, 4, 1.5, 9, 2.6, 5, 3.5])
        #expect(spread.count == 8)
        #expect(spread.median == 3.25)
        #expect(abs(spread.band.lowerBound - 1.6216454552722193) < 1e-14)
        #expect(abs(spread.band.upperBound - 4.8894132224798) < 1e-13)
        // The third and the sixth of eight: P(3 ≤ binomial(8, 1/2) ≤ 5) = 0.71.
        #expect(spread.medianInterval == 2.6...4)
        #expect(Spread([7]) == Spread([7, 7, 7].dropLast(2)))
        #expect(Spread([]).count == 0)
    }

    @Test("the median's interval holds the true median in 68 % of samples, a little more for the steps of ranks")
    func medianIntervalCovers() {
        // seed 21
        var random = RandomStream(key: Philox4x32.Key(seed: 21, stream: 0), trial: 0, purpose: 0)
        let covering = (0..<2000).count { _ in Spread((0..<100).map { _ in random.normal() }).medianInterval.contains(0)
        }
        // 0.7287 by the binomial distribution; 4 standard deviations are 0.04.
        #expect(abs(Double(covering) / 2000 - 0.7287) < 0.04)
    }
}

@Suite struct FitBiasTests {
    @Test func numbersOfATrial() throws {
        let bias = FitBias(
            try FittedTrials(mu: 2, signalEvents: [0, 1, 3, 4], gamma: [3, 2, 2.5, 2.2], injected: [1, 1, 2, 2]))
        #expect(bias.trials == 4 && bias.trialsAtZero == 1 && bias.fractionAtZero == 0.25)
        #expect(bias.signalEvents.median == 2)
        // The gamma of the trial with n_s = 0 is the fit's seed and does not count.
        #expect(bias.gamma?.count == 3 && bias.gamma?.median == 2.2)
        #expect(bias.meanExcess == 0.5)
        // Deviations −1.5, −0.5, 0.5, 1.5: √(5/3/4).
        #expect(abs(bias.meanExcessError - (5.0 / 12).squareRoot()) < 1e-15)
        let none = FitBias(try FittedTrials(mu: 0, signalEvents: [0], gamma: [3], injected: [0]))
        #expect(none.gamma == nil && none.meanExcessError == 0)
    }

    @Test func badNumbersAreRefused() {
        #expect(throws: Fault.self) { try FittedTrials(mu: -1, signalEvents: [1], gamma: [2], injected: [1]) }
        #expect(throws: Fault.self) { try FittedTrials(mu: 1, signalEvents: [], gamma: [], injected: []) }
        #expect(throws: Fault.self) { try FittedTrials(mu: 1, signalEvents: [1, 2], gamma: [2], injected: [1, 1]) }
        #expect(throws: Fault.self) { try FittedTrials(mu: 1, signalEvents: [.nan], gamma: [2], injected: [1]) }
    }
}

@Suite struct ContourCoverageTests {
    /// Trials whose w = 2 (ln Λ_max − ln Λ(truth)) is the sum of `freedom` squared unit normals; the first tenth sits
    /// on the bound n_s = 0.
    private func coverage(freedom: Int, count: Int = 20_000, seed: UInt64) throws -> ContourCoverage {
        var random = RandomStream(key: Philox4x32.Key(seed: seed, stream: 0), trial: 0, purpose: 0)
        let w = (0..<count).map { _ in
            (0..<freedom).reduce(0.0) { sum, _ in
                let z = random.normal()
                return sum + z * z
            }
        }
        let ts = (0..<count).map { 10 + Double($0 % 7) }
        let fits = try FittedTrials(
            mu: 5, signalEvents: (0..<count).map { $0 < count / 10 ? 0 : 5 },
            gamma: [Double](repeating: 2, count: count), injected: [Double](repeating: 5, count: count))
        return try ContourCoverage(
            fits, gamma: 2, ts: ts, logLambda: zip(ts, w).map { 0.5 * ($0 - $1) }, bounds: 1...4)
    }

    @Test("χ² with two degrees of freedom is covered as claimed; with one or three it is not")
    func coversByTheLaw() throws {
        // seeds 1, 2, 3
        let right = try coverage(freedom: 2, seed: 1)
        #expect(right.trials == 20_000 && right.trialsOnBounds == 2000)
        for level in right.levels {
            #expect(abs(level.largest - -2 * Portable.log(1 - level.confidence)) < 1e-9)
            for proportion in [level.all, try #require(level.inside)] {
                let deviation = (level.confidence * (1 - level.confidence) / Double(proportion.tries)).squareRoot()
                #expect(abs(proportion.estimate - level.confidence) < 3.5 * deviation, "\(level.confidence)")
            }
        }
        for wrong in [try coverage(freedom: 1, seed: 2), try coverage(freedom: 3, seed: 3)] {
            for level in wrong.levels {
                let deviation = (level.confidence * (1 - level.confidence) / 20_000).squareRoot()
                #expect(abs(level.all.estimate - level.confidence) > 10 * deviation)
            }
        }
    }

    @Test func boundsOfGammaCount() throws {
        let fits = try FittedTrials(
            mu: 1, signalEvents: [1, 1, 1, 0], gamma: [1, 2, 4, 2], injected: [1, 1, 1, 1])
        let coverage = try ContourCoverage(fits, gamma: 2, ts: [0, 0, 0, 0], logLambda: [0, 0, 0, 0], bounds: 1...4)
        #expect(coverage.trialsOnBounds == 3)
        #expect(coverage.levels.allSatisfy { $0.inside?.tries == 1 && $0.all.estimate == 1 })
        #expect(throws: Fault.self) {
            try ContourCoverage(fits, gamma: 2, ts: [0], logLambda: [0, 0, 0, 0], bounds: 1...4)
        }
        #expect(throws: Fault.self) {
            try ContourCoverage(fits, gamma: 2, ts: [0, 0, 0, 0], logLambda: [0, .nan, 0, 0], bounds: 1...4)
        }
    }
}

@Suite struct KolmogorovSmirnovTests {
    // r = numpy.random.default_rng(5); x = round(r.exponential(1, 25), 3); y = round(r.exponential(1.4, 30), 3)
    private let x = [
        1.987, 0.75, 1.301, 0.529, 0.03, 0.434, 0.642, 0.115, 0.058, 1.001, 1.09, 1.166, 0.228, 2.182, 1.432, 2.014,
        0.518, 0.083, 0.438, 0.569, 2.122, 0.044, 0.129, 0.864, 0.355,
    ]
    private let y = [
        0.974, 1.664, 0.058, 2.482, 0.002, 3.007, 1.3, 0.427, 0.975, 1.829, 0.724, 0.604, 1.514, 2.064, 0.511, 0.526,
        0.43, 2.964, 1.874, 0.017, 0.793, 0.131, 1.747, 1.419, 1.093, 0.839, 1.983, 0.454, 0.566, 3.626,
    ]

    @Test func agreesWithScipy() throws {
        let test = try #require(KolmogorovSmirnov(x, y))
        // scipy.stats.ks_2samp(x, y).statistic; kstwobign.sf of Stephens' argument. Exact: 0.535.
        #expect(abs(test.distance - 0.20666666666666667) < 1e-15)
        #expect(abs(test.probability - 0.5537326608961421) < 1e-12)
        for (lambda, probability) in [(0.5, 0.9639452436648751), (1, 0.26999967167735456), (2, 0.0006709252557796953)] {
            #expect(abs(KolmogorovSmirnov.probability(of: lambda) - probability) < 1e-14)
        }
        #expect(KolmogorovSmirnov([], x) == nil)
    }
}

@Suite struct PValueUniformityTests {
    @Test("halves of one background agree, and thresholds leave what they claim")
    func oneLaw() throws {
        // seeds 4 and 5
        let halves = [4, 5].map { SyntheticTrials.ts(count: 50_000, seed: $0) }
        let result = try PValueUniformity(reference: halves[0], fresh: halves[1])
        #expect(result.referenceTrials == 50_000 && result.freshTrials == 50_000)
        #expect(result.spikeProbability > 0.01)
        #expect(try #require(result.continuous).probability > 0.01)
        #expect(result.tails.map { $0.threshold.sigma.rounded() } == [1, 2, 3, 4, 5])
        for tail in result.tails {
            let width = max(tail.interval.upperBound - tail.observed.estimate, 1e-9)
            #expect(tail.observed.estimate - tail.threshold.tailProbability < 3 * width)
            #expect(tail.threshold.tailProbability - tail.observed.estimate < 3 * width)
            #expect(tail.interval.contains(tail.observed.estimate))
        }
    }

    @Test("a background with another distribution is detected: in its spike, in its shape, in its tail")
    func anotherLaw() throws {
        // seeds 4 and 6
        let reference = SyntheticTrials.ts(count: 20_000, seed: 4)
        let shifted = try PValueUniformity(
            reference: reference, fresh: SyntheticTrials.ts(shift: 0.1, count: 20_000, seed: 6))
        #expect(shifted.spikeProbability < 1e-6)
        #expect(try #require(shifted.continuous).probability < 0.01)
        let stretched = try PValueUniformity(
            reference: reference, fresh: SyntheticTrials.ts(count: 20_000, seed: 6).map { 1.2 * $0 })
        #expect(stretched.spikeProbability > 0.01, "the spike is as large")
        #expect(try #require(stretched.continuous).probability < 1e-4)
        let tail = try #require(stretched.tails.first { $0.threshold.sigma.rounded() == 2 })
        #expect(tail.interval.lowerBound > tail.threshold.tailProbability)
    }

    @Test func backgroundWithoutTail() throws {
        let result = try PValueUniformity(reference: [0, 0], fresh: [0, 0, 0])
        #expect(result.continuous == nil && result.tails.isEmpty && result.spikeProbability == 1)
        #expect(throws: Fault.self) { try PValueUniformity(reference: [], fresh: [1]) }
    }
}
