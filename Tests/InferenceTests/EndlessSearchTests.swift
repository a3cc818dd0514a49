import Numerics
import Testing

@testable import Inference

/// Searches that had no end.
@Suite struct EndlessSearchTests {
    /// All trials with many events are detected, but they are so few that the upper end of mu has no bound.
    @Test("few trials of which all are detected leave mu unbounded", arguments: [1, 2, 3, 5])
    func fewTrials(count: Int) throws {
        let background = try TSDistribution([Double](repeating: 0, count: 1000))
        let trials = SearchTrials(
            background: background, signal: [try SignalTrials(mu: 3, ts: [Double](repeating: 9, count: count))],
            injected: [
                try InjectedTrials(events: 3, distribution: TSDistribution([Double](repeating: 9, count: count)))
            ])
        let signal = try DetectableSignal.find(
            .sensitivity, in: trials, interpolation: .poisson, confidence: 0.999)
        #expect(signal.mu > 0 && signal.muHigh == nil)
    }

    @Test func bisection() {
        #expect(abs(bisect(from: 0, to: 2, width: { _ in 1e-12 }) { $0 * $0 < 2 } - 2.0.squareRoot()) < 1e-12)
        // Narrower than numbers are dense.
        #expect(abs(bisect(from: 1e20, to: 4e20, width: { _ in 0 }) { $0 < 3e20 } / 3e20 - 1) < 1e-15)
        #expect(bisect(from: 2, to: 1, width: { _ in 1e-9 }) { $0 > 1.5 }.rounded() == 2)
        #expect(bisect(from: 0, to: .infinity, width: { _ in 1 }) { $0 < 5 } == .infinity)
    }

    @Test(arguments: [(1234.0, 1200.0), (0.001267, 0.0013), (99.6, 100), (5e-324, 5e-324), (0, 0), (-127, -130)])
    func rounding(value: Double, expected: Double) {
        let rounded = value.rounded(toDigits: 2)
        #expect(rounded == expected || value == 5e-324)
    }
}
