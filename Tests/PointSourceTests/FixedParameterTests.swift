import Diagnostics
import Numerics
import TestSupport
import Testing

@testable import PointSource

/// Fits with γ fixed: one parameter, n_s.
@Suite("Fixed parameter") struct FixedParameterTests {
    private func fixed(_ gamma: Double, _ change: (inout AnalysisSettings) throws -> Void = { _ in }) throws
        -> PointSourceAnalysis
    {
        try ToyAnalysis.make(only: ["IC40", "IC79"]) {
            $0.gamma = .init(name: "fit.gamma", fixed: gamma)
            $0.spectrum.gamma = gamma
            try change(&$0)
        }
    }

    /// The same events have the ln Λ of the fit with free γ at that γ, and no n_s has more.
    @Test(arguments: [1.5, 2, 3.7]) func largestAlongTheLine(gamma: Double) throws {
        let exact = { (settings: inout AnalysisSettings) in settings.negligibleRatio = 0 }
        let analysis = try fixed(gamma, exact)
        let free = try ToyAnalysis.make(only: ["IC40", "IC79"]) {
            $0.spectrum.gamma = gamma
            exact(&$0)
        }
        var (workspace, other) = (analysis.makeWorkspace(), free.makeWorkspace())
        var above = 0
        for (number, mu) in [(0, 0.0), (1, 3.0), (2, 20.0), (3, 8)] as [(UInt64, Double)] {
            let hypothesis = Hypothesis(meanSignal: mu, seed: 17)
            let fit = try analysis.trial(number, of: hypothesis, workspace: &workspace).fit
            let best = try free.trial(number, of: hypothesis, workspace: &other).fit
            #expect(fit.gamma == gamma)
            // The events are the same ones: the fit of γ can only be better.
            #expect(best.logLambda >= fit.logLambda - 1e-9)
            other.fit.likelihood.load(other.events, limit: .infinity)
            func logLambda(_ n: Double) -> Double {
                free.logLambda(at: Probe(signalEvents: n, gamma: gamma), workspace: &other)
            }
            #expect(abs(logLambda(fit.signalEvents) - fit.logLambda) < 1e-9)
            for factor in [0.5, 0.9, 0.99, 1.01, 1.1, 2] {
                #expect(logLambda(fit.signalEvents * factor) <= fit.logLambda + 1e-12)
            }
            if fit.signalEvents == 0 { #expect(logLambda(0.01) <= 0) } else { above += 1 }
        }
        #expect(above >= 2)
    }

    /// The ends of the interval are where ln Λ is 1/2 below its maximum, and hold the truth in about 68 % of trials.
    @Test func intervals() throws {
        let analysis = try fixed(2.5)
        var workspace = analysis.makeWorkspace()
        var held = 0
        for number in 0..<100 as Range<UInt64> {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: 15, seed: 4), workspace: &workspace)
            let one = analysis.intervals(about: trial.fit, workspace: &workspace)
            #expect(one.gamma == 2.5...2.5)
            for end in [one.signalEvents.lowerBound, one.signalEvents.upperBound] where end > 0 {
                let value = analysis.logLambda(at: Probe(signalEvents: end, gamma: 2.5), workspace: &workspace)
                #expect(abs(trial.fit.logLambda - value - 0.5) < 1e-2)
            }
            // The flux is proportional to n_s.
            let perEvent = analysis.fluxPerEvent(gamma: 2.5)
            #expect(abs(one.flux.upperBound / perEvent / one.signalEvents.upperBound - 1) < 1e-2)
            if one.signalEvents.contains(15) { held += 1 }
        }
        // Four standard deviations of 100 trials.
        #expect(abs(Double(held) / 100 - 0.68) < 0.19, "\(held) of 100")
    }

    /// A prepared analysis makes the same trials.
    @Test func prepared() throws {
        let analysis = try fixed(2.2)
        let copy = try PreparedAnalysisTests.copy(of: analysis)
        var (one, other) = (analysis.makeWorkspace(), copy.makeWorkspace())
        for number in 0..<20 as Range<UInt64> {
            let hypothesis = Hypothesis(meanSignal: 4, seed: 1)
            let trials = (
                try analysis.trial(number, of: hypothesis, workspace: &one),
                try copy.trial(number, of: hypothesis, workspace: &other)
            )
            #expect(trials.0 == trials.1)
        }
    }

    /// The mean of the weights is 1, and weighted p-values agree with counted ones.
    @Test func weightedTrials() throws {
        let analysis = try fixed(2)
        let background = try WeightedBackground(analysis, tail: 4)
        #expect(Set(background.mixture.points.map(\.gamma)) == [2])
        let hypothesis = Hypothesis(tail: 4, seed: 6)
        var workspace = analysis.makeWorkspace()
        let weighted = try (0..<8000 as Range<UInt64>).map {
            try analysis.weightedTrial($0, of: hypothesis, background: background, workspace: &workspace)
        }
        let ordinary = try (0..<8000 as Range<UInt64>).map {
            try analysis.trial($0, of: Hypothesis(meanSignal: 0, seed: 6), workspace: &workspace).fit.testStatistic
        }
        let weights = weighted.map { Portable.exp($0.logWeight) }
        let mean = WeightedTrialTests.Mean(weights)
        #expect(mean.agrees(with: 1), "\(mean.value) ± \(mean.error)")
        for threshold in [1.0, 3, 5] {
            let tail = WeightedTrialTests.Mean(
                zip(weights, weighted).map { $1.trial.fit.testStatistic > threshold ? $0 : 0 })
            let counted = WeightedTrialTests.Mean(ordinary.map { $0 > threshold ? 1 : 0 })
            let error = (tail.error * tail.error + counted.error * counted.error).squareRoot()
            #expect(abs(tail.value - counted.value) < 4 * error, "TS > \(threshold)")
        }
    }

    @Test func onlyThatParameterCanBeFixed() throws {
        expectFault(.usage, "fit.ns", "leave nothing to fit") {
            _ = try ToyAnalysis.make { $0.signalEvents = .init(name: "fit.ns", fixed: 3) }
        }
    }
}
