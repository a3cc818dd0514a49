import Diagnostics
import IceTracks
import Inference
import Numerics
import Testing

@testable import PointSource

@Suite struct ExposureTests {
    private func analysis(_ exposure: Exposure?) throws -> PointSourceAnalysis {
        try ToyAnalysis.make(only: ["IC40"]) { settings in
            settings.exposure = exposure
            settings.negligibleRatio = 0
        }
    }

    private let background = Hypothesis(meanSignal: 0, seed: 41)

    /// One trial of a scrambled multiple of the data, the slow way: every event is copied, kept and scattered by itself.
    private func scrambled(
        _ analysis: PointSourceAnalysis, _ data: EventTable, scale: Double, trial: UInt64, at point: Probe
    ) throws -> (logLambda: Double, total: Int) {
        var workspace = analysis.makeWorkspace()
        var random = RandomStream(key: .init(seed: 98, stream: 1), trial: trial, purpose: 0)
        let (model, generation) = (analysis.models[0], GenerationTests())
        let relevant = model.background.candidates.count
        func copies() -> Int {
            let whole = scale.rounded(.down)
            return Int(whole) + (random.uniform() < scale - whole ? 1 : 0)
        }
        var total = 0
        for _ in relevant..<model.eventCount { total += copies() }
        let numbers = (0..<relevant).map { _ in copies() }
        total += numbers.reduce(0, +)
        workspace.events[0].removeAll(total: total)
        for (index, number) in numbers.enumerated() {
            for _ in 0..<number {
                let difference = random.uniform(in: -Double.pi...Double.pi)
                guard analysis.box.contains(rightAscensionDifference: difference) else { continue }
                generation.place(index, at: difference, of: analysis, dataset: 0, data, in: workspace.events[0])
            }
        }
        workspace.fit.likelihood.load(workspace.events, limit: .infinity)
        return (analysis.logLambda(at: point, workspace: &workspace), total)
    }

    @Test(arguments: [2.0, 2.5, 0.4])
    func trialsAreThoseOfCopiedAndScrambledData(scale: Double) throws {
        let (analysis, single) = (try analysis(.scale(scale)), try analysis(nil))
        let data = try #require(try ToyAnalysis.datasets().first { $0.name == "IC40" }).events
        let (n, point) = (500, Probe(signalEvents: 3, gamma: 3))
        var workspace = analysis.makeWorkspace()
        var totals: [Double] = []
        let own = try (0..<n).map { number in
            let trial = try analysis.trial(UInt64(number), of: background, probes: [point], workspace: &workspace)
            totals.append(Double(workspace.events[0].total))
            return trial.probes[0]
        }
        let slow = try (0..<n).map {
            try scrambled(analysis, data, scale: scale, trial: UInt64($0), at: point)
        }
        // The distance exceeds 1.95 √(2/n) with probability 0.1 %.
        let critical = 1.95 * (2 / Double(n)).squareRoot()
        func distance(_ other: [Double]) throws -> Double { try #require(KolmogorovSmirnov(own, other)).distance }
        #expect(try distance(slow.map(\.logLambda)) < critical, "seeds 41 and 98")
        var other = single.makeWorkspace()
        let unscaled = try (0..<n).map {
            try single.trial(UInt64($0), of: background, probes: [point], workspace: &other).probes[0]
        }
        #expect(try distance(unscaled) > critical, "a wrong exposure must not pass")

        // N_j: its mean and variance are those of a binomial number of further copies.
        let (count, part) = (Double(data.count), scale - scale.rounded(.down))
        let mean = totals.reduce(0, +) / Double(n)
        let deviation = (count * part * (1 - part)).squareRoot()
        #expect(abs(mean - scale * count) <= 4 * deviation / Double(n).squareRoot())
        let variance = totals.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)
        #expect(abs(variance - deviation * deviation) <= 0.3 * deviation * deviation)
        #expect(slow.contains { Double($0.total) != scale * count } == (part > 0))
    }

    /// Each copy has its own right ascension.
    @Test func copiesDoNotRepeat() throws {
        let analysis = try analysis(.scale(3))
        var workspace = analysis.makeWorkspace()
        var pairs = 0
        for number in 0..<20 as Range<UInt64> {
            _ = try analysis.generate(number, of: background, workspace: &workspace)
            let events = workspace.events[0]
            var places: [Int32: Set<Double>] = [:]
            for i in 0..<events.count {
                let isNew = places[events.origins[i], default: []].insert(events.rightAscensionDifferences[i]).inserted
                #expect(isNew)
            }
            pairs += places.values.count { $0.count > 1 }
        }
        #expect(pairs > 0)
    }

    @Test func exposureOneChangesNothing() throws {
        let (one, none) = (try analysis(.scale(1)), try analysis(nil))
        var (first, second) = (one.makeWorkspace(), none.makeWorkspace())
        let hypothesis = Hypothesis(meanSignal: 4, seed: 42)
        for number in 0..<10 as Range<UInt64> {
            let trial = try one.trial(number, of: hypothesis, workspace: &first)
            #expect(try none.trial(number, of: hypothesis, workspace: &second) == trial)
        }
    }

    @Test func yieldsAndYears() throws {
        let none = try analysis(nil)
        #expect(abs(try analysis(.scale(2)).fluxPerEvent() * 2 / none.fluxPerEvent() - 1) < 1e-12)
        let days = none.livetimesDays.reduce(0, +)
        let years = try analysis(.years(10))
        #expect(abs(years.exposureScale - 10 * 365.25 / days) < 1e-9)
        #expect(abs(years.fluxPerEvent() * years.exposureScale / none.fluxPerEvent() - 1) < 1e-12)
    }

    @Test func refusals() throws {
        func place(_ body: () throws -> Void) -> Fault.Place? {
            do { try body() } catch { return (error as? Fault)?.place }
            return nil
        }
        let data = try ToyAnalysis.datasets().filter { $0.name == "IC40" }.map(\.events)
        #expect(place { _ = try analysis(.scale(2)).fitData(data) } == .field("exposure"))
        #expect(place { _ = try analysis(.years(2)).logLambda(of: data, at: []) } == .field("exposure"))
        #expect(place { _ = try WeightedBackground(analysis(.scale(2)), tail: 5) } == .field("--tail"))
        #expect(place { _ = try analysis(.scale(0.001)) } == .field("exposure"))
        #expect(place { _ = try analysis(.years(100_000)) } == .field("exposure.years"))
        #expect(place { _ = try analysis(.scale(1)).fitData(data) } == nil)
    }
}
