import Inference
import Numerics
import Testing

@testable import PointSource

/// Weighted skies of catalogues and stacks (docs/model.md, section 14). Seeds are fixed.
@Suite struct WeightedSkyTests {
    private typealias Mean = WeightedTrialTests.Mean

    private static func source(_ ra: Double, _ dec: Double) throws -> Source {
        try Source(name: "at \(ra)", rightAscensionDegrees: ra, declinationDegrees: dec)
    }

    /// Two sources 0.7 degrees apart, a far one, one in the south, and one whose events are relevant at every right
    /// ascension.
    private static func sources() throws -> [Source] {
        try [source(40.67, -0.01), source(41.2, 0.45), source(83.63, 22.01), source(200, -60), source(10, 87)]
    }

    private static func catalogue(
        _ sources: [Source], only names: [String] = ["IC40"],
        change: (inout AnalysisSettings) throws -> Void = { _ in }
    ) throws -> CatalogueAnalysis {
        var settings = AnalysisSettings()
        try change(&settings)
        return try CatalogueAnalysis(
            datasets: try ToyAnalysis.datasets().filter { names.contains($0.name) }, sources: sources,
            settings: settings)
    }

    private static func stack(_ sources: [Source], only names: [String] = ["IC40"]) throws -> PointSourceAnalysis {
        try PointSourceAnalysis(
            datasets: try ToyAnalysis.datasets().filter { names.contains($0.name) }, stack: sources,
            weights: sources.indices.map { 1 + Double($0) }, settings: AnalysisSettings())
    }

    // MARK: Constants

    /// Bridges from ordinary skies to the smallest n of each source and γ, and from there to larger n.
    ///
    /// - Parameter logRatios: ln dQ_k/dP at all points for a number of trials of a component.
    private func checkConstants(_ mixture: ProposalMixture, _ logRatios: (_ component: Int) -> [[Double]]) {
        let points = mixture.points
        let ordinary = logRatios(0)
        var lower: [[Double]] = []
        // The bridges from ordinary skies, whose errors are independent except for the ordinary skies.
        var (values, errors) = ([Double](), [Double]())
        var (squares, bridges) = (0.0, 0)
        for k in points.indices {
            let hasLower = k > 0 && points[k - 1].gamma == points[k].gamma && points[k - 1].source == points[k].source
            let own = logRatios(k + 1)
            func ratios(_ sample: [[Double]]) -> [Double] { sample.map { hasLower ? $0[k] - $0[k - 1] : $0[k] } }
            let (value, error) = WeightedTrialTests.bridge(ratios(hasLower ? lower : ordinary), ratios(own))
            #expect(abs(value) < 4.5 * error, "\(points[k]): \(value) ± \(error)")
            squares += value * value / (error * error)
            bridges += 1
            if !hasLower {
                values.append(value)
                errors.append(error)
            }
            lower = own
        }
        #expect(squares < Double(bridges) + 5 * (2 * Double(bridges)).squareRoot(), "chi2 \(squares) of \(bridges)")
        let weights = errors.map { 1 / ($0 * $0) }
        let total = weights.reduce(0, +)
        let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
        // Ordinary skies are in all of them: at most twice the error of independent ones.
        let error = 2 / total.squareRoot()
        #expect(abs(mean) < 2.5 * error, "\(mean) ± \(error)")
        // Constants that are wrong by 0.05 are found.
        #expect(abs(mean + 0.05) > 2.5 * error && abs(mean - 0.05) > 2.5 * error, "\(mean) ± \(error)")
    }

    @Test("The constants of a catalogue") func constantsOfCatalogue() throws {
        let analysis = try Self.catalogue(try Self.sources())
        let background = try WeightedCatalogue(analysis, tail: 2.5)
        var workspace = analysis.makeWorkspace()
        checkConstants(background.mixture) { component in
            let key = Philox4x32.Key(seed: 62, stream: UInt64(component))
            return (0..<(component == 0 ? 6000 : 600)).map {
                analysis.logRatios(
                    ofTrial: $0, component: component, key: key, background: background, workspace: &workspace)
            }
        }
    }

    @Test("The constants of a stack, whose sources share events") func constantsOfStack() throws {
        let stack = try Self.stack(try Self.sources())
        let background = try WeightedBackground(stack, tail: 2.5)
        var workspace = stack.makeWorkspace()
        checkConstants(background.mixture) { component in
            let key = Philox4x32.Key(seed: 63, stream: UInt64(component))
            return (0..<(component == 0 ? 20_000 : 5000)).map {
                stack.logRatios(
                    ofTrial: $0, component: component, key: key, background: background, workspace: &workspace)
            }
        }
    }

    /// The mean of dQ/dP at the smallest n, under background.
    @Test("Density ratios have the mean 1 under background") func meanRatio() throws {
        let analysis = try Self.catalogue(Array(try Self.sources().prefix(2)))
        let background = try WeightedCatalogue(analysis, tail: 2)
        var workspace = analysis.makeWorkspace()
        // u = 1.5, where the standard deviation of a ratio is about 3.
        let key = Philox4x32.Key(seed: 64, stream: 0)
        let ratios = (0..<60_000 as Range<UInt64>).map {
            analysis.logRatios(ofTrial: $0, component: 0, key: key, background: background, workspace: &workspace)
        }
        let points = background.mixture.points
        let smallest = points.indices.filter { $0 == 0 || points[$0 - 1].gamma != points[$0].gamma }
        let mean = Mean(
            ratios.map { logs in smallest.reduce(0) { $0 + Portable.exp(logs[$1]) } / Double(smallest.count) })
        #expect(mean.agrees(with: 1, within: 2.5), "\(mean)")
        for shift in [0.1, -0.1] { #expect(!mean.agrees(with: Portable.exp(shift), within: 2.5), "\(mean)") }
    }

    // MARK: Distributions

    private struct Sample {
        let ts: Double
        let weight: Double
    }

    /// χ² of two distributions of TS in disjoint bins. The error of a count comes from its expectation.
    private func chiSquare(_ weighted: [Sample], _ ordinary: [Sample]) -> Double {
        let edges = [-1, 0, 0.02, 0.08, 0.2, 0.4, 0.7, 1, 1.4, 1.9, 2.5, 3.2, 4, 5, 6.5, 8.5, 11, Double.infinity]
        return zip(edges, edges.dropFirst()).reduce(0) { sum, bin in
            func mean(_ sample: [Sample]) -> Mean {
                Mean(sample.map { $0.ts > bin.0 && $0.ts <= bin.1 ? $0.weight : 0 })
            }
            let (one, other) = (mean(weighted), mean(ordinary))
            let difference = one.value - other.value
            let variance = max(other.error * other.error, one.value / Double(ordinary.count))
            return sum + difference * difference / (one.error * one.error + variance)
        }
    }

    /// 17 bins; 40 is exceeded with a probability of 0.1 %.
    private func compare(_ weighted: [Sample], _ ordinary: [Sample]) {
        let mean = Mean(weighted.map(\.weight))
        #expect(mean.agrees(with: 1), "\(mean)")
        #expect(!mean.agrees(with: 1.3))
        #expect(chiSquare(weighted, ordinary) < 40)
        let wrong = weighted.map { Sample(ts: $0.ts, weight: Portable.exp(0.7 * Portable.log($0.weight))) }
        #expect(chiSquare(wrong, ordinary) > 40, "a wrong weight must not pass")
    }

    private func weightedSkies(
        _ count: Int, _ analysis: CatalogueAnalysis, _ background: WeightedCatalogue, seed: Int64
    ) throws -> [WeightedSkyTrial] {
        var workspace = analysis.makeWorkspace()
        let hypothesis = Hypothesis(tail: background.mixture.tail, seed: seed)
        return try (0..<UInt64(count)).map {
            try analysis.weightedTrial($0, of: hypothesis, background: background, workspace: &workspace)
        }
    }

    @Test("The largest TS of weighted skies has the distribution of ordinary ones; the means outside are 1")
    func catalogueDistribution() throws {
        let analysis = try Self.catalogue(Array(try Self.sources().prefix(4)), only: ["IC40", "IC79"])
        let background = try WeightedCatalogue(analysis, tail: 5)
        let weighted = try weightedSkies(8000, analysis, background, seed: 71)
        for group in background.mixture.heldOutGroups.indices {
            let mean = Mean(weighted.map { Portable.exp($0.logWeight + $0.heldOut[group]) })
            #expect(mean.agrees(with: 1) && mean.error < 0.2, "group \(group): \(mean)")
        }
        var workspace = analysis.makeWorkspace()
        let ordinary = try (0..<8000 as Range<UInt64>).map {
            try analysis.trial($0, of: Hypothesis(meanSignal: 0, seed: 72), workspace: &workspace)
        }
        func largest(_ sky: SkyTrial) -> Double { sky.fits[sky.hottest].testStatistic }
        compare(
            weighted.map { Sample(ts: largest($0.sky), weight: Portable.exp($0.logWeight)) },
            ordinary.map { Sample(ts: largest($0), weight: 1) })
        // Each source, and the smaller TS of the two neighbours.
        for statistic in [
            { $0.fits[0].testStatistic }, { $0.fits[3].testStatistic },
            { min($0.fits[0].testStatistic, $0.fits[1].testStatistic) },
        ] as [(SkyTrial) -> Double] {
            let chiSquare = chiSquare(
                weighted.map { Sample(ts: statistic($0.sky), weight: Portable.exp($0.logWeight)) },
                ordinary.map { Sample(ts: statistic($0), weight: 1) })
            #expect(chiSquare < 40, "\(chiSquare)")
        }
        // Without the tilts towards the southern source, the mixture would not reach its large TS.
        #expect(weighted.contains { $0.sky.hottest == 3 && $0.sky.fits[3].testStatistic > 20 })
    }

    private func weighted(
        _ count: Int, _ analysis: PointSourceAnalysis, _ background: WeightedBackground, seed: Int64
    ) throws -> [WeightedTrial] {
        try WeightedTrialTests().makeTrials(count, analysis, background, seed: seed)
    }

    @Test("Weighted trials of a stack have the distribution of ordinary ones") func stackDistribution() throws {
        let stack = try Self.stack(try Self.sources(), only: ["IC40", "IC79"])
        let background = try WeightedBackground(stack, tail: 5)
        let weighted = try weighted(6000, stack, background, seed: 73)
        for point in background.mixture.heldOut.indices {
            let mean = Mean(weighted.map { Portable.exp($0.logWeight + $0.heldOut[point]) })
            #expect(mean.agrees(with: 1), "held-out point \(point): \(mean)")
        }
        var workspace = stack.makeWorkspace()
        let ordinary = try (0..<6000 as Range<UInt64>).map {
            try stack.trial($0, of: Hypothesis(meanSignal: 0, seed: 74), workspace: &workspace).fit.testStatistic
        }
        compare(
            weighted.map { Sample(ts: $0.trial.fit.testStatistic, weight: Portable.exp($0.logWeight)) },
            ordinary.map { Sample(ts: $0, weight: 1) })
    }

    @Test("One source as a catalogue and as a stack has the weighted trials of one source") func oneSource() throws {
        let source = try Self.source(40.67, -0.01)
        let names = ["IC40", "IC79"]
        let alone = try ToyAnalysis.make(only: names)
        let (stack, catalogue) = (try Self.stack([source], only: names), try Self.catalogue([source], only: names))
        let reference = try WeightedBackground(alone, tail: 5)
        let (ofStack, ofCatalogue) = (
            try WeightedBackground(stack, tail: 5), try WeightedCatalogue(catalogue, tail: 5)
        )
        // Only the half-widths differ.
        for mixture in [ofStack.mixture, ofCatalogue.mixture] {
            #expect(mixture.points.count == reference.mixture.points.count)
            for (point, other) in zip(
                mixture.points + mixture.heldOut, reference.mixture.points + reference.mixture.heldOut)
            {
                #expect(point.gamma == other.gamma && abs(point.share - other.share) < 1e-12)
                #expect(abs(point.signalEvents / other.signalEvents - 1) < 1e-3, "\(point) \(other)")
                #expect(abs(point.constant - other.constant) < 2e-3 * (1 + abs(other.constant)), "\(point) \(other)")
            }
        }
        #expect(ofStack.mixture.points.allSatisfy { $0.source == nil })
        #expect(ofCatalogue.mixture.points.allSatisfy { $0.source == 0 })
        // The same skies, tilted alike.
        let skies = try weightedSkies(2000, catalogue, ofCatalogue, seed: 75)
        let stacked = try weighted(2000, stack, ofStack, seed: 75)
        for (sky, trial) in zip(skies, stacked) {
            #expect(sky.proposal == trial.proposal && abs(sky.logWeight - trial.logWeight) < 1e-4)
            #expect(abs(sky.sky.fits[0].testStatistic - trial.trial.fit.testStatistic) < 1e-5)
        }
        let trials = try weighted(4000, alone, reference, seed: 76)
        let chiSquare = chiSquare(
            stacked.map { Sample(ts: $0.trial.fit.testStatistic, weight: Portable.exp($0.logWeight)) },
            trials.map { Sample(ts: $0.trial.fit.testStatistic, weight: Portable.exp($0.logWeight)) })
        #expect(chiSquare < 40, "\(chiSquare)")
    }

    // MARK: Mixtures and trials

    @Test("The mixture of a catalogue consists of those of its sources") func mixture() throws {
        let sources = try Self.sources()
        let background = try WeightedCatalogue(try Self.catalogue(sources), tail: 7)
        let mixture = background.mixture
        #expect(abs(mixture.points.reduce(mixture.ordinaryShare) { $0 + $1.share } - 1) < 1e-12)
        #expect(mixture.heldOutGroups.count == 12)
        #expect(mixture.heldOutGroups.reduce(0) { $0 + $1.points.count } == mixture.heldOut.count)
        for s in sources.indices {
            let alone = try WeightedCatalogue(try Self.catalogue([sources[s]]), tail: 7).mixture
            let own = mixture.points.filter { $0.source == s }
            #expect(own.map(\.constant) == alone.points.map(\.constant))
            #expect(own.map(\.signalEvents) == alone.points.map(\.signalEvents))
            #expect(abs(own.reduce(0) { $0 + $1.share } - 0.9 / Double(sources.count)) < 1e-12)
        }
        // The component of each trial.
        for (place, component) in [(0.0, 0), (0.0999, 0), (0.1001, 1), (0.99999, mixture.points.count)] {
            #expect(mixture.component(at: place) == component)
        }
    }

    @Test("Trials depend on their arguments alone") func purity() throws {
        let sources = Array(try Self.sources().prefix(3))
        let analysis = try Self.catalogue(sources)
        let background = try WeightedCatalogue(analysis, tail: 7)
        let again = try WeightedCatalogue(analysis, tail: 7)
        #expect(background.mixture == again.mixture)
        let forwards = try weightedSkies(20, analysis, background, seed: 77)
        var used = analysis.makeWorkspace()
        for trial in forwards.reversed() {
            let number = trial.sky.number
            _ = try analysis.trial(number, of: Hypothesis(meanSignal: 5, seed: 1), workspace: &used)
            let same = try analysis.weightedTrial(
                number, of: Hypothesis(tail: 7, seed: 77), background: again, workspace: &used)
            #expect(same == trial)
        }
        #expect(throws: (any Error).self) {
            try analysis.weightedTrial(
                0, of: Hypothesis(tail: 4, seed: 1), background: background, workspace: &used)
        }
        #expect(throws: (any Error).self) { try WeightedCatalogue(analysis, tail: 9) }
    }

    @Test("A tilted event lies where it was drawn, on either side of right ascension 0") func movedEvents() {
        let angles = TurnArray(count: 64)
        for direction in [0, 1e-12, 1, 3.2, 6.283_185_3] {
            let (word, rest) = TurnArray.word(of: direction)
            for difference in [-3.1, -1e-3, -1e-10, 0, 1e-10, 2e-4, 3.1] {
                angles.set(33, direction + difference)
                let steps = Int32(bitPattern: angles[33] &- word)
                #expect(abs((Double(steps) + 0.5) * TurnArray.unit - rest - difference) <= 0.5001 * TurnArray.unit)
                var found = 0
                angles.forEach(
                    near: word, first: 32, widths: FlatTable([0, 0x8000] + [UInt16](repeating: 0, count: 30)),
                    in: 0..<32, buffer: TurnArray.Buffer()
                ) { index, near in found += index == 33 && near == steps ? 1 : 0 }
                #expect(found == 1)
            }
        }
    }

    @Test("Golden values") func goldenValues() throws {
        let sources = Array(try Self.sources().prefix(3))
        let analysis = try Self.catalogue(sources)
        let trials = try weightedSkies(4, analysis, try WeightedCatalogue(analysis, tail: 7), seed: 78)
        #expect(trials.map(\.proposal) == [81, 36, 0, 64])
        #expect(
            trials.map(\.logWeight) == [
                1.8050393958674507, 0.5800298606196734, 1.7634926819669265, -19.747754686021487,
            ])
        #expect(
            trials.map { $0.sky.fits[$0.sky.hottest].testStatistic }
                == [0, 2.3698204205878364, 0, 41.749398473879204])
        let stack = try Self.stack(sources)
        let stacked = try weighted(4, stack, try WeightedBackground(stack, tail: 7), seed: 78)
        #expect(
            stacked.map(\.logWeight) == [
                -0.17855732600305685, -0.5481020369660441, 1.9455907755326223, -4.52000490258807,
            ])
        #expect(
            stacked.map(\.trial.fit.testStatistic)
                == [1.6361549766943488, 1.199193762562857, 0, 9.55279279826785])
    }
}
