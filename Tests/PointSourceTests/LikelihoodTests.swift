import Numerics
import Testing

@testable import PointSource

@Suite struct LikelihoodTests {
    /// The events of one toy trial in the analysis' workspace.
    func workspace(_ analysis: PointSourceAnalysis, mu: Double, trial: UInt64, limit: Double = .infinity) throws
        -> TrialWorkspace
    {
        var workspace = analysis.makeWorkspace()
        _ = try analysis.generate(trial, of: Hypothesis(meanSignal: mu, seed: 3), workspace: &workspace)
        workspace.fit.likelihood.load(workspace.events, limit: limit, forFit: true)
        return workspace
    }

    /// With every event listed, and with the weak ones summed up.
    @Test(arguments: [Double.infinity, 150]) func derivativesAreThoseOfTheValue(limit: Double) throws {
        let workspace = try workspace(ToyAnalysis.make(), mu: 15, trial: 0, limit: limit)
        for (cell, offset, n) in [(1, 0.01, 3.0), (12, -0.03, 20.0), (25, 0.02, 7.5), (31, -0.01, 100.0)] {
            workspace.fit.likelihood.enter(cell: cell)
            func value(_ n: Double, _ t: Double) -> Likelihood.Value {
                workspace.fit.likelihood.evaluate(n: n, offset: t)
            }
            let (hn, ht) = (1e-4 * n, 1e-5)
            let centre = value(n, offset)
            let (up, down) = (value(n + hn, offset), value(n - hn, offset))
            let (later, earlier) = (value(n, offset + ht), value(n, offset - ht))
            func close(_ a: Double, _ b: Double, _ what: String) {
                #expect(abs(a - b) < 1e-5 * (1 + abs(b)), "\(what) in cell \(cell): \(a), \(b)")
            }
            close((up.value - down.value) / (2 * hn), centre.dn, "d/dn")
            close((up.dn - down.dn) / (2 * hn), centre.dnn, "d2/dn2")
            close((later.value - earlier.value) / (2 * ht), centre.dg, "d/dgamma")
            close((later.dg - earlier.dg) / (2 * ht), centre.dgg, "d2/dgamma2")
            close((later.dn - earlier.dn) / (2 * ht), centre.dng, "d2/dn dgamma")
            #expect(centre.dnn < 0)
        }
    }

    /// ln Λ event by event, straight from its definition.
    @Test func sumsAreThoseOfTheDefinition() throws {
        let analysis = try ToyAnalysis.make()
        var workspace = try workspace(analysis, mu: 15, trial: 1)
        let (gamma, n) = (2.33, 12.0)
        let (cell, offset) = analysis.grid.nearest(to: gamma)
        let shares = analysis.weights.values(parameter: gamma)
        var expected = 0.0
        for (j, events) in workspace.events.enumerated() {
            let total = Double(events.total)
            for i in 0..<events.count {
                expected += Portable.log1p(n * shares[j] * (events.ratio(i, cell: cell, offset: offset) - 1) / total)
            }
            expected += (total - Double(events.count)) * Portable.log1p(-n * shares[j] / total)
            // What is expected of those that were not drawn (docs/model.md, section 6).
            let z = n * shares[j] / total
            expected += z / (1 - z) * workspace.fit.likelihood.datasets[j].negligibleRatio(cell: cell).value(at: offset)
        }
        let value = analysis.logLambda(at: Probe(signalEvents: n, gamma: gamma), workspace: &workspace)
        #expect(abs(value - expected) < 1e-10)
    }

    @Test func slopeAtZeroSignal() throws {
        let analysis = try ToyAnalysis.make()
        let workspace = try workspace(analysis, mu: 5, trial: 2)
        var slopes = TangentBound(datasets: workspace.fit.likelihood.datasets)
        slopes.setReferenceToZero(workspace.fit.likelihood.datasets)
        for cell in analysis.cells {
            let offset = 0.3 * cell.offsets.upperBound
            workspace.fit.likelihood.enter(cell: cell.index)
            let expected = workspace.fit.likelihood.evaluate(n: 0, offset: offset).dn
            #expect(abs(slopes.value(cell, offset: offset) - expected) < 1e-5 * (1 + abs(expected)))
            #expect(slopes.upperBound(in: cell) >= expected)
        }
    }

    /// The bound that excludes cells must hold at every n and γ, wherever its tangents are taken, and touch ln Λ there:
    /// random points, seed printed.
    @Test(arguments: [Double.infinity, 60]) func tangentsLieAbove(limit: Double) throws {
        let seed: UInt64 = 77
        var random = RandomStream(key: .init(seed: seed, stream: 0), trial: 0, purpose: 0)
        let analysis = try ToyAnalysis.make()
        var tight = 0
        for trial in 0..<6 {
            let workspace = try workspace(analysis, mu: 10, trial: UInt64(trial), limit: limit)
            var tangents = TangentBound(datasets: workspace.fit.likelihood.datasets)
            let reference = analysis.cells[Int(random.uniform(in: 0...30))]
            let (n0, t0) = (random.uniform(in: 0...40), random.uniform(in: reference.offsets))
            workspace.fit.likelihood.enter(cell: reference.index)
            let best = workspace.fit.likelihood.evaluate(n: n0, offset: t0).value
            let point = FitResult(
                logLambda: .nan, signalEvents: n0, gamma: reference.centre + t0, evaluations: 0, convergence: .converged
            )
            let isSet = tangents.setReference(
                workspace.fit.likelihood, point, in: reference, value: nil,
                lanes: [Bool](repeating: true, count: 5))
            #expect(isSet)
            for cell in analysis.cells {
                workspace.fit.likelihood.enter(cell: cell.index)
                for _ in 0..<5 {
                    let n = random.uniform(in: 0...60)
                    let offset = random.uniform(in: cell.offsets)
                    let value = workspace.fit.likelihood.evaluate(n: n, offset: offset).value
                    let bound = tangents.constant + n * tangents.upperBound(in: cell)
                    #expect(bound >= value - 1e-9, "seed \(seed), cell \(cell.index), n \(n)")
                    if bound < value + 0.1 { tight += 1 }
                }
            }
            let touching = tangents.constant + n0 * tangents.value(reference, offset: t0)
            #expect(abs(touching - best) < 1e-9)
        }
        #expect(tight > 0, "a bound that is never close excludes nothing")
    }

    /// Summing weak events up instead of listing them changes ln Λ by less than docs/model.md says.
    @Test func weakEventsMayBeSummedUp() throws {
        let analysis = try ToyAnalysis.make()
        for trial in 0..<10 as Range<UInt64> {
            var listed = try workspace(analysis, mu: 5, trial: trial)
            var summed = try workspace(analysis, mu: 5, trial: trial, limit: 40)
            #expect(zip(summed.fit.likelihood.datasets, summed.events).contains { $0.listedCount < $1.count })
            for point in [
                Probe(signalEvents: 40, gamma: 1.33), Probe(signalEvents: 12, gamma: 2.9),
                Probe(signalEvents: 1, gamma: 4),
            ] {
                let difference =
                    analysis.logLambda(at: point, workspace: &listed)
                    - analysis.logLambda(at: point, workspace: &summed)
                #expect(abs(difference) < 5e-7, "trial \(trial), n_s \(point.signalEvents): \(difference)")
            }
        }
    }

    /// Where signal is more than a thousandth of a dataset, R near 0 is no small X: such a dataset lists its events.
    @Test func crowdedDatasetsListTheirEvents() throws {
        let analysis = try ToyAnalysis.make()
        var listed = try workspace(analysis, mu: 150, trial: 0)
        var summed = try workspace(analysis, mu: 150, trial: 0, limit: 600)
        let point = Probe(signalEvents: 600, gamma: 2.2)
        let difference =
            analysis.logLambda(at: point, workspace: &listed) - analysis.logLambda(at: point, workspace: &summed)
        #expect(abs(difference) < 5e-7, "\(difference)")
    }

    /// Where 1 + n X comes close to 0 the logarithm gives way to its expansion, without a jump.
    @Test func expansionOfTheLogarithm() {
        let events = SelectedEvents(signal: SignalTable(gridCount: 3, rows: [[0, 0, 0]]), step: 0.1)
        events.removeAll(total: 2)
        for event in 0..<2 as Range<Int32> {
            events.append(weight: 1, energy: 0, origin: event, rightAscensionDifference: 0)
        }
        let classified = DatasetEvents(events)
        classified.classify(events, largestSignal: .infinity)
        let cell = CellEvents()
        cell.load(classified, cell: 1)
        let share = DatasetWeights.Weight(value: 1)
        func value(_ n: Double) -> Double {
            var logarithms = LogProduct()
            let sums = cell.sums(n: n, share: share, at: 0, logarithms: &logarithms)
            return sums.value + logarithms.value
        }
        // Two events of ratio 0 out of two: ℓ = 2 ln(1 − n/2), expanded about 1 − n/2 = 0.001.
        let below = value(2 * 0.9989)
        #expect(abs(below - 2 * Portable.log(1 - 0.9989)) < 1e-9)
        let beyond = value(2 * 0.9995)
        let distance = (0.0005 - 0.001) / 0.001
        #expect(abs(beyond - 2 * (Portable.log(0.001) + distance - 0.5 * distance * distance)) < 1e-9)
        #expect(beyond < below)
        #expect(value(3).isFinite)
    }

    @Test func moreSignalThanEventsIsImpossible() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40"])
        var workspace = try workspace(analysis, mu: 0, trial: 0)
        let value = analysis.logLambda(at: Probe(signalEvents: 5000, gamma: 2), workspace: &workspace)
        #expect(value == -.infinity)
    }
}
