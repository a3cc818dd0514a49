import Diagnostics
import Numerics
import Testing

@testable import Inference

/// Which of counted, weighted and fitted thresholds is quoted.
@Suite struct BackgroundTrialsTests {
    private let weighted: WeightedTSDistribution

    init() throws { weighted = try WeightedTSDistributionTests().trials(20000, seed: 11) }

    private func ordinary(_ count: Int) throws -> TSDistribution {
        var random = RandomStream(key: .init(seed: 7, stream: 9), trial: 0, purpose: 0)
        return try TSDistribution(
            (0..<count).map { _ in
                let x = random.normal()
                return x > 0 ? x * x : 0
            })
    }

    private func method(_ trials: BackgroundTrials, _ sigma: Double) throws -> Threshold.Method {
        try trials.threshold(tailProbability: Significance.tailProbability(sigma: sigma)).method
    }

    @Test func countedWhereAsPreciseThenWeightedThenFitted() throws {
        let few = BackgroundTrials(ordinary: try ordinary(5000), weighted: weighted)
        #expect(try [2.0, 3, 5, 7].map { try method(few, $0) } == [.weighted, .weighted, .weighted, .weighted])
        let many = BackgroundTrials(ordinary: try ordinary(300_000), weighted: weighted)
        #expect(try [1.0, 2, 4, 5].map { try method(many, $0) } == [.counted, .counted, .weighted, .weighted])
        let plain = BackgroundTrials(ordinary: try ordinary(300_000), weighted: nil)
        #expect(try [2.0, 3, 5].map { try method(plain, $0) } == [.counted, .counted, .gammaFit])
        #expect(try method(BackgroundTrials(ordinary: nil, weighted: weighted), 6) == .weighted)
        #expect(throws: Fault.self) { try method(BackgroundTrials(ordinary: nil, weighted: nil), 3) }
    }

    /// A counted threshold is quoted exactly where there are as many ordinary trials as the weighted ones are worth.
    @Test func theBorderIsTheEquivalentNumber() throws {
        for sigma in [1.5, 2, 2.5] {
            let tail = try #require(try weighted.threshold(sigma: sigma).weighted)
            let distribution = try ordinary(Int(tail.equivalentTrials))
            #expect(BackgroundTrials(ordinary: distribution, weighted: weighted).quotesWeighted(tail, isCounted: true))
            let more = try ordinary(Int(tail.equivalentTrials) + 1)
            #expect(!BackgroundTrials(ordinary: more, weighted: weighted).quotesWeighted(tail, isCounted: true))
            #expect(BackgroundTrials(ordinary: more, weighted: weighted).quotesWeighted(tail, isCounted: false))
        }
    }

    @Test func weightsThatCannotBeTrustedComeLast() throws {
        let wrong = try WeightedTSDistributionTests().trials(20000, seed: 4, weightPower: 0.9)
        let both = BackgroundTrials(ordinary: try ordinary(20000), weighted: wrong)
        #expect(try [2.0, 5].map { try method(both, $0) } == [.counted, .gammaFit])
        let few = BackgroundTrials(ordinary: try ordinary(100), weighted: wrong)
        let threshold = try few.threshold(tailProbability: Significance.tailProbability(sigma: 5))
        #expect(threshold.method == .weighted && threshold.weighted?.isTrusted == false)
    }

    @Test func aSearchTakesTheSameThreshold() throws {
        let signal = try SignalTrials(mu: 10, ts: (0..<2000).map { 20 + Double($0 % 100) / 10 })
        let trials = SearchTrials(
            background: try ordinary(5000), weighted: weighted, signal: [signal], injected: [])
        let found = try DetectableSignal.find(.discovery(sigma: 5), in: trials)
        #expect(found.threshold == (try weighted.threshold(sigma: 5)))
        let suggestion = try TrialSuggestion.find(for: [.discovery(sigma: 5)], relativeError: 0.05, from: trials)
        #expect(suggestion.orders.contains { $0.isWeighted && $0.count >= 100 })
    }
}
