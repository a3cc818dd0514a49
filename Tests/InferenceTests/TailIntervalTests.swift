import Diagnostics
import Numerics
import Testing

@testable import Inference

/// The profile likelihood of the sample in ``GammaSample``, compared with an independent one, and its coverage.
@Suite struct TailIntervalTests {
    static let confidences = [Significance.oneSigmaContent, 0.95]

    /// 150 samples of 8,000 trials of a half χ², seeds from 9000 on: the law above 3 is the one that is fitted, and the
    /// true threshold of 4.5 sigma is 20.25. The counts of misses below and above are reported as well.
    @Test(arguments: TruncatedGamma.Model.allCases)
    func fittedIntervalsCover(_ model: TruncatedGamma.Model) throws {
        let (sigma, repeats) = (4.5, 150)
        let tail = Significance.tailProbability(sigma: sigma)
        var covered = [0, 0]
        var pCovered = 0
        for sample in 0..<repeats {
            let trials = try TSDistribution(SyntheticTrials.ts(count: 8000, seed: UInt64(9000 + sample)))
            let fit = try TruncatedGamma(fitting: trials, model: model)
            for (index, confidence) in Self.confidences.enumerated() {
                let threshold = try #require(try fit.threshold(tailProbability: tail, confidence: confidence))
                #expect(threshold.low < threshold.value && threshold.value < threshold.high)
                if (threshold.low...threshold.high).contains(sigma * sigma) { covered[index] += 1 }
            }
            let p = try fit.pValue(of: sigma * sigma)
            if (p.low...p.high).contains(tail) { pCovered += 1 }
        }
        let shares = (covered + [pCovered]).map { Double($0) / Double(repeats) }
        // Three standard deviations of 150 are 0.114 at 68 %, 0.053 at 95 %.
        #expect(abs(shares[0] - 0.6827) < 0.114, "covers \(shares)")
        #expect(abs(shares[1] - 0.95) < 0.053, "covers \(shares)")
        // A p-value's interval and a threshold's are the same set seen from two sides.
        #expect(shares[2] == shares[0])
    }

    /// 150 samples of which a gamma law describes the tail badly: 3 + G(2, 1), a tenth of it three times as wide. The fit's
    /// threshold then scatters about twice as much as its likelihood says, which alone would cover 35 and 67 %.
    @Test func fittedIntervalsCoverTheScatterOfAWrongLaw() throws {
        let (tail, repeats) = (Significance.tailProbability(sigma: 4.5), 150)
        // ⟨x⟩ = 3 + 2 (0.9 + 0.3), ⟨ln x⟩ by scipy's quad: the fit to infinitely many.
        let limit = TruncatedGamma(
            TailSums(count: 1_000_000, sum: 5.4e6, sumOfLogs: 1_626_861.538), of: 10_000_000, above: 3, model: .gamma)
        let truth = try #require(limit.criticalTS(tailProbability: tail))
        var random = RandomStream(key: Philox4x32.Key(seed: 9200, stream: 0), trial: 0, purpose: 0)
        var covered = [0, 0]
        for _ in 0..<repeats {
            var sums = TailSums()
            for _ in 0..<random.poisson(mean: 800) {
                sums.add(3 + (random.uniform() < 0.1 ? 3 : 1) * random.gamma(shape: 2))
            }
            let fit = TruncatedGamma(sums, of: 8000, above: 3, model: .gamma)
            for (index, confidence) in Self.confidences.enumerated() {
                let interval = try #require(try fit.criticalInterval(tailProbability: tail, confidence: confidence))
                if interval.contains(truth) { covered[index] += 1 }
            }
        }
        let shares = covered.map { Double($0) / Double(repeats) }
        #expect(abs(shares[0] - 0.6827) < 0.114, "covers \(shares)")
        #expect(abs(shares[1] - 0.95) < 0.053, "covers \(shares)")
    }

    /// scipy 1.17: the same profile by minimize(method="Nelder-Mead") and brentq.
    @Test func profileAgreesWithScipy() throws {
        let fit = try TruncatedGamma(fitting: GammaSample.distribution())
        let interval = try fit.criticalInterval(tailProbability: Significance.tailProbability(sigma: 4))
        #expect(abs(try #require(interval).lowerBound / 13.146705078882228 - 1) < 1e-4)
        #expect(abs(try #require(interval).upperBound / 17.146624014989865 - 1) < 1e-4)
        #expect(try fit.criticalInterval(tailProbability: 0.2) == nil, "that would lie below the cut")
        #expect(throws: Fault.self) { try fit.criticalInterval(tailProbability: 1e-5, confidence: 1) }
    }

    @Test func chiSquareFitFindsTheDegreesOfFreedom() throws {
        let trials = try TSDistribution(SyntheticTrials.ts(count: 200_000, seed: 77))
        let fit = try TruncatedGamma(fitting: trials, model: .chiSquare)
        #expect(fit.scale == 2)
        // The error of k is about 0.03.
        #expect(abs(fit.degreesOfFreedom - 1) < 0.1)
        #expect(abs(fit.impliedFractionAboveZero - 0.5) < 0.06)
        let five = try #require(
            try fit.threshold(
                tailProbability: Significance.tailProbability(sigma: 5), confidence: Significance.oneSigmaContent))
        #expect(five.method == .chiSquareFit)
        #expect(abs(five.value - 25) < 0.5)
        #expect(five.high - five.low < 0.6)
    }

    @Test func trialsNeededForAPrecision() {
        let p = PValue(value: 0.001, low: 0, high: 0.01, method: .counted)
        #expect(abs(p.trialsNeeded(forPrecision: 0.1) - 99_900) < 1e-6)
        let none = PValue(value: 0, low: 0, high: 0.01, method: .counted)
        #expect(abs(none.trialsNeeded(forPrecision: 0.1) - 9900) < 1e-6)
    }
}

@Suite struct TailGoodnessOfFitTests {
    @Test(arguments: [(0.5, 2.0), (0.1, 0.4), (1, 3), (2.5, 1.2), (8, 0.9)])
    func samplesFollowTheLaw(shape: Double, scale: Double) {
        let law = Self.law(shape: shape, scale: scale)
        var random = RandomStream(key: Philox4x32.Key(seed: 51, stream: 0), trial: 0, purpose: 0)
        let values = (0..<20_000).map { _ in law.sample(&random) }
        #expect(values.allSatisfy { $0 > law.cut })
        let moments = TruncatedGammaLikelihood.moments(cut: law.cut, shape: shape, rate: 1 / scale)
        let number = Double(values.count)
        let mean = values.reduce(0, +) / number
        #expect(abs(mean - moments.value) < 4 * (moments.valueVariance / number).squareRoot())
        let logs = values.reduce(0) { $0 + Portable.log($1) } / number
        #expect(abs(logs - moments.log) < 4 * (moments.logVariance / number).squareRoot())
        for ts in [4.0, 6, 9] {
            let share = Double(values.count { $0 > ts }) / number
            let expected = law.survival(above: ts)
            #expect(abs(share - expected) < 4 * (expected * (1 - expected) / number).squareRoot() + 1e-12)
        }
    }

    /// A law with the given parameters, as if it had been fitted.
    private static func law(shape: Double, scale: Double) -> TruncatedGamma {
        let moments = TruncatedGammaLikelihood.moments(cut: 3, shape: shape, rate: 1 / scale)
        let sums = TailSums(count: 1000, sum: 1000 * moments.value, sumOfLogs: 1000 * moments.log)
        let law = TruncatedGamma(sums, of: 10_000, above: 3, model: .gamma)
        #expect(abs(law.shape - shape) < 1e-5 * shape && abs(law.scale - scale) < 1e-5 * scale)
        return law
    }

    @Test func rightLawsAreAcceptedAndWrongOnesRefused() throws {
        // 12 samples of the law itself, seeds from 500 on: p-values are uniform, so their mean is 0.5 ± 0.083.
        var sum = 0.0
        for sample in 0..<12 {
            let trials = try TSDistribution(SyntheticTrials.ts(count: 5000, seed: UInt64(500 + sample)))
            let fit = try TruncatedGamma(fitting: trials, above: 1)
            sum += TailGoodnessOfFit(fit, to: trials, seed: UInt64(sample)).pValue
        }
        #expect(abs(sum / 12 - 0.5) < 0.25, "mean \(sum / 12)")

        // A tail like x⁻³ is no gamma law.
        var random = RandomStream(key: Philox4x32.Key(seed: 4, stream: 0), trial: 0, purpose: 0)
        let heavy = try TSDistribution((0..<1000).map { _ in 3 * Portable.exp(random.exponential() / 3) })
        let fit = try TruncatedGamma(fitting: heavy)
        let goodness = TailGoodnessOfFit(fit, to: heavy)
        #expect(goodness.pValue == 0.01)
        #expect(goodness == TailGoodnessOfFit(fit, to: heavy), "the same seed gives the same")
    }

    /// 24,000 of 50,000 trials lie above 0.01, more than are looked at one by one.
    @Test func groupsAndBinsAreAsGoodAsSingleValues() throws {
        let ts = SyntheticTrials.ts(count: 50_000, seed: 12)
        let all = try TSDistribution(ts)
        let fit = try TruncatedGamma(fitting: all, above: 0.01)
        let grouped = TailGoodnessOfFit(fit, to: all).statistic

        let values = ts.filter { $0 > 0.01 }.sorted()
        let survivals = values.map { fit.survival(above: $0) }
        let number = Double(values.count)
        var sum = 0.0
        for index in values.indices {
            let terms = Portable.log(1 - survivals[index]) + Portable.log(survivals[values.count - 1 - index])
            sum += Double(2 * index + 1) * terms
        }
        let exact = -number - sum / number
        #expect(abs(grouped - exact) < 0.02 * exact, "\(grouped) \(exact)")

        var accumulator = TSDistribution.Accumulator(exactValues: 1000, exactAt: [0.01])
        try accumulator.add(ts)
        let bounded = try TSDistribution(accumulator)
        let binned = TailGoodnessOfFit(try TruncatedGamma(fitting: bounded, above: 0.01), to: bounded).statistic
        #expect(abs(binned - exact) < 0.02 * exact, "\(binned) \(exact)")
    }

    @Test func studyFollowsTheThresholdFromCutToCut() throws {
        let trials = try TSDistribution(SyntheticTrials.ts(count: 40_000, seed: 7))
        let study = try TailStudy(trials, cut: 2.5)
        #expect(study.fits.map(\.distribution.model) == [.gamma, .chiSquare])
        #expect(study.stability.map(\.distribution.cut) == [1, 2, 2.5, 3, 4, 5, 6, 8])
        for point in study.stability {
            let threshold = try #require(point.threshold)
            #expect(abs(threshold.value - 25) < 3.5 * 0.5 * (threshold.high - threshold.low))
        }
        let few = try TailStudy(try TSDistribution([0, 1, 2]))
        #expect(few.fits.isEmpty && few.stability.isEmpty)
    }
}
