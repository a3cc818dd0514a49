import IceTracks
import Numerics
import TestSupport
import Testing
import ToyRelease

@testable import PointSource

@Suite struct GlobalFitTests {
    /// No point of a dense scan of the whole box beats the fit.
    @Test(arguments: [(0.0, -0.01), (6.0, -0.01), (0.0, -60.0), (20.0, 45.0)])
    func scanFindsNothingBetter(mu: Double, declination: Double) throws {
        let analysis = try ToyAnalysis.make(declinationDegrees: declination)
        var workspace = analysis.makeWorkspace()
        var positive = 0
        for number in 0..<12 as Range<UInt64> {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: mu, seed: 11), workspace: &workspace)
            if trial.fit.logLambda > 0 { positive += 1 }
            workspace.fit.likelihood.load(workspace.events, limit: .infinity)
            var best = 0.0
            for step in 0...600 {
                let gamma = 1 + 3 * Double(step) / 600
                let (cell, offset) = analysis.grid.nearest(to: gamma)
                workspace.fit.likelihood.enter(cell: cell)
                var n = max(trial.fit.signalEvents, 0.5)
                // A few Newton steps along n from the fit's own value, and a coarse grid beside it.
                for _ in 0..<3 {
                    let value = workspace.fit.likelihood.evaluate(n: n, offset: offset)
                    best = max(best, value.value)
                    n = min(max(n - value.dn / value.dnn, 0), 1000)
                }
                for n in [0.2, 1, 3, 8, 25, 80] {
                    best = max(best, workspace.fit.likelihood.evaluate(n: n, offset: offset).value)
                }
            }
            // 5e-7: the fit sums weak events up, the scan lists them.
            #expect(trial.fit.logLambda >= best - 5e-7, "trial \(number), seed 11")
            #expect(trial.fit.convergence == .converged)
        }
        #expect(positive > 0)
    }

    /// What the fit returns is ln Λ at the point it returns.
    @Test func resultIsConsistent() throws {
        let analysis = try ToyAnalysis.make()
        var workspace = analysis.makeWorkspace()
        for number in 0..<20 as Range<UInt64> {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: 4, seed: 12), workspace: &workspace)
            guard trial.fit.signalEvents > 0 else { continue }
            let point = Probe(signalEvents: trial.fit.signalEvents, gamma: trial.fit.gamma)
            #expect(abs(analysis.logLambda(at: point, workspace: &workspace) - trial.fit.logLambda) < 1e-9)
        }
    }

    /// A fit that runs beyond the n_s expected of it takes another round, and the exact mode finds the same maximum.
    @Test func expectedSignalIsNoBound() throws {
        let analysis = try ToyAnalysis.make()
        var workspace = analysis.makeWorkspace()
        for number in 0..<5 as Range<UInt64> {
            _ = try analysis.generate(number, of: Hypothesis(meanSignal: 30, seed: 15), workspace: &workspace)
            let exact = analysis.fit.maximum(
                for: workspace.events, limit: .infinity, workspace: &workspace.fit)
            let surprised = analysis.fit.maximum(
                for: workspace.events, limit: 3, workspace: &workspace.fit)
            #expect(exact.signalEvents > 3)
            #expect(abs(exact.logLambda - surprised.logLambda) < 5e-7)
        }
    }

    /// ln Λ is −∞ where n reaches the number of a dataset's events: a fit that tries such an n must go back from there.
    @Test(arguments: [60.0, 100.0]) func signalCanBeALargePartOfADataset(mu: Double) throws {
        let datasets = try withScratchFolder { folder in
            let release = try ToyRelease(seed: ToyAnalysis.seed, scale: 0.004, bins: 4).write(into: folder.path)
            return try Release(path: release, sample: ToyRelease.sample).load().filter { $0.name == "IC40" }
        }
        let source = try Source(rightAscensionDegrees: 118, declinationDegrees: 19.5)
        let analysis = try PointSourceAnalysis(datasets: datasets, source: source, settings: AnalysisSettings())
        var workspace = analysis.makeWorkspace()
        var beyond = 0
        for number in 0..<400 as Range<UInt64> {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: mu, seed: 16), workspace: &workspace)
            let exact = analysis.fit.maximum(
                for: workspace.events, limit: .infinity, workspace: &workspace.fit)
            workspace.fit.likelihood.load(workspace.events, limit: .infinity)
            workspace.fit.likelihood.enter(cell: analysis.grid.nearest(to: trial.fit.gamma).index)
            let total = Double(workspace.events[0].total)
            if 4 * analysis.expectedSignal(injected: trial.injected) > total { beyond += 1 }
            // At the fit's γ no n is better.
            let best =
                (1..<100).map { i in
                    workspace.fit.likelihood.evaluate(
                        n: total * Double(i) / 100, offset: analysis.grid.nearest(to: trial.fit.gamma).offset
                    ).value
                }.max() ?? 0
            #expect(trial.fit.logLambda >= best - 5e-7, "trial \(number), seed 16")
            #expect(abs(trial.fit.logLambda - exact.logLambda) < 5e-7, "trial \(number), seed 16")
            #expect(trial.fit.convergence == .converged)
        }
        #expect(beyond > 0)
    }

    @Test func boundsAreKept() throws {
        let analysis = try ToyAnalysis.make {
            $0.signalEvents = .init(name: "fit.ns", start: 2, minimum: 1, maximum: 8)
            $0.gamma = .init(name: "fit.gamma", start: 2, minimum: 1.55, maximum: 2.42)
        }
        var workspace = analysis.makeWorkspace()
        for (number, mu) in [(0, 0.0), (1, 30.0), (2, 5.0)] as [(UInt64, Double)] {
            let fit = try analysis.trial(number, of: Hypothesis(meanSignal: mu, seed: 13), workspace: &workspace).fit
            #expect((1...8).contains(fit.signalEvents))
            #expect((1.55...2.42).contains(fit.gamma))
        }
        let strong = try analysis.trial(1, of: Hypothesis(meanSignal: 30, seed: 13), workspace: &workspace).fit
        #expect(strong.signalEvents == 8)
    }

    @Test func noSignalGivesZeroAndTheStartingGamma() throws {
        let analysis = try ToyAnalysis.make()
        var workspace = analysis.makeWorkspace()
        let fits = try (0..<40 as Range<UInt64>).map {
            try analysis.trial($0, of: Hypothesis(meanSignal: 0, seed: 14), workspace: &workspace).fit
        }
        let zeros = fits.filter { $0.signalEvents == 0 }
        #expect(!zeros.isEmpty)
        for fit in zeros {
            #expect(fit.testStatistic == 0)
            #expect(fit.gamma == 3)
        }
    }
}
