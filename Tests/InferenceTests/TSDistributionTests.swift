import Diagnostics
import Numerics
import Testing

@testable import Inference

/// Trials of a known distribution.
enum SyntheticTrials {
    /// TS = max(0, z)² with z normal about `shift`: half a spike and half a χ² of one degree of freedom for shift 0,
    /// where the threshold at k sigma is k².
    static func ts(shift: Double = 0, count: Int, seed: UInt64) -> [Double] {
        var random = RandomStream(key: Philox4x32.Key(seed: seed, stream: 0), trial: 0, purpose: 0)
        return (0..<count).map { _ in
            let z = max(0, random.normal() + shift)
            return z * z
        }
    }
}

@Suite struct TSDistributionTests {
    @Test func spikeIsKeptApart() throws {
        let distribution = try TSDistribution([3, 0, 1, -1e-12, 0, 2])
        #expect(distribution.count == 6)
        #expect(distribution.countAtZero == 3)
        #expect(distribution.fractionAtZero == 0.5)
        #expect(distribution.count(above: 0) == 3)
        #expect(distribution.count(atOrAbove: 0) == 6)
        #expect(distribution.count(above: 2) == 1)
        #expect(distribution.count(atOrAbove: 2) == 2)
        #expect(distribution.count(above: 99) == 0)
        #expect(distribution.maximum == 3)
        #expect((0..<6).map { distribution.orderStatistic($0) } == [0, 0, 0, 1, 2, 3])
    }

    @Test func quantilesAreThoseOfNumpy() throws {
        let distribution = try TSDistribution([11, 0, 0, 0.5, 3.5, 4, 1, 2, 6, 7])
        // numpy.percentile of the same, method linear.
        for (probability, value) in [(0.1, 0.0), (0.5, 2.75), (0.9, 7.4), (0.33, 0.985), (0, 0), (1, 11)] {
            #expect(abs(try distribution.quantile(probability).value - value) < 1e-14)
        }
        #expect(throws: Fault.self) { try distribution.quantile(1.1) }
        #expect(throws: Fault.self) { try distribution.quantile(0.5, confidence: 1) }
    }

    @Test func tooFewTrialsAboveLeaveTheIntervalOpen() throws {
        let quantile = try TSDistribution([1, 2, 3]).quantile(0.99)
        #expect(quantile.high == nil)
    }

    @Test(arguments: [(0.5, 0.6827), (0.9, 0.6827), (0.9, 0.95), (0.3, 0.6827), (0.8, 0.95)])
    func quantileIntervalCovers(probability: Double, confidence: Double) throws {
        // 2000 samples of 80 exponential deviates, seed 41; the true quantile is −ln(1 − p).
        let truth = -Portable.log(1 - probability)
        var covered = 0
        for sample in 0..<2000 {
            var random = RandomStream(key: Philox4x32.Key(seed: 41, stream: 1), trial: UInt64(sample), purpose: 0)
            let distribution = try TSDistribution((0..<80).map { _ in random.exponential() })
            let quantile = try distribution.quantile(probability, confidence: confidence)
            if quantile.low <= truth, truth <= quantile.high ?? .infinity { covered += 1 }
        }
        // Three standard deviations of 2000 are 0.031 at 68 %, 0.015 at 95 %. Between whole ranks the intervals would
        // cover too much.
        let fraction = Double(covered) / 2000
        #expect(abs(fraction - confidence) < (confidence > 0.9 ? 0.015 : 0.031), "covers \(fraction)")
    }

    @Test func pValuesCountWhatIsAtLeastAsLarge() throws {
        let distribution = try TSDistribution([0, 0, 0, 0, 0, 1, 2, 3, 4, 5])
        #expect(try distribution.pValue(of: 3).value == 0.3)
        #expect(try distribution.pValue(of: 0).value == 1)
        #expect(distribution.survival(above: 3).value == 0.2)
        #expect(distribution.survival(above: 0).value == 0.5)
        let none = try distribution.pValue(of: 9)
        #expect(none.value == 0 && none.low == 0)
        #expect(abs(none.high - 0.1681491861379764) < 1e-12)
        #expect(none.sigma == .infinity)
        #expect(abs(none.sigmaLow - 0.9615) < 1e-3)
        #expect(throws: Fault.self) { try distribution.pValue(of: .nan) }
    }

    @Test func badTrialsAreNamed() {
        #expect(throws: Fault.self) { try TSDistribution([]) }
        do {
            _ = try TSDistribution([1, 2, .nan])
            Issue.record("accepted")
        } catch {
            #expect("\(error)".contains("trial 2 in the table is nan"))
        }
    }
}
