import Foundation
import IceTracks
import Numerics
import Testing

@testable import PointSource

/// Stacks of sources on the toy release.
@Suite struct StackTests {
    private static func datasets() throws -> [Dataset] {
        try ToyAnalysis.datasets().filter { ["IC40", "IC79"].contains($0.name) }
    }

    private static func source(_ ra: Double, _ dec: Double) throws -> Source {
        try Source(rightAscensionDegrees: ra, declinationDegrees: dec)
    }

    /// Three neighbours, of which two are 0.7 degrees apart, and seven far sources.
    private static func sources() throws -> [Source] {
        try [source(40.67, -0.01), source(41.2, 0.45), source(44, 1)]
            + (0..<7).map { try source(Double($0) * 47 + 5, -60 + 20 * Double($0)) }
    }

    private static func make(
        _ sources: [Source], _ weights: [Double]? = nil, change: (inout AnalysisSettings) throws -> Void = { _ in }
    ) throws -> PointSourceAnalysis {
        var settings = AnalysisSettings()
        try change(&settings)
        return try PointSourceAnalysis(
            datasets: try datasets(), stack: sources, weights: weights, settings: settings)
    }

    private static let points = [0.5, 3, 20].flatMap { n in
        [1.0, 1.9, 2.33, 3.2, 4].map { Probe(signalEvents: n, gamma: $0) }
    }

    @Test("A stack of one source is the analysis of the source, to the last bit of ln Λ")
    func oneSource() throws {
        let (datasets, source) = (try Self.datasets(), try Self.source(40.67, -0.01))
        let data = datasets.map(\.events)
        let alone = try PointSourceAnalysis(datasets: datasets, source: source, settings: AnalysisSettings())
        let stack = try Self.make([source, try Self.source(90, 10)], [0.3, 0])
        #expect(try stack.logLambda(of: data, at: Self.points) == alone.logLambda(of: data, at: Self.points))
        #expect(
            stack.fluxPerEvent() == alone.fluxPerEvent()
                && stack.fluxPerEvent(gamma: 3.1) == alone.fluxPerEvent(gamma: 3.1))
        let (a, b) = (try stack.fitData(data), try alone.fitData(data))
        #expect(abs(a.testStatistic - b.testStatistic) < 1e-9 && abs(a.gamma - b.gamma) < 1e-6)
        #expect(
            try stack.logLambda(of: data, at: Self.points)
                != Self.make([source, try Self.source(41, 0)]).logLambda(of: data, at: Self.points))
    }

    /// ln Λ of the data from the sources' own analyses: Σ ln(1 + z (R − 1)) with R = Σ_s g_sj R_s at a point of the grid.
    private static func reference(
        _ sources: [Source], _ weights: [Double], _ datasets: [Dataset], n: Double, point: Int
    ) throws -> Double {
        let analyses = try sources.map {
            try PointSourceAnalysis(datasets: datasets, source: $0, settings: AnalysisSettings())
        }
        let gamma = analyses[0].grid.values[point]
        let total = weights.reduce(0, +)
        let yields = analyses.map { analysis in analysis.weights.yields.map { $0.value(parameter: gamma) } }
        let sums = datasets.indices.map { j in zip(weights, yields).reduce(0) { $0 + $1.0 / total * $1.1[j] } }
        var logLambda = 0.0
        for (j, dataset) in datasets.enumerated() {
            var ratios = [Double](repeating: 0, count: dataset.events.count)
            for (s, analysis) in analyses.enumerated() {
                var workspace = analysis.makeWorkspace()
                try analysis.load(datasets.map(\.events), &workspace)
                let events = workspace.events[j]
                for i in 0..<events.count {
                    guard case .injected(let index) = events.origin(i) else { continue }
                    ratios[index] +=
                        weights[s] / total * yields[s][j] / sums[j] * events.ratio(i, cell: point, offset: 0)
                }
            }
            let z = n * sums[j] / sums.reduce(0, +) / Double(dataset.events.count)
            for ratio in ratios { logLambda += log1p(z * (ratio - 1)) }
        }
        return logLambda
    }

    @Test("ln Λ of a stack is that of the sum of its sources, also where several reach an event")
    func sumOfSources() throws {
        let (datasets, sources) = (try Self.datasets(), try Self.sources())
        let weights = sources.indices.map { 1 + 0.3 * Double($0) }
        let stack = try Self.make(sources, weights)
        for (n, point) in [(2.0, 7), (30, 12), (80, 25)] {
            let gamma = stack.grid.values[point]
            let value = try stack.logLambda(
                of: datasets.map(\.events), at: [Probe(signalEvents: n, gamma: gamma)])[0]
            let reference = try Self.reference(sources, weights, datasets, n: n, point: point)
            #expect(
                abs(value - reference) < 1e-9 * max(1, abs(reference)), "n \(n), gamma \(gamma): \(value) \(reference)")
        }
        // The flux of the stack is that of all its sources together.
        let alone = try sources.map {
            try PointSourceAnalysis(datasets: datasets, source: $0, settings: AnalysisSettings()).fluxPerEvent()
        }
        let perFlux = zip(weights, alone).reduce(0) { $0 + $1.0 / weights.reduce(0, +) / $1.1 }
        #expect(abs(stack.fluxPerEvent() * perFlux - 1) < 1e-9)
    }

    @Test("The fit of a sky is that of its events")
    func fitsOfTheScrambledEvents() throws {
        let datasets = try Self.datasets()
        let stack = try Self.make(try Self.sources()) { $0.negligibleRatio = 1e-9 }
        var workspace = stack.makeWorkspace()
        var positive = 0
        for number in 0..<10 as Range<UInt64> {
            let hypothesis = Hypothesis(meanSignal: 0, seed: 3)
            let trial = try stack.trial(number, of: hypothesis, workspace: &workspace)
            let angles = try #require(workspace.stack?.angles)
            let skies = try #require(stack.stack?.skies)
            let tables = datasets.indices.map { datasets[$0].events.scrambled(by: angles[$0], skies[$0]) }
            let exact = try stack.fitData(tables)
            #expect(
                abs(trial.fit.testStatistic - exact.testStatistic) < 1e-6 * (1 + exact.testStatistic),
                "trial \(number): \(trial.fit) \(exact)")
            positive += exact.testStatistic > 0.1 ? 1 : 0
        }
        #expect(positive > 1)
    }

    @Test("Injected events are found")
    func signal() throws {
        let stack = try Self.make(try Self.sources())
        var workspace = stack.makeWorkspace()
        let trials = 200
        var (fitted, injected) = (0.0, 0)
        for number in 0..<UInt64(trials) {
            let trial = try stack.trial(number, of: Hypothesis(meanSignal: 40, seed: 1), workspace: &workspace)
            fitted += trial.fit.signalEvents / Double(trials)
            injected += trial.injected
        }
        #expect(abs(Double(injected) / Double(trials) - 40) < 5 * (40 / Double(trials)).squareRoot())
        // The likelihood's Gaussian angular density loses some events (docs/statistics.md).
        #expect(fitted > 30 && fitted < 46, "\(fitted)")
    }

    @Test("An empty list, weights that do not fit and unsupported settings are refused")
    func invalid() throws {
        #expect(throws: (any Error).self) { try Self.make([]) }
        #expect(throws: (any Error).self) { try Self.make(try Self.sources(), [1]) }
        #expect(throws: (any Error).self) { try Self.make([try Self.source(1, 1)], [0]) }
        #expect(throws: (any Error).self) { try Self.make([try Self.source(1, 1)]) { $0.negligibleRatio = 0 } }
    }
}

extension EventTable {
    /// The same events at the right ascensions of a sky.
    func scrambled(by angles: TurnArray, _ sky: SkyEvents) -> EventTable {
        var rightAscensions = [Double](repeating: 0, count: count)
        for i in rightAscensions.indices {
            rightAscensions[Int(sky.events[i].index)] = (Double(angles[i]) + 0.5) * TurnArray.unit
        }
        var table = EventTable()
        for i in 0..<count {
            table.append(
                modifiedJulianDate: modifiedJulianDate[i], log10Energy: log10Energy[i],
                angularError: angularError[i], rightAscension: rightAscensions[i], declination: declination[i])
        }
        return table
    }
}
