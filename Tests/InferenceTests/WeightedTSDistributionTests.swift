import Diagnostics
import Numerics
import Testing

@testable import Inference

@Suite("Weighted thresholds in the spike")
struct WeightedSpikeTests {
    @Test("A threshold of 0 has the p-value of TS > 0") func spike() throws {
        var accumulator = WeightedTSDistribution.Accumulator()
        for trial in 0..<1000 {
            try accumulator.add(ts: trial % 50 == 0 ? 1 + Double(trial) : 0, logWeight: 0, component: 0, heldOut: [])
        }
        let distribution = try WeightedTSDistribution(accumulator)
        let threshold = try distribution.threshold(tailProbability: 0.05)
        let tail = try distribution.survival(above: 0)
        #expect(threshold.value == 0 && threshold.weighted == tail)
        #expect(abs((threshold.weighted?.value ?? 0) - 0.02) < 1e-12)
    }
}

/// Weighted trials of a toy whose tail is known: x is normal, TS = x² for x > 0, so that the threshold of σ is σ².
@Suite struct WeightedTSDistributionTests {
    /// The proposals' means; the first is the distribution itself.
    static let means = [0, 2, 3.5, 5, 6.5, 8]
    static let shares = [0.1] + [Double](repeating: 0.18, count: 5)

    func trials(
        _ count: Int, seed: UInt64, means: [Double] = means, weightPower: Double = 1, limit: Int = 1 << 20
    ) throws -> WeightedTSDistribution {
        var random = RandomStream(key: .init(seed: seed, stream: 5), trial: 0, purpose: 0)
        var accumulator = WeightedTSDistribution.Accumulator(exactTrials: limit)
        let start = random.next()
        let shares = means.count == Self.means.count ? Self.shares : means.map { _ in 1 / Double(means.count) }
        for number in 0..<UInt64(count) {
            let place = Double((start &+ number &* 0x9E37_79B9_7F4A_7C15) >> 11) * 0x1p-53
            var (component, sum) = (0, shares[0])
            while place >= sum, component < means.count - 1 {
                component += 1
                sum += shares[component]
            }
            let x = random.normal() + means[component]
            func logRatio(_ mean: Double) -> Double { mean * x - 0.5 * mean * mean }
            let density = zip(means, shares).reduce(0) { $0 + $1.1 * Portable.exp(logRatio($1.0)) }
            try accumulator.add(
                ts: x > 0 ? x * x : 0, logWeight: -weightPower * Portable.log(density), component: component,
                heldOut: [logRatio(2.75), logRatio(7.25)])
        }
        return try WeightedTSDistribution(accumulator)
    }

    @Test func thresholdsAndPValuesOfAKnownTail() throws {
        let distribution = try trials(20000, seed: 1)
        #expect(distribution.isSound)
        #expect(abs(distribution.fractionAtZero - 0.5) < 0.05)
        for sigma in [1.0, 2, 3, 4, 5, 6, 7] {
            let found = try distribution.threshold(sigma: sigma)
            let (value, low, high) = (found.value, found.low, found.high)
            #expect(low <= value && value <= high)
            #expect(abs(value - sigma * sigma) < 4 * (high - low) / 2, "\(sigma) sigma, seed 1")
            let tail = try distribution.pValue(of: sigma * sigma)
            let exact = Significance.tailProbability(sigma: sigma)
            #expect(abs(tail.value / exact - 1) < 4 * tail.relativeError, "\(sigma) sigma, seed 1")
            #expect(tail.isTrusted)
            if sigma >= 3 {
                #expect(tail.relativeError < 0.05)
                #expect(tail.equivalentTrials > 100 / exact)
            }
        }
        #expect(try distribution.pValue(of: 0).value == 1)
        let beyond = try distribution.survival(above: 400)
        #expect(beyond.value == 0 && !beyond.isTrusted)
    }

    /// 68 % and 95 % intervals of p and of the threshold hold the truth as often as they say.
    @Test func coverage() throws {
        let repeats = 200
        let cases: [(confidence: Double, sigma: Double)] = [
            (0.6827, 3), (0.6827, 5), (0.6827, 7), (0.95, 3), (0.95, 5), (0.95, 7),
        ]
        var hits = cases.map { _ in (ofP: 0, ofThreshold: 0) }
        for seed in 0..<UInt64(repeats) {
            let distribution = try trials(2000, seed: 100 + seed)
            for (i, (confidence, sigma)) in cases.enumerated() {
                let tail = try distribution.pValue(of: sigma * sigma, confidence: confidence)
                let exact = Significance.tailProbability(sigma: sigma)
                hits[i].ofP += tail.low <= exact && exact <= tail.high ? 1 : 0
                let threshold = try distribution.threshold(sigma: sigma, confidence: confidence)
                hits[i].ofThreshold += threshold.low <= sigma * sigma && sigma * sigma <= threshold.high ? 1 : 0
            }
        }
        for ((confidence, sigma), hits) in zip(cases, hits) {
            for number in [hits.ofP, hits.ofThreshold] {
                let fraction = Double(number) / Double(repeats)
                let deviation = (confidence * (1 - confidence) / Double(repeats)).squareRoot()
                #expect(abs(fraction - confidence) < 3 * deviation, "\(sigma) sigma, \(confidence), seeds from 100")
            }
        }
    }

    @Test func sumsUseLittleMemoryAndDoNotDependOnTheOrder() throws {
        let exact = try trials(20000, seed: 2)
        let summed = try trials(20000, seed: 2, limit: 500)
        for sigma in [2.0, 5, 7] {
            let (a, b) = (try exact.threshold(sigma: sigma), try summed.threshold(sigma: sigma))
            #expect(abs(a.value - b.value) < 1e-3 * a.value)
            let (c, d) = (try #require(a.weighted?.relativeError), try #require(b.weighted?.relativeError))
            #expect(abs(c - d) < 1e-2 * c)
        }
        #expect(exact.meanWeight.value == summed.meanWeight.value)
    }

    /// A mixture without large means, and wrong weights, are not trusted.
    @Test func unsoundTrialsAreNotTrusted() throws {
        let low = try trials(5000, seed: 3, means: [0, 2])
        #expect(try !low.pValue(of: 49).isTrusted)
        let wrong = try trials(20000, seed: 4, weightPower: 0.9)
        #expect(!wrong.isSound)
        #expect(try !wrong.pValue(of: 25).isTrusted)
    }

    @Test func invalidTrials() throws {
        var accumulator = WeightedTSDistribution.Accumulator()
        #expect(throws: Fault.self) { try accumulator.add(ts: .nan, logWeight: 0, component: 0) }
        #expect(throws: Fault.self) { try accumulator.add(ts: 1, logWeight: .infinity, component: 0) }
        #expect(throws: Fault.self) { try accumulator.add(ts: 1, logWeight: 0, component: -1) }
        #expect(throws: Fault.self) { try WeightedTSDistribution(accumulator) }
        let distribution = try trials(100, seed: 5)
        #expect(throws: Fault.self) { try distribution.pValue(of: .nan) }
        #expect(throws: Fault.self) { try distribution.threshold(sigma: 5, confidence: 1) }
        #expect(throws: Fault.self) { try distribution.threshold(tailProbability: 0) }
    }

    /// Births with Down's syndrome by age of the mother (J. L. Fleiss, Statistical Methods for Rates and Proportions, table 14.4), the
    /// example of the R packages asht and dsrTest: mid-p gamma interval of the standardised rate.
    @Test func midPIntervalOfPublishedExample() {
        let cases = [0.0, 8, 63, 112, 262, 295]
        let births = [327.0, 30_666, 123_419, 149_919, 104_088, 34_392]
        let standard = [319_933.0, 931_318, 786_511, 488_235, 237_863, 61_313]
        let total = standard.reduce(0, +)
        let weights = zip(standard, births).map { $0 / total / $1 }
        let squares = zip(weights, cases).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        let sums = WeightedTSDistribution.Running(
            sum: zip(weights, cases).reduce(0) { $0 + $1.0 * $1.1 }, variance: squares, squares: squares,
            largest: weights.max() ?? 0)
        let interval = WeightedTail.gammaInterval(sums, confidence: 0.95)
        #expect(abs(interval.low - 59.71632e-5) < 1e-9 && abs(interval.high - 173.08170e-5) < 1e-9, "\(interval)")
    }
}
