import Diagnostics
import Testing

@testable import Inference

/// With a fit whose least n_s is above 0 TS may be negative: it is a value like others.
@Suite struct NegativeTSTests {
    /// −49.5, −48.5, … 49.5, in another order.
    private static let values = (0..<100).map { Double(($0 * 37) % 100) - 49.5 }

    /// A distribution that keeps all values, and one that counts most of them in bins.
    private static func distributions(_ values: [Double] = values) throws -> [TSDistribution] {
        var accumulator = TSDistribution.Accumulator(exactValues: 8, exactAt: [-20, 20])
        try accumulator.add(values)
        var halves = [TSDistribution.Accumulator](repeating: .init(exactValues: 8, exactAt: [-20, 20]), count: 2)
        for (index, value) in values.enumerated() { try halves[index % 2].add([value]) }
        try halves[0].formUnion(halves[1])
        return [try TSDistribution(values), try TSDistribution(accumulator), try TSDistribution(halves[0])]
    }

    @Test func countsAndQuantiles() throws {
        for distribution in try Self.distributions() {
            #expect(distribution.count == 100 && distribution.countBelowZero == 50 && distribution.countAtZero == 0)
            #expect(distribution.minimum == -49.5 && distribution.maximum == 49.5)
            for ts in [-100.0, -20, 0, 20, 100] {
                let above = Self.values.count { $0 > ts }
                #expect(distribution.count(above: ts) == above && distribution.count(atOrAbove: ts) == above, "\(ts)")
            }
            for probability in [0.1, 0.25, 0.9] {
                let expected = -49.5 + 99 * probability
                let quantile = try distribution.quantile(probability)
                #expect(abs(quantile.value - expected) < 0.6 && quantile.low < quantile.value)
            }
        }
    }

    @Test("p-values, thresholds and limits use them")
    func statistics() throws {
        let background = try TSDistribution(Self.values)
        #expect(try background.pValue(of: -20).value == 0.7)
        #expect(try background.pValue(of: -100).value == 1)
        #expect(try background.threshold(tailProbability: 0.7).value < -15)
        // Signal shifts all values up by 4 for each event: the 90 % point of the median is at mu = 10.
        let trials = SearchTrials(
            background: background,
            signal: try (1...20).map { mu in
                try SignalTrials(mu: Double(mu), ts: Self.values.map { $0 + 4 * Double(mu) })
            },
            injected: [])
        let sensitivity = try DetectableSignal.find(.sensitivity, in: trials, interpolation: .linear)
        #expect(abs(sensitivity.mu - 10) < 0.3 && abs(sensitivity.threshold.value) < 1)
        let low = try DetectableSignal.find(
            DetectableSignal.Criterion(tailProbability: 0.7, power: 0.9), in: trials, interpolation: .linear)
        #expect(abs(low.mu - 5) < 0.3)
        let limit = try UpperLimit.find(ts: -20, in: trials, interpolation: .linear)
        #expect(abs(limit.mu - 5) < 0.3)
        #expect(try UpperLimit.find(ts: -45, in: trials).mu == 0)
    }

    @Test("rounding below 0 counts as 0, and an observed TS of that size as well")
    func rounding() throws {
        for distribution in try Self.distributions([-1e-9, 0, -1e-7, 1, 2]) {
            #expect(distribution.countAtZero == 3 && distribution.countBelowZero == 0 && distribution.minimum == 0)
            #expect(try distribution.pValue(of: -1e-9).value == 1)
        }
        let uniformity = try PValueUniformity(reference: Self.values, fresh: Self.values)
        #expect(uniformity.referenceSpike.successes == 0 && uniformity.continuous?.distance == 0)
    }
}
