import Diagnostics
import Testing

@testable import Inference

@Suite struct DetectionProbabilityTests {
    static func probability(_ counts: [(mu: Double, detected: Int)], trials: Int = 100) throws -> DetectionPower {
        try DetectionPower(
            counts.map { try DetectionPower.Point(mu: $0.mu, detected: $0.detected, trials: trials) })
    }

    @Test func interpolatesLinearlyInTheProbit() throws {
        let estimate = try Self.probability([(0, 10), (10, 80), (5, 50), (20, 98)]).mu(atPower: 0.9)
        // scipy.stats.norm.ppf([0.8, 0.9, 0.98])
        let probits = [0.8416212335729143, 1.2815515655446004, 2.0537489106318225]
        let mu = 10 + 10 * (probits[1] - probits[0]) / (probits[2] - probits[0])
        #expect(abs(estimate.mu - mu) < 1e-12)
        #expect(estimate.low < mu && estimate.low > 10)
        #expect((estimate.high ?? 0) > mu && (estimate.high ?? 99) < 20)
    }

    @Test func neighboursThatFallArePooled() throws {
        let probability = try Self.probability([(0, 10), (1, 40), (2, 30), (3, 35), (4, 90)])
        #expect(probability.monotone.map(\.probability) == [0.1, 0.35, 0.35, 0.35, 0.9])
        // 0.35 itself holds from 1 to 3.
        #expect(abs(try probability.mu(atPower: 0.35).mu - 2) < 1e-12)
    }

    @Test func equalMuAreAddedUp() throws {
        let probability = try Self.probability([(1, 40), (1, 20)])
        #expect(probability.points.count == 1)
        #expect(probability.points[0].proportion.tries == 200)
        #expect(probability.points[0].proportion.successes == 60)
    }

    @Test func faultsNameWhatIsMissing() throws {
        func text(_ counts: [(Double, Int)], _ power: Double) -> String {
            do {
                _ = try Self.probability(counts.map { (mu: $0.0, detected: $0.1) }).mu(atPower: power)
                return "accepted"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            text([(1, 5), (10, 45)], 0.9)
                == "no mu reaches a detection probability of 0.9: the largest mu, 10.0, has 0.45. "
                + "Run trials with larger mu.")
        #expect(text([(5, 95), (10, 99)], 0.9).contains("the smallest mu, 5.0, already has a detection probability"))
        #expect(text([(5, 95), (10, 99)], 0.9).hasSuffix("Run trials with smaller mu."))
        #expect(text([(0, 5), (10, 99)], 1.5).contains("power 1.5 is outside (0, 1)"))
        #expect(throws: Fault.self) { try DetectionPower([]) }
        #expect(throws: Fault.self) { try DetectionPower.Point(mu: -1, detected: 1, trials: 2) }
        #expect(throws: Fault.self) { try DetectionPower.Point(mu: 1, detected: 3, trials: 2) }
    }

    @Test func upperEndIsOpenWhereTrialsEnd() throws {
        let estimate = try Self.probability([(0, 10), (10, 91)]).mu(atPower: 0.9)
        #expect(estimate.high == nil)
        #expect(estimate.low < estimate.mu)
    }

    @Test func probitFindsAStraightLine() throws {
        // Counts of 10⁶ trials rounded from Φ(0.4 mu − 2): the power 0.5 lies at mu = 5, 0.9 at (1.2815515655 + 2)/0.4.
        let counts: [(mu: Double, detected: Int)] = [2, 3, 4, 5, 6, 7, 8, 9].map { mu in
            let p = 1 - Significance.tailProbability(sigma: 0.4 * mu - 2)
            return (mu, Int((p * 1e6).rounded()))
        }
        let probability = try Self.probability(counts, trials: 1_000_000)
        #expect(abs(try probability.mu(atPower: 0.5, by: .probit).mu - 5) < 1e-5)
        let sensitivity = try probability.mu(atPower: 0.9, by: .probit)
        #expect(abs(sensitivity.mu - (1.2815515655446004 + 2) / 0.4) < 1e-5)
        #expect(sensitivity.low < sensitivity.mu && sensitivity.mu < sensitivity.high ?? 0)
        #expect(throws: Fault.self) { try Self.probability([(1, 50), (2, 40)]).mu(atPower: 0.5, by: .probit) }
    }

    @Test(arguments: [DetectionPower.Interpolation.monotone, .linear, .probit])
    func intervalCovers(_ interpolation: DetectionPower.Interpolation) throws {
        // 400 campaigns, seeds 1000...; truth by Φ(0.5 mu) = 0.9 on a grid so fine that linear interpolation is good.
        var covered = 0
        let truth = 2 * 1.2815515655446004
        for campaign in 0..<400 {
            let hypotheses = try [1.6, 2.0, 2.4, 2.8, 3.2].enumerated().map { index, mu in
                let ts = SyntheticTrials.ts(shift: 0.5 * mu, count: 200, seed: UInt64(1000 + 10 * campaign + index))
                return try SignalTrials(mu: mu, ts: ts).point(above: 0)
            }
            let estimate = try DetectionPower(hypotheses).mu(atPower: 0.9, by: interpolation)
            if estimate.low <= truth, truth <= estimate.high ?? .infinity { covered += 1 }
        }
        // Three standard deviations of 400 are 0.07.
        let fraction = Double(covered) / 400
        #expect(fraction > 0.6827 - 0.07 && fraction < 0.6827 + 0.12, "covers \(fraction)")
    }
}

@Suite struct DetectableSignalTests {
    static let mus: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]

    static func trials(background: Int, signal: Int) throws -> SearchTrials {
        let signals = try mus.enumerated().map { index, mu in
            try SignalTrials(mu: mu, ts: SyntheticTrials.ts(shift: 0.5 * mu, count: signal, seed: UInt64(20 + index)))
        }
        return SearchTrials(
            background: try TSDistribution(SyntheticTrials.ts(count: background, seed: 19)), signal: signals,
            injected: [])
    }

    @Test func sensitivityAndDiscoveryPotentialOfAKnownDistribution() throws {
        let trials = try Self.trials(background: 20_000, signal: 4000)
        // z > 0 in 90 %: 0.5 mu = 1.2816; z > 3 in half the trials: 0.5 mu = 3.
        let sensitivity = try DetectableSignal.find(.sensitivity, in: trials)
        #expect(sensitivity.threshold.value < 1e-3)
        #expect(abs(sensitivity.mu - 2.5631) < 0.12)
        #expect(sensitivity.muLow < sensitivity.mu && sensitivity.mu < sensitivity.muHigh ?? 0)
        #expect(sensitivity.method == "counted threshold, monotone interpolation")

        let discovery = try DetectableSignal.find(.discovery(sigma: 3), in: trials)
        let high = try #require(discovery.muHigh)
        #expect(abs(discovery.mu - 6) < 3 * (high - discovery.muLow))
        #expect(abs(discovery.mu - 6) < 0.4)

        let probit = try DetectableSignal.find(
            .discovery(sigma: 3), in: trials, interpolation: .probit)
        #expect(abs(probit.mu - 6) < 0.4)
        #expect(probit.method == "counted threshold, probit interpolation")
    }

    @Test func thresholdsErrorWidensTheInterval() throws {
        let trials = try Self.trials(background: 20_000, signal: 4000)
        let found = try DetectableSignal.find(.discovery(sigma: 3), in: trials)
        let counts = try DetectionPower(trials.signal.map { $0.point(above: found.threshold.value) })
        let alone = try counts.mu(atPower: 0.5)
        #expect(found.muLow < alone.low)
        #expect((found.muHigh ?? 0) > (alone.high ?? .infinity))
    }

    @Test func missingTrialsAreNamed() throws {
        let trials = try Self.trials(background: 20_000, signal: 500)
        func text(_ criterion: DetectableSignal.Criterion, _ signal: [SignalTrials]) -> String {
            do {
                _ = try DetectableSignal.find(
                    criterion, in: SearchTrials(background: trials.background, signal: signal, injected: []))
                return "accepted"
            } catch {
                return "\(error)"
            }
        }
        #expect(text(.sensitivity, []).contains("no trials with mu above 0"))
        #expect(text(.discovery(), trials.signal).contains("the largest mu, 8.0"))
        #expect(throws: Fault.self) { try SignalTrials(mu: .nan, ts: [1]) }
        #expect(throws: Fault.self) { try SignalTrials(mu: 1, ts: []) }
    }
}
