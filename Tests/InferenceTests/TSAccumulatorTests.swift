import Diagnostics
import Testing

@testable import Inference

/// 60,000 trials of a half χ², seed 61, of which an accumulator keeps 500.
@Suite struct TSAccumulatorTests {
    private static let trials = SyntheticTrials.ts(count: 60_000, seed: 61)
    private static let marks = [3.1, 0.7]

    private static func accumulator(_ ts: some Sequence<Double>) throws -> TSDistribution.Accumulator {
        var accumulator = TSDistribution.Accumulator(exactValues: 500, exactAt: marks)
        try accumulator.add(Array(ts))
        return accumulator
    }

    @Test func keepsTheLargestAndCountsTheOthers() throws {
        let (all, bounded) = (try TSDistribution(Self.trials), try TSDistribution(Self.accumulator(Self.trials)))
        #expect(bounded.count == all.count && bounded.countAtZero == all.countAtZero)
        #expect(bounded.largest == all.largest.suffix(500))
        #expect(bounded.binnedCount == all.count - all.countAtZero - 500)
        #expect(bounded.maximum == all.maximum)
        #expect(all.exactAbove == 0 && bounded.exactAbove == bounded.largest[0])
        for sigma in [2.8, 3, 3.5] {
            #expect(try bounded.threshold(sigma: sigma) == all.threshold(sigma: sigma))
        }
    }

    @Test(arguments: [3.1, 0.7, 3, 2, 0.5, 12])
    func tailsAreExactAtMarksAndEdges(cut: Double) throws {
        let (all, bounded) = (try TSDistribution(Self.trials), try TSDistribution(Self.accumulator(Self.trials)))
        #expect(bounded.count(above: cut) == all.count(above: cut))
        #expect(bounded.count(atOrAbove: cut) == all.count(atOrAbove: cut))
        let (expected, found) = (all.tail(above: cut), bounded.tail(above: cut))
        #expect(found.count == expected.count)
        #expect(abs(found.sum / expected.sum - 1) < 1e-13)
        #expect(abs(found.sumOfLogs / expected.sumOfLogs - 1) < 1e-12)
    }

    @Test func elsewhereTheyAreInterpolatedWithinBins() throws {
        let (all, bounded) = (try TSDistribution(Self.trials), try TSDistribution(Self.accumulator(Self.trials)))
        for probability in [0.51, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98] {
            let (expected, found) = (try all.quantile(probability), try bounded.quantile(probability))
            for (one, other) in [(expected.value, found.value), (expected.low, found.low)] {
                #expect(abs(one - other) <= TSHistogram.relativeWidth * one)
            }
        }
        for cut in [0.001, 0.3, 1.7, 2.9] {
            // Two trials of 60,000 in a bin would be many.
            #expect(abs(bounded.count(above: cut) - all.count(above: cut)) <= 2)
            #expect(abs(bounded.tail(above: cut).sum / all.tail(above: cut).sum - 1) < 1e-3)
        }
        #expect(bounded.count(above: 0) == all.count(above: 0) && bounded.count(above: -1) == 60_000)
    }

    @Test func mergingIsTheSameAsTakingInAll() throws {
        let whole = try TSDistribution(Self.accumulator(Self.trials))
        // Parts that never spilt, and parts that did, in another order.
        var merged = try Self.accumulator(Self.trials[40_000...])
        for part in [20_000..<20_300, 0..<20_000, 20_300..<40_000] {
            try merged.formUnion(Self.accumulator(Self.trials[part]))
        }
        let other = try TSDistribution(merged)
        #expect(other.count == whole.count && other.countAtZero == whole.countAtZero)
        #expect(other.largest == whole.largest)
        #expect(try #require(other.histogram).occupied.map(\.count) == #require(whole.histogram).occupied.map(\.count))
        #expect(other.tail(above: 3.1).count == whole.tail(above: 3.1).count)
        var foreign = TSDistribution.Accumulator(exactValues: 500)
        #expect(throws: Fault.self) { try foreign.formUnion(Self.accumulator([1])) }
    }

    @Test func extremeValuesCountInTheOuterBins() throws {
        var accumulator = TSDistribution.Accumulator(exactValues: 1)
        try accumulator.add([1e-300, 1e-13, 1e9, 1e12, 1e13])
        let distribution = try TSDistribution(accumulator)
        #expect(distribution.maximum == 1e13 && distribution.binnedCount == 4)
        #expect(distribution.count(above: 0.5) == 3 && distribution.count(above: 0) == 5)
        #expect(throws: Fault.self) { try accumulator.add([.infinity]) }
        #expect(throws: Fault.self) { try TSDistribution(TSDistribution.Accumulator()) }
    }
}
