import Diagnostics
import Foundation
import Numerics
import TestSupport
import Testing

@testable import Inference

@Suite("Catalogue searches")
struct CatalogueTests {
    /// Skies of sources in pairs that share half of their fluctuations: x is normal, TS = x² for x > 0.
    ///
    /// - Returns: for each source, its TS in each sky.
    private static func skies(_ count: Int, sources: Int, seed: UInt64, isRounded: Bool = false) -> [[Double]] {
        var random = RandomStream(key: .init(seed: seed, stream: 19), trial: 0, purpose: 0)
        var columns = [[Double]](repeating: [], count: sources)
        for _ in 0..<count {
            var shared = 0.0
            for source in 0..<sources {
                if source % 2 == 0 { shared = random.normal() }
                let x = (shared + random.normal()) * 0.5.squareRoot()
                let ts = x > 0 ? x * x : 0
                columns[source].append(isRounded ? (4 * ts).rounded() / 4 : ts)
            }
        }
        return columns
    }

    /// One sky less, and that sky.
    private static func split(_ columns: [[Double]], at sky: Int) -> (trials: [[Double]], data: [Double]) {
        (columns.map { Array($0[..<sky]) + $0[(sky + 1)...] }, columns.map { $0[sky] })
    }

    /// C(n, k) pᵏ (1 − p)ⁿ⁻ᵏ summed from k on.
    private static func tail(_ k: Int, _ n: Int, _ p: Double) -> Double {
        (k...n).reduce(0) { sum, j in
            let choices = (0..<j).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
            return sum + choices * pow(p, Double(j)) * pow(1 - p, Double(n - j))
        }
    }

    @Test("Binomial tails agree with scipy.stats.binom.sf(k - 1, N, p), and their smallest with a direct search")
    func binomialTails() throws {
        func smallest(_ ranks: [UInt32], _ size: Int) -> (k: Int, probability: Double) {
            ranks.withUnsafeBufferPointer { BinomialTails(sources: ranks.count).smallest($0, of: size) }
        }
        let many = smallest([1, 3, 20, 100, 200] + [UInt32](repeating: 10_000, count: 105), 10_000)
        #expect(many.k == 2 && abs(many.probability / 0.0005280348265153861 - 1) < 1e-12)
        let few = smallest([3, 10, 11, 300] + [UInt32](repeating: 1000, count: 8), 1000)
        #expect(few.k == 3 && abs(few.probability / 0.00027182728942215447 - 1) < 1e-12)
        #expect(smallest([7, 7], 7) == (1, 1))

        var random = RandomStream(key: .init(seed: 3, stream: 19), trial: 0, purpose: 0)
        for number in 0..<400 {
            let (count, size) = (1 + number % 12, 40)
            let ranks = (0..<count).map { _ in UInt32(1 + Int(random.uniform() * Double(size))) }.sorted()
            let found = smallest(ranks, size)
            let all = ranks.enumerated().map { Self.tail($0 + 1, count, Double($1) / Double(size)) }
            #expect(abs(found.probability / (all.min() ?? 0) - 1) < 1e-10, "\(ranks)")
            #expect(abs(found.probability / all[found.k - 1] - 1) < 1e-10, "\(ranks)")
        }
        // A long list, where most binomial terms are not representable: every source at its expected p-value.
        let long = smallest((1...5000).map { UInt32($0) }, 5000)
        #expect(long.probability > 0.1 && long.probability < 0.7)
    }

    /// The rules as docs/statistics.md states them, evaluated without sorting.
    @Test("Local and post-trial p-values agree with a direct count", arguments: [false, true])
    func directCount(isRounded: Bool) throws {
        let (n, sources) = (60, 5)
        var all = Self.skies(n + 1, sources: sources, seed: 7, isRounded: isRounded)
        // A fit may end below 0, by rounding or because of its bounds.
        all[1][4] = -1e-9
        all[2][5] = -0.5
        for data in [0, 4, 5, n] {
            let (trials, observed) = Self.split(all, at: data)
            let found = try CatalogueTrials(trials, observed: observed)
            let observation = try #require(found.observation)
            func value(_ source: Int, _ sky: Int) -> Double {
                let ts = all[source][sky]
                return ts > -1e-6 && ts <= 0 ? 0 : ts
            }
            func rank(_ source: Int, _ sky: Int) -> Int {
                (0...n).count { value(source, $0) >= value(source, sky) }
            }
            func hottest(_ sky: Int) -> (source: Int, rank: Int, ts: Double) {
                (0..<sources).map { ($0, rank($0, sky), value($0, sky)) }.min { one, other in
                    (one.1, -one.2, one.0) < (other.1, -other.2, other.0)
                } ?? (0, 0, 0)
            }
            func population(_ sky: Int) -> Double {
                let sorted = (0..<sources).map { rank($0, sky) }.sorted()
                return sorted.enumerated().map { Self.tail($0 + 1, sources, Double($1) / Double(n + 1)) }.min() ?? 1
            }
            for source in 0..<sources {
                #expect(observation.local[source].value == Double(rank(source, data) - 1) / Double(n))
                #expect(
                    found.countsAtZero[source] == (0...n).count { $0 != data && value(source, $0) == 0 })
            }
            let others = (0...n).filter { $0 != data }
            let own = hottest(data)
            let above = others.count { sky in
                let other = hottest(sky)
                return other.rank < own.rank || (other.rank == own.rank && other.ts >= own.ts)
            }
            #expect(observation.hottest.source == own.source)
            #expect(observation.hottest.global.value == Double(above) / Double(n))
            let statistic = population(data)
            let rarer = others.count { population($0) <= statistic * (1 + 1e-12) }
            #expect(observation.population.global.value == Double(rarer) / Double(n))
            let k = observation.population.k
            #expect(observation.population.local == observation.local[observation.population.sources[k - 1]])
            #expect(
                abs(observation.population.binomial - Self.tail(k, sources, observation.population.local.value)) < 1e-12
            )
        }
    }

    /// The skies are exchangeable. With each in turn as the data, the post-trial p-values must be 0/n, 1/n … n/n, each
    /// once. A rule that counts a trial in its own rank and the data not in theirs gives the data 0/n far too often.
    @Test("With any sky as the data, post-trial p-values are exactly uniform")
    func exactUniformity() throws {
        let (n, sources) = (80, 9)
        let all = Self.skies(n + 1, sources: sources, seed: 11)
        var (hottest, population) = ([Int](), [Int]())
        for sky in 0...n {
            let (trials, data) = Self.split(all, at: sky)
            let observation = try #require(try CatalogueTrials(trials, observed: data).observation)
            hottest.append(Int((observation.hottest.global.value * Double(n)).rounded()))
            population.append(Int((observation.population.global.value * Double(n)).rounded()))
        }
        #expect(hottest.sorted() == Array(0...n))
        // Equal binomial probabilities count as equally extreme: never too small, and seldom too large.
        for (place, count) in population.sorted().enumerated() { #expect(count >= place) }
        let excess = zip(population.sorted(), 0...n).reduce(0) { $0 + $1.0 - $1.1 }
        #expect(Double(excess) < 0.1 * Double(n * n) / 2)
    }

    @Test("Neither the order of trials nor a further source without signal changes a source's local p")
    func independence() throws {
        let all = Self.skies(201, sources: 6, seed: 2)
        let (trials, data) = Self.split(all, at: 200)
        let observation = try #require(try CatalogueTrials(trials, observed: data).observation)
        let turned = try CatalogueTrials(trials.map { $0.reversed() }, observed: data).observation
        #expect(turned == observation)
        let fewer = try CatalogueTrials(Array(trials[..<4]), observed: Array(data[..<4])).observation
        #expect(fewer?.local == Array(observation.local[..<4]))
        // One source is no search: its post-trial p is the local one.
        let single = try #require(try CatalogueTrials([trials[0]], observed: [data[0]]).observation)
        #expect(single.hottest.global == single.local[0] && single.population.global == single.local[0])
    }

    @Test("A sky without any excess has p = 1 everywhere")
    func nothing() throws {
        let trials = Self.skies(100, sources: 3, seed: 5)
        let observation = try #require(try CatalogueTrials(trials, observed: [0, 0, -1e-9]).observation)
        #expect(observation.local.allSatisfy { $0.value == 1 } && observation.hottest.global.value == 1)
        #expect(observation.population.k == 1 && observation.population.binomial == 1)
        #expect(observation.population.global.value == 1)
    }

    @Test("A TS beyond all trials is as rare as the trials can tell, and no rarer than the hottest of a trial")
    func beyondAllTrials() throws {
        let (n, sources) = (200, 10)
        let trials = Self.skies(n, sources: sources, seed: 9)
        var data = [Double](repeating: 0, count: sources)
        data[6] = 1e3
        let observation = try #require(try CatalogueTrials(trials, observed: data).observation)
        #expect(observation.local[6].value == 0 && observation.hottest.source == 6)
        #expect(observation.hottest.global.value == 0 && observation.hottest.global.high > 0)
        #expect(observation.population.k == 1 && observation.population.binomial == 0)
        // The hottest trial of each other source has a local p as small as trials can have.
        #expect(observation.population.global.value >= 1.0 / Double(n))
        // A TS that is barely the largest of its source must not look rarer than those of the other sources.
        data[6] = (trials[6].max() ?? 0) + 1e-6
        let modest = try #require(try CatalogueTrials(trials, observed: data).observation)
        #expect(modest.local[6].value == 0)
        #expect(modest.hottest.global.value > 0.5 / Double(n))
    }

    @Test("Requirements hold in the trials")
    func requirements() throws {
        let trials = try CatalogueTrials(Self.skies(2000, sources: 7, seed: 21))
        let found = trials.requirements(global: [0.5, 0.1, 0.02, 1e-4])
        #expect(found[3].local == nil && found[3].binomial == nil)
        for requirement in found.prefix(3) {
            let (local, binomial) = (try #require(requirement.local), try #require(requirement.binomial))
            #expect(local < requirement.global && binomial < requirement.global)
            // Seven sources in pairs are four to seven chances; equal ranks make the requirement stricter.
            #expect(local > requirement.global / 12 && local < requirement.global / 3)
        }
        // With few trials many share the smallest local p.
        let few = try CatalogueTrials(Self.skies(100, sources: 60, seed: 22)).requirements(global: [0.1])
        #expect(few[0].local == nil)
    }

    @Test("Trials that cannot be ranked are refused")
    func refusals() throws {
        expectFault(.badData, "no background trials") { _ = try CatalogueTrials([]) }
        expectFault(.badData, "no background trials") { _ = try CatalogueTrials([[]]) }
        expectFault(.usage, "different numbers") { _ = try CatalogueTrials([[1, 2], [1]]) }
        expectFault(.usage, "different numbers") { _ = try CatalogueTrials([[1, 2]], observed: [1, 2]) }
        expectFault(.badData, "Cygnus in background trial 1") {
            _ = try CatalogueTrials([[1, .nan]], names: ["Cygnus"])
        }
        expectFault(.badData, "observed TS of source 2 is inf") {
            _ = try CatalogueTrials([[1], [2]], observed: [1, .infinity])
        }
    }

    @Test("The curve of post-trial p-values goes through that of every sky, within its step")
    func curves() throws {
        let columns = Self.skies(2000, sources: 6, seed: 5)
        let (trials, _) = Self.split(columns, at: 0)
        let bare = try CatalogueTrials(trials)
        for sky in [1, 17, 400, 1999] {
            let data = columns.map { $0[sky] }
            let found = try #require(try CatalogueTrials(trials, observed: data).observation)
            let (local, global) = (found.local[found.hottest.source].value, found.hottest.global.value)
            for (curve, value, p) in [
                (bare.hottestCurve, local, global),
                (bare.populationCurve, found.population.binomial, found.population.global.value),
            ] {
                let below = curve.points.last { $0.value <= value * (1 + 1e-9) }?.fraction ?? 0
                let above = curve.points.first { $0.value >= value * (1 - 1e-9) }?.fraction ?? 1
                // The data count as one more sky.
                #expect(below * 0.98 - 0.003 <= p && p <= above * 1.02 + 0.003, "\(sky): \(below) \(p) \(above)")
            }
            let smallest = found.binomialProbabilities.min() ?? 0
            #expect(abs(smallest / found.population.binomial - 1) < 1e-12)
            #expect(found.binomialProbabilities.count == 6)
        }
        let points = bare.hottestCurve.points
        #expect(points.last?.fraction == 1 && points.count < 500)
        for (one, next) in zip(points, points.dropFirst()) {
            #expect(one.value < next.value && one.fraction < next.fraction)
        }
        let ts = PostTrialCurve([3, 1, 3, 0, 2], .largeFirst).points
        #expect(ts.map(\.value) == [3, 2, 1, 0] && ts.map(\.fraction) == [0.4, 0.6, 0.8, 1])
        let weighted = PostTrialCurve([0.1, 0.5, 0.2], .smallFirst) { [0.5, 2, 0.5][$0] }.points
        #expect(weighted.map(\.value) == [0.1, 0.2, 0.5] && abs((weighted.last?.fraction ?? 0) - 1) < 1e-12)
        #expect(abs(weighted[0].fraction - 0.5 / 3) < 1e-12)
    }
}
