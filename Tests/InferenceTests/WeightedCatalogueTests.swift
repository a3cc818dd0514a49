import Diagnostics
import Foundation
import Numerics
import TestSupport
import Testing

@testable import Inference

/// Independent sources with normal z: TS = scale · z² for z > 0. Skies are tilted towards one source at a time.
@Suite("Weighted trials of catalogue searches")
struct WeightedCatalogueTests {
    private static let means = [2, 3.5, 5, 6.5, 8]
    private static let heldOut = [2.75, 7.25]
    /// Of the sources.
    private static let scales = [1, 2, 1, 0.5, 1, 1.0]

    private struct Trials {
        var skies: WeightedCatalogueTrials.Skies
        let distribution: WeightedTSDistribution

        /// - Parameter power: of the weights; another than 1 makes them wrong.
        init(_ count: Int, seed: UInt64, power: Double = 1) throws {
            let sources = scales.count
            skies = .init(columns: [[Double]](repeating: [], count: sources))
            var accumulator = WeightedTSDistribution.Accumulator()
            var random = RandomStream(key: .init(seed: seed, stream: 20), trial: 0, purpose: 0)
            let share = 0.9 / Double(sources * means.count)
            for trial in 0..<count {
                // Components in turn, a tenth of the trials ordinary.
                let tilted = trial % 10 != 0
                let number = trial - trial / 10 - 1
                let component = tilted ? 1 + number % (sources * means.count) : 0
                var z = (0..<sources).map { _ in random.normal() }
                if tilted { z[(component - 1) / means.count] += means[(component - 1) % means.count] }
                func ratio(_ mean: Double, _ source: Int) -> Double { mean * z[source] - mean * mean / 2 }
                var density = 0.1
                for source in 0..<sources { for mean in means { density += share * exp(ratio(mean, source)) } }
                let ts = z.enumerated().map { $1 > 0 ? scales[$0] * $1 * $1 : 0 }
                for source in 0..<sources { skies.columns[source].append(ts[source]) }
                let logWeight = -power * log(density)
                skies.logWeights.append(logWeight)
                skies.components.append(Int32(component))
                try accumulator.add(
                    ts: ts.max() ?? 0, logWeight: logWeight, component: component,
                    heldOut: heldOut.map { mean in
                        log((0..<sources).reduce(0) { $0 + exp(ratio(mean, $1)) } / Double(sources))
                    })
            }
            distribution = try WeightedTSDistribution(accumulator)
        }

        func search(_ observed: [Double]?) throws -> WeightedCatalogueTrials {
            try WeightedCatalogueTrials(skies, distribution: distribution, ordinaryShare: 0.1, observed: observed)
        }
    }

    private static func local(_ sigma: Double) -> Double { erfc(sigma / 2.0.squareRoot()) / 2 }

    @Test("The post-trial p-value of the hottest source at 3 to 6 sigma, with local p-values, 1 at TS 0")
    func hottest() throws {
        let trials = try Trials(30_000, seed: 1)
        #expect(trials.distribution.isSound)
        for sigma in [3.0, 4, 5, 6] {
            // Source 3 has half the TS of others at the same significance; source 1 has more, and is less significant.
            let observation = try #require(
                try trials.search([0, 2 * (sigma - 0.5) * (sigma - 0.5), 1, 0.5 * sigma * sigma, 0, 0]).observation)
            #expect(observation.hottest.source == 3)
            #expect(observation.local[0].value == 1 && observation.local[4].value == 1)
            let p = Self.local(sigma)
            let own = try #require(observation.local[3].weighted)
            #expect(abs(own.value / p - 1) < 4 * own.relativeError && own.relativeError < 0.12 && own.isTrusted)
            let global = try #require(observation.hottest.global.weighted)
            let exact = -expm1(6 * log1p(-p))
            #expect(abs(global.value / exact - 1) < 4 * global.relativeError, "\(sigma) sigma: \(global) \(exact)")
            #expect(global.relativeError < 0.12 && global.isTrusted)
            #expect(observation.hottest.global.low < global.value && observation.hottest.global.high > global.value)
            #expect(abs(global.value / own.value - 6) < 0.25)
        }
        let zero = try #require(try trials.search([0, 0, 0, 0, 0, 0]).observation)
        #expect(zero.hottest.global.value == 1 && zero.population.global.value == 1)
        let beyond = try #require(try trials.search([900, 0, 0, 0, 0, 0]).observation)
        #expect(beyond.hottest.global.value == 0 && beyond.hottest.global.weighted?.isTrusted == false)
        let wrong = try Trials(30_000, seed: 1, power: 0.9)
        let untrusted = try #require(try wrong.search([25, 0, 0, 0, 0, 0]).observation)
        #expect(!wrong.distribution.isSound && untrusted.hottest.global.weighted?.isTrusted == false)
    }

    /// The local p-value of the data's source has the error of few tilted trials, and all others are compared with it.
    @Test("The error contains that of the local p-value") func errors() throws {
        let repeats = 120
        let exact = -expm1(6 * log1p(-Self.local(4.5)))
        var (pulls, counted) = (0.0, 0.0)
        for seed in 0..<repeats {
            let trials = try Trials(3000, seed: 100 + UInt64(seed))
            let observation = try #require(try trials.search([20.25, 0, 0, 0, 0, 0]).observation)
            let global = try #require(observation.hottest.global.weighted)
            let deviation = global.value / exact - 1
            pulls += pow(deviation / global.relativeError, 2) / Double(repeats)
            // The error of a sum of weights over fixed trials: those in which any source has as much.
            var accumulator = WeightedTSDistribution.Accumulator()
            for (trial, logWeight) in trials.skies.logWeights.enumerated() {
                try accumulator.add(
                    ts: zip(trials.skies.columns, Self.scales).map { $0[trial] / $1 }.max() ?? 0,
                    logWeight: logWeight, component: Int(trials.skies.components[trial]))
            }
            let naive = try WeightedTSDistribution(accumulator).survival(above: 20.25).relativeError
            counted += pow(deviation / naive, 2) / Double(repeats)
        }
        // χ² of 120: 1 ± 0.13.
        #expect(pulls > 0.65 && pulls < 1.45, "\(pulls)")
        #expect(counted > 2, "\(counted)")
    }

    @Test("The population test agrees with counted trials; its tail is not trusted") func population() throws {
        let trials = try Trials(20_000, seed: 3)
        var random = RandomStream(key: .init(seed: 4, stream: 20), trial: 0, purpose: 0)
        let columns = Self.scales.map { scale in
            (0..<20_000).map { _ in
                let z = random.normal()
                return z > 0 ? scale * z * z : 0
            }
        }
        let data = [2, 4, 0, 0.5, 0, 0.0]
        let counted = try #require(try CatalogueTrials(columns, observed: data).observation)
        let own = try #require(try trials.search(data).observation)
        #expect(own.population.k == counted.population.k)
        #expect(abs(own.population.binomial / counted.population.binomial - 1) < 0.15)
        let (one, other) = (own.population.global, counted.population.global)
        let error = (pow(one.high - one.low, 2) + pow(other.high - other.low, 2)).squareRoot() / 2
        #expect(abs(one.value - other.value) < 5 * error, "\(one) \(other)")
        #expect(one.weighted?.isTrusted == true)
        // Five sources of 3 sigma.
        let rare = try #require(try trials.search([9, 18, 9, 4.5, 9, 0]).observation)
        #expect(rare.population.global.weighted?.isTrusted == false)
    }

    @Test("What a post-trial p-value requires") func requirements() throws {
        let required = try Trials(30_000, seed: 5).search(nil).requirements(global: [3, 5].map(Self.local) + [1e-45])
        for (sigma, requirement) in zip([3.0, 5], required) {
            let local = try #require(requirement.local)
            #expect(abs(local * 6 / Self.local(sigma) - 1) < 0.1, "\(requirement)")
        }
        #expect(required[1].binomial == nil && required[2].local == nil)
    }

    @Test("Both kinds of trials: the more precise p-value is quoted, the population's is counted") func bothKinds()
        throws
    {
        let weighted = try Trials(20_000, seed: 6)
        var random = RandomStream(key: .init(seed: 7, stream: 20), trial: 0, purpose: 0)
        let columns = Self.scales.map { scale in
            (0..<20_000).map { _ in
                let z = random.normal()
                return z > 0 ? scale * z * z : 0
            }
        }
        for (ts, method) in [(1.0, Threshold.Method.counted), (16, .weighted), (36, .weighted)] {
            let data = [ts, 0, 0, 0, 0, 0]
            let background = CatalogueBackground(
                ordinary: try CatalogueTrials(columns, observed: data), weighted: try weighted.search(data))
            let observation = try #require(background.observation)
            #expect(observation.hottest.global.method == method && observation.local[0].method == method, "\(ts)")
            #expect(observation.population.global.method == .counted)
        }
        let requirements = CatalogueBackground(
            ordinary: try CatalogueTrials(columns), weighted: try weighted.search(nil)
        ).requirements(global: [2, 5].map(Self.local))
        #expect(requirements[0].binomial != nil && requirements[1].local != nil && requirements[1].binomial == nil)
    }

    @Test("Trials that cannot be used") func faults() throws {
        let trials = try Trials(100, seed: 8)
        func search(_ change: (inout WeightedCatalogueTrials.Skies) -> Void, _ observed: [Double]? = nil) throws {
            var skies = trials.skies
            change(&skies)
            _ = try WeightedCatalogueTrials(
                skies, distribution: trials.distribution, ordinaryShare: 0.1, observed: observed, names: ["Cygnus"])
        }
        expectFault(.badData, "no weighted trials") { try search { $0.logWeights = [] } }
        expectFault(.usage, "different numbers") { try search { $0.columns[2].removeLast() } }
        expectFault(.usage, "different numbers") { try search({ _ in }, [1]) }
        expectFault(.badData, "the TS of Cygnus in weighted trial 3") { try search { $0.columns[0][3] = .nan } }
        expectFault(.badData, "the observed TS of Cygnus") { try search({ _ in }, [.infinity, 0, 0, 0, 0, 0]) }
    }
}
