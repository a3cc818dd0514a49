import Diagnostics
import Foundation
import Numerics
import Testing

@testable import Inference

@Suite struct TruncatedGammaTests {
    // scipy 1.17, minimize(-log likelihood, method="Nelder-Mead", xatol=fatol=1e-13) on the same sample. SkyLLH 26.1's
    // fit_truncated_gamma, whose minimiser stops earlier, gives 1.3514 and 1.5161.
    @Test func fitAgreesWithScipy() throws {
        let fit = try TruncatedGamma(fitting: GammaSample.distribution())
        #expect(fit.trialsAbove == 139 && fit.trials == 3000)
        #expect(abs(fit.shape - 1.3455800075326612) < 1e-5)
        #expect(abs(fit.scale - 1.5183994642698357) < 1e-5)
        #expect(!fit.isAtBound)
        // norm * gamma.sf(20, a, scale)
        #expect(abs(fit.tailProbability(above: 20) / 1.101767089598157e-06 - 1) < 1e-4)
    }

    @Test func criticalValuesAgreeWithScipy() throws {
        let fit = try TruncatedGamma(fitting: GammaSample.distribution())
        // gamma.isf(norm.sf(sigma) / norm, a, scale)
        for (sigma, value) in [(3.0, 8.815494186335833), (4, 14.753236537293375), (5, 22.09322086044281)] {
            let critical = fit.criticalTS(tailProbability: Significance.tailProbability(sigma: sigma))
            #expect(abs((critical ?? 0) / value - 1) < 1e-5)
        }
        #expect(fit.criticalTS(tailProbability: 0.2) == nil, "that would lie below the cut")
    }

    @Test func pValueInvertsTheCriticalValue() throws {
        let fit = try TruncatedGamma(fitting: GammaSample.distribution())
        let tail = Significance.tailProbability(sigma: 4)
        let critical = fit.criticalTS(tailProbability: tail)
        let p = try fit.pValue(of: critical ?? 0)
        #expect(abs(p.value / tail - 1) < 1e-9)
        #expect(p.low < p.value && p.value < p.high)
        #expect(p.method == .gammaFit)
        #expect(throws: Fault.self) { try fit.pValue(of: 2) }
    }

    @Test func boundsHoldAndAreReported() throws {
        // A tail heavier than any exponential with scale 10.
        let values = (1...200).map { 3 + 40 * Double($0) }
        let fit = try TruncatedGamma(fitting: TSDistribution(values))
        #expect(fit.isAtBound)
        #expect(fit.shape <= 10 && fit.scale <= 10)
    }
}

@Suite struct ThresholdTests {
    @Test func thresholdsOfHalfAChiSquareAreSquares() throws {
        // seed 7; the true threshold at k sigma is k².
        let distribution = try TSDistribution(SyntheticTrials.ts(count: 40_000, seed: 7))
        for (sigma, result) in distribution.thresholds() {
            let threshold = try result.get()
            let method: Threshold.Method = sigma <= 3 ? .counted : .gammaFit
            #expect(threshold.method == method)
            #expect(abs(threshold.sigma - sigma) < 1e-9)
            #expect(threshold.low < threshold.value && threshold.value < threshold.high)
            let width = 0.5 * (threshold.high - threshold.low)
            #expect(abs(threshold.value - sigma * sigma) < 3.5 * width, "at \(sigma) sigma")
            #expect(width < 0.2 * sigma * sigma)
        }
    }

    @Test func countingStopsAtTenExpected() throws {
        let distribution = try TSDistribution((1...1000).map { 1 + Double($0) / 100 })
        #expect(try distribution.threshold(tailProbability: 0.01).method == .counted)
        #expect(try distribution.threshold(tailProbability: 0.0099).method == .gammaFit)
    }

    @Test func hottestOfManyPlacesIsFittedInItsTail() throws {
        // The largest of 30,000 independent TS with P(TS > t) = e^(−t/2): a median of 21.4, all above 10.
        let places = 30_000.0
        let key = Philox4x32.Key(seed: 8, stream: 0)
        var random = RandomStream(key: key, trial: 0, purpose: 0)
        let hottest = (0..<4000).map { _ in -2 * log(-expm1(log(random.uniform()) / places)) }
        let distribution = try TSDistribution(hottest)
        for sigma in [3.5, 4.0] {
            let threshold = try distribution.threshold(sigma: sigma, confidence: 0.95)
            let tail = Significance.tailProbability(sigma: sigma)
            let truth = -2 * log(-expm1(log1p(-tail) / places))
            #expect(threshold.method == .gammaFit)
            #expect(threshold.low < truth && truth < threshold.high, "\(sigma) sigma: \(threshold) of \(truth)")
        }
        let study = try TailStudy(distribution)
        #expect(study.fits.allSatisfy { $0.distribution.cut == 24 } && study.fits.count == 2)
        #expect(study.fits.first.map { $0.goodness.pValue > 0.05 } == true)
        #expect(study.stability.map(\.distribution.cut) == [24, 25, 26, 27, 28])
    }

    @Test func medianInTheSpikeIsZero() throws {
        let threshold = try TSDistribution([Double](repeating: 0, count: 60) + (1...40).map { Double($0) })
            .threshold(tailProbability: 0.5)
        #expect(threshold.value == 0 && threshold.low == 0 && threshold.high == 0)
    }

    @Test func tooFewTrialsSayHowManyAreNeeded() throws {
        let distribution = try TSDistribution(SyntheticTrials.ts(count: 1000, seed: 3))
        #expect(throws: Never.self) { try distribution.threshold(sigma: 2) }
        do {
            _ = try distribution.threshold(sigma: 5)
            Issue.record("accepted")
        } catch {
            let text = "\(error)"
            #expect(text.contains("1000 background trials give no threshold for a tail of 2.87e-07"))
            #expect(text.contains("0.000287 trials are expected above it"))
            #expect(text.contains("Run 34900000 trials to count it, or enough to have 100 above TS 3.0 to fit it"))
        }
        let thresholds = distribution.thresholds()
        #expect(thresholds.map { (try? $0.threshold.get()) != nil } == [true, true, false, false, false])
        #expect(throws: Fault.self) { try distribution.threshold(tailProbability: 0) }
    }

    @Test(arguments: [(123_456, "123000"), (0.0012345, "0.00123"), (2.8665e-7, "2.87e-07"), (1, "1"), (0, "0")])
    func threeDigits(value: Double, text: String) {
        #expect(TSDistribution.brief(value) == text)
    }
}
