import Foundation
import IceTracks
import Inference
import Numerics
import Testing

@testable import PointSource

/// Sky trials of several sources on the toy release.
@Suite struct CatalogueAnalysisTests {
    private static let names = ["IC40", "IC79"]

    /// Two sources 0.7 degrees apart, one far from them, one near the pole.
    private static func sources() throws -> [Source] {
        try [(40.67, -0.01), (41.2, 0.45), (83.63, 22.01), (200.0, -71.0)].map {
            try Source(name: "at \($0.0)", rightAscensionDegrees: $0.0, declinationDegrees: $0.1)
        }
    }

    private static func make(
        _ sources: [Source], weights: [Double]? = nil, change: (inout AnalysisSettings) throws -> Void = { _ in }
    ) throws -> CatalogueAnalysis {
        var settings = AnalysisSettings()
        try change(&settings)
        return try CatalogueAnalysis(
            datasets: try ToyAnalysis.datasets().filter { names.contains($0.name) }, sources: sources,
            weights: weights, settings: settings)
    }

    /// Few events among many sources, one of which is much brighter: no rounding prefers it.
    @Test("Each source gets its share of the signal by weight and yield", arguments: [(4.0, true), (10.0, false)])
    func sharesOfSignal(mu: Double, poisson: Bool) throws {
        let sources = try (0..<20).map { s in
            try Source(
                name: "\(s)", rightAscensionDegrees: 18 * Double(s), declinationDegrees: s % 2 == 0 ? 30 : -30)
        }
        let weights = sources.indices.map { $0 == 0 ? 9 : $0 == 19 ? 0 : 1.0 }
        let catalogue = try Self.make(sources, weights: weights) { $0.poissonInjection = poisson }
        var workspace = catalogue.makeWorkspace()
        var counts = [Int](repeating: 0, count: sources.count)
        let skies = 3000
        for number in 0..<UInt64(skies) {
            _ = try catalogue.signal.draw(
                number, of: Hypothesis(meanSignal: mu, seed: 31), into: &workspace.skies[0].signal)
            for placed in workspace.skies[0].signal.events.joined() {
                let degrees = (placed.rightAscension - placed.event.rightAscensionDifference) * 180 / .pi
                counts[Int((degrees / 18).rounded())] += 1
            }
        }
        let events = SkySignal.eventsPerFlux(catalogue.sources, weights)
        let expected = events.map { Double(skies) * mu * $0 / events.reduce(0, +) }
        #expect(counts[19] == 0)
        // 19 sources; 43.8 is exceeded with a probability of 0.1 %.
        let chiSquare = zip(counts, expected).dropLast().reduce(0.0) {
            $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) / $1.1
        }
        #expect(chiSquare < 43.8, "seed 31: \(counts), expected \(expected)")
    }

    @Test("A fit of the data is that of the source alone, to the last bit")
    func dataOfEachSource() throws {
        let (sources, data) = (try Self.sources(), try ToyAnalysis.datasets().filter { Self.names.contains($0.name) })
        let together = try Self.make(sources)
        let shared = try SearchInputs(datasets: data, settings: AnalysisSettings()).analyses(of: sources)
        for (s, source) in sources.enumerated() {
            let alone = try PointSourceAnalysis(datasets: data, source: source, settings: AnalysisSettings())
            let fit = try alone.fitData(data.map(\.events))
            #expect(try together.sources[s].fitData(data.map(\.events)) == fit)
            #expect(try shared[s].fitData(data.map(\.events)) == fit)
            #expect(shared[s].fluxPerEvent() == alone.fluxPerEvent())
        }
    }

    /// The data with the right ascensions of a sky, which is what the trial fitted.
    private static func scrambled(
        _ analysis: CatalogueAnalysis, _ data: [Dataset], _ workspace: SkyWorkspace
    ) -> [EventTable] {
        data.indices.map { data[$0].events.scrambled(by: workspace.skies[0].angles[$0], analysis.skies[$0]) }
    }

    @Test("Skies that are searched together are those searched alone", arguments: [0, 6.0])
    func skiesTogether(mean: Double) throws {
        let analysis = try Self.make(try Self.sources())
        let hypothesis = Hypothesis(meanSignal: mean, seed: 5)
        let numbers = Array(3..<14 as Range<UInt64>)
        var workspace = analysis.makeWorkspace()
        let together = try analysis.trials(numbers, of: hypothesis, workspace: &workspace)
        #expect(try together == numbers.map { try analysis.trial($0, of: hypothesis, workspace: &workspace) })
    }

    @Test("The fits of a sky are those of its events, source by source")
    func fitsOfTheScrambledEvents() throws {
        let (sources, data) = (try Self.sources(), try ToyAnalysis.datasets().filter { Self.names.contains($0.name) })
        let analysis = try Self.make(sources) { $0.negligibleRatio = 1e-9 }
        var workspace = analysis.makeWorkspace()
        var positive = 0
        for number in 0..<20 as Range<UInt64> {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: 0, seed: 3), workspace: &workspace)
            let tables = Self.scrambled(analysis, data, workspace)
            for (s, fit) in trial.fits.enumerated() {
                let exact = try analysis.sources[s].fitData(tables)
                #expect(
                    abs(fit.testStatistic - exact.testStatistic) < 1e-6 * (1 + exact.testStatistic),
                    "trial \(number), source \(s): \(fit) \(exact)")
                positive += exact.testStatistic > 0.1 ? 1 : 0
            }
        }
        #expect(positive > 10, "\(positive) fits with TS above 0.1")
    }

    @Test("No number of a source depends on the other sources or on their order")
    func sourcesAreIndependent() throws {
        let sources = try Self.sources()
        let whole = try Self.make(sources)
        let fewer = try Self.make([sources[2], sources[0]])
        var (one, other) = (whole.makeWorkspace(), fewer.makeWorkspace())
        for number in 0..<50 as Range<UInt64> {
            let hypothesis = Hypothesis(meanSignal: 0, seed: 7)
            let a = try whole.trial(number, of: hypothesis, workspace: &one)
            let b = try fewer.trial(number, of: hypothesis, workspace: &other)
            #expect(a.fits[2] == b.fits[0] && a.fits[0] == b.fits[1])
        }
        // Signal at one source, by its weight.
        let all = try Self.make(sources, weights: [0, 0, 1, 0])
        let alone = try Self.make([sources[2]])
        (one, other) = (all.makeWorkspace(), alone.makeWorkspace())
        for number in 0..<20 as Range<UInt64> {
            let hypothesis = Hypothesis(meanSignal: 8, seed: 7)
            let a = try all.trial(number, of: hypothesis, workspace: &one)
            let b = try alone.trial(number, of: hypothesis, workspace: &other)
            #expect(a.injected == b.injected && a.fits[2] == b.fits[0])
        }
    }

    @Test("Trials of a sky have the distribution of ordinary trials; neighbours are correlated, far sources are not")
    func distribution() throws {
        let sources = try Self.sources()
        let analysis = try Self.make(sources)
        var workspace = analysis.makeWorkspace()
        let hypothesis = Hypothesis(meanSignal: 0, seed: 11)
        let trials = try (0..<3000 as Range<UInt64>).map {
            try analysis.trial($0, of: hypothesis, workspace: &workspace).fits.map(\.testStatistic)
        }
        for (s, source) in sources.enumerated() {
            let alone = try PointSourceAnalysis(
                datasets: try ToyAnalysis.datasets().filter { Self.names.contains($0.name) }, source: source,
                settings: AnalysisSettings())
            var ordinary = alone.makeWorkspace()
            let reference = try (0..<3000 as Range<UInt64>).map {
                try alone.trial($0, of: hypothesis, workspace: &ordinary).fit.testStatistic
            }
            let test = try #require(
                KolmogorovSmirnov(trials.map { $0[s] }.filter { $0 > 0 }, reference.filter { $0 > 0 }))
            #expect(test.probability > 0.001, "source \(s): p \(test.probability)")
            let (zeros, zerosAlone) = (trials.count { $0[s] == 0 }, reference.count { $0 == 0 })
            // Five standard deviations of the difference of two binomial counts.
            #expect(abs(Double(zeros - zerosAlone)) < 5 * (2 * 3000 * 0.25).squareRoot(), "\(zeros) \(zerosAlone)")
        }
        func correlation(_ a: Int, _ b: Int) -> Double {
            let (x, y) = (trials.map { min($0[a], 4) }, trials.map { min($0[b], 4) })
            let (mx, my) = (x.reduce(0, +) / 3000, y.reduce(0, +) / 3000)
            let products = zip(x, y).map { ($0 - mx) * ($1 - my) }.reduce(0, +)
            let (sx, sy) = (x.map { ($0 - mx) * ($0 - mx) }.reduce(0, +), y.map { ($0 - my) * ($0 - my) }.reduce(0, +))
            return products / (sx * sy).squareRoot()
        }
        // Independent skies have 0 ± 0.018.
        #expect(correlation(0, 1) > 0.2, "\(correlation(0, 1))")
        #expect(abs(correlation(0, 2)) < 0.08, "\(correlation(0, 2))")
    }

    @Test("Injected events are shared by weight and yield, and found where they are injected")
    func signal() throws {
        let sources = try Self.sources()
        let analysis = try Self.make(sources, weights: [0, 0, 3, 1])
        var workspace = analysis.makeWorkspace()
        var (injected, found) = (0, [Double](repeating: 0, count: sources.count))
        let trials = 100
        for number in 0..<UInt64(trials) {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: 60, seed: 2), workspace: &workspace)
            injected += trial.injected
            for (s, fit) in trial.fits.enumerated() { found[s] += fit.signalEvents / Double(trials) }
        }
        #expect(abs(Double(injected) / Double(trials) - 60) < 5 * (60 / Double(trials)).squareRoot())
        let events = analysis.sources.map { 1 / $0.fluxPerEvent() }
        let expected = 60 * 3 * events[2] / (3 * events[2] + events[3])
        #expect(abs(found[2] / expected - 1) < 0.15, "\(found) of \(expected)")
        #expect(abs(analysis.fluxPerEvent * (3 * events[2] + events[3]) - 1) < 1e-12)
        #expect(found[0] < 5, "\(found)")
    }

    @Test("Right ascensions are uniform, and of each event its own")
    func angles() {
        let angles = TurnArray(count: 100_000)
        var stream = ArrivalStream(
            key: Philox4x32.Key(seed: 1, stream: 2), trial: 4, purpose: .background(dataset: 1))
        angles.fill { stream.next() }
        let values = (0..<100_000).map { Double(angles[$0]) * 0x1p-32 }
        let distance = values.sorted().enumerated().map { abs($1 - (Double($0) + 0.5) / 100_000) }.max() ?? 1
        #expect(distance < 1.95 / 100_000.0.squareRoot(), "\(distance)")
        // Word w of block b belongs to event 32 (b / 8) + 8 w + b mod 8.
        let block = Philox4x32.block(counter: SIMD4(11, 3, 4, 0), key: Philox4x32.Key(seed: 1, stream: 2))
        for w in 0..<4 { #expect(angles[32 + 8 * w + 3] == block[w]) }
    }

    @Test("The quick comparison finds exactly the angles within a width")
    func nearAngles() {
        let count = 20_032
        let angles = TurnArray(count: count)
        var stream = ArrivalStream(
            key: Philox4x32.Key(seed: 9, stream: 2), trial: 4, purpose: .background(dataset: 1))
        angles.fill { stream.next() }
        var random = RandomStream(key: Philox4x32.Key(seed: 4, stream: 0), trial: 0, purpose: 0)
        let buffer = TurnArray.Buffer()
        for _ in 0..<50 {
            let origin = UInt32(random.uniform() * 0x1p32)
            let widths = (0..<count - 64).map { _ in
                UInt16(random.uniform() * (random.uniform() < 0.5 ? 200 : 32769))
            }
            var found: [Int] = []
            for part in [0..<6400, 6400..<widths.count] {
                angles.forEach(near: origin, first: 64, widths: FlatTable(widths), in: part, buffer: buffer) {
                    #expect($1 == Int32(bitPattern: angles[$0] &- origin))
                    found.append($0)
                }
            }
            let expected = widths.indices.filter { i in
                let difference = Int64(Int32(bitPattern: angles[64 + i] &- origin))
                return (difference >= 0 ? difference : -1 - difference) < Int64(widths[i]) << 16
            }
            #expect(found == expected.map { $0 + 64 }, "origin \(origin)")
        }
    }
}
