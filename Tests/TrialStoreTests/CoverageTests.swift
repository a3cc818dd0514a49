import PointSource
import Testing

@testable import Settings
@testable import TrialStore

@Suite("Which trials are present")
struct CoverageTests {
    private func range(_ first: Int64, _ last: Int64) throws -> TrialRange {
        try #require(TrialRange(first: first, last: last))
    }

    @Test("Ranges join, count, and read as text")
    func ranges() throws {
        var trials = TrialRanges()
        #expect(trials.description == "none")
        #expect(trials.insert(try range(0, 999)) == 0)
        #expect(trials.insert(try range(1500, 1999)) == 0)
        #expect(trials.description == "0–999, 1500–1999")
        #expect(trials.gaps.description == "1000–1499")
        #expect(trials.insert(try range(990, 1009)) == 10)
        #expect(trials.insert(try range(1010, 1499)) == 0)
        #expect(trials.description == "0–1999")
        #expect(trials.insert(7) == false)
        #expect(trials.insert(2001) == true)
        #expect(trials.insert(-1) == false)
        #expect(trials.description == "0–1999, 2001")
        #expect(trials.missing(in: try range(1990, 2010)).description == "2000, 2002–2010")
        #expect(TrialRange(first: 3, last: 2) == nil)
        #expect(TrialRange(first: 0, last: .max) == nil)
        #expect(TrialRange(first: 0, last: .max - 1)?.count == .max)
    }

    @Test("Numbers of trials that have no room are the largest there is")
    func clamped() throws {
        var coverage = Coverage()
        for seed in [1, 2] as [Int64] { coverage.insert(.max - 1, of: Hypothesis(meanSignal: 0, seed: seed)) }
        #expect(coverage.count == 2 && coverage.gaps.count == .max)
    }

    @Test("Ranges agree with a plain set of numbers (seed 20240611)")
    func rangesAgainstSet() throws {
        var state: UInt64 = 20_240_611
        func next(_ bound: UInt64) -> Int64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int64((state >> 33) % bound)
        }
        for _ in 0..<50 {
            var trials = TrialRanges()
            var reference = Set<Int64>()
            for _ in 0..<40 {
                let first = next(300)
                let added = try range(first, first + next(20))
                let known = (added.first...added.last).filter(reference.contains).count
                #expect(trials.insert(added) == Int64(known))
                reference.formUnion(added.first...added.last)
            }
            #expect(trials.count == Int64(reference.count))
            for trial in Int64(0)..<330 { #expect(trials.contains(trial) == reference.contains(trial)) }
            for (one, other) in zip(trials.ranges, trials.ranges.dropFirst()) { #expect(one.last + 1 < other.first) }
            let window = try range(50, 250)
            let missing = trials.missing(in: window)
            for trial in window.first...window.last { #expect(missing.contains(trial) != reference.contains(trial)) }
            #expect(missing.count == Int64((window.first...window.last).filter { !reference.contains($0) }.count))
        }
    }

    @Test("Coverage keeps hypotheses apart")
    func hypotheses() {
        let records =
            (0..<10).map { StoreFolder.record($0, mu: 5) } + (3..<6).map { StoreFolder.record($0, mu: 0, seed: 2) }
        let coverage = Coverage(of: records)
        #expect(coverage.description == "mu 0, seed 2: 3–5\nmu 5, seed 1: 0–9")
        #expect(coverage.count == 13)
        #expect(coverage.gaps.description == "mu 0, seed 2: 0–2")
        #expect(coverage.contains(4, of: Hypothesis(meanSignal: 0, seed: 2)))
        #expect(!coverage.contains(4, of: Hypothesis(meanSignal: 0, seed: 1)))
    }

    @Test("Campaigns are compared key by key")
    func campaignDifferences() {
        let other = StoreFolder.campaign
            .replacing("dec: 5.7", with: "dec: 5.8").replacing("count: 100\n", with: "count: 100\n")
            .replacing("- mu: 5", with: "- mu: 6").appending("\nseed: 3")
        let differences = CampaignDifference.between(StoreFolder.campaign, other)
        #expect(
            differences == [
                .init(key: "source.dec", first: "5.7", second: "5.8"),
                .init(key: "trials[1].mu", first: "5", second: "6"),
                .init(key: "seed", first: nil, second: "3"),
            ])
        #expect(CampaignDifference.between(other, other).isEmpty)
        #expect(!CampaignDifference.between("a: {b: 1}", "a: {b: 2}").isEmpty)
    }
}

@Suite("Coverage, collected row by row")
struct CoverageCollectorTests {
    @Test("Is the same as trial by trial, and so is the word on each; seed 5")
    func equivalence() {
        var state: UInt64 = 5
        func random(_ bound: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % bound
        }
        for _ in 0..<200 {
            var (collector, coverage) = (CoverageCollector(), Coverage())
            for _ in 0..<20 {
                let (start, mean) = (Int64(random(60)), Double(random(2)))
                for trial in start...start + Int64(random(15)) {
                    let key = TrialKey(meanSignal: mean, seed: 1, trial: trial)
                    let isNew = coverage.insert(trial, of: key.hypothesis)
                    #expect(collector.insert(key) == isNew)
                }
            }
            #expect(collector.finish() == coverage)
        }
    }
}
