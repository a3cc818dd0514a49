import Testing

@testable import Inference

/// Repeated small campaigns whose true answers are known.
@Suite struct CoverageTests {
    /// How often intervals of 68.27 and 95 % hold the truth.
    private struct Share {
        var one = 0
        var two = 0
        let repeats: Double

        mutating func note(_ found: DetectableSignal, _ wide: DetectableSignal, _ truth: Double) {
            if found.muLow <= truth, truth <= found.muHigh ?? .infinity { one += 1 }
            if wide.muLow <= truth, truth <= wide.muHigh ?? .infinity { two += 1 }
        }

        /// Three standard deviations of 500 repeats, and 1 % more for what interpolation bends.
        var isRight: Bool { abs(Double(one) / repeats - 0.6827) < 0.0725 && abs(Double(two) / repeats - 0.95) < 0.04 }
    }

    /// 500 campaigns of 20,000 background trials and 300 at each of seven mu, seeds 5000…5499. Without the threshold's
    /// error the intervals of the discovery potential would cover too little.
    @Test func intervalsOfSensitivityAndDiscoveryCover() throws {
        let criteria: [(criterion: DetectableSignal.Criterion, root: Double)] = [
            (.sensitivity, 0), (.discovery(sigma: 3), 3),
        ]
        let truths = criteria.map { CountingSearch.mu(power: $0.criterion.power, root: $0.root) }
        let interpolations: [DetectionPower.Interpolation] = [.monotone, .poisson]
        let repeats = 500
        var shares = [String: Share]()
        for campaign in 0..<repeats {
            let trials = try CountingSearch.search(
                background: 20_000, signal: 300, mus: [2, 3, 4, 5, 6, 7, 8], seed: UInt64(5000 + campaign))
            for ((criterion, _), truth) in zip(criteria, truths) {
                for interpolation in interpolations {
                    let found = try DetectableSignal.find(criterion, in: trials, interpolation: interpolation)
                    let wide = try DetectableSignal.find(
                        criterion, in: trials, interpolation: interpolation, confidence: 0.95)
                    shares["\(interpolation) \(criterion.power)", default: Share(repeats: Double(repeats))]
                        .note(found, wide, truth)
                }
            }
        }
        for (name, share) in shares { #expect(share.isRight, "\(name): \(share.one), \(share.two) of \(repeats)") }
    }

    /// 500 campaigns of 2,000 background trials and 150 at each of three mu, none above the answer, seeds 6000…6499: few
    /// trials have many events, and all of those are detected. Taken one number of events at a time, the room that they
    /// leave for misses makes intervals that cover 84 and 99.7 %.
    @Test func numbersOfEventsWithFewTrialsDoNotWidenIntervals() throws {
        let truth = CountingSearch.mu(power: 0.9, root: 0)
        var share = Share(repeats: 500)
        for campaign in 0..<500 {
            let trials = try CountingSearch.search(
                background: 2000, signal: 150, mus: [1, 2, 3], seed: UInt64(6000 + campaign))
            let found = try DetectableSignal.find(.sensitivity, in: trials, interpolation: .poisson)
            let wide = try DetectableSignal.find(
                .sensitivity, in: trials, interpolation: .poisson, confidence: 0.95)
            share.note(found, wide, truth)
        }
        #expect(share.isRight, "\(share.one), \(share.two) of 500")
    }
}
