import Diagnostics
import Inference
import Testing

@testable import PointSource

@Suite struct NullHypothesisTests {
    private func analysis(null: Double) throws -> PointSourceAnalysis {
        try ToyAnalysis.make { $0.nullSignal = null }
    }

    /// TS is twice the difference between the fit and the largest ln Λ over γ at the null hypothesis' n_s, found by a scan.
    @Test func testStatisticComparesTwoMaxima() throws {
        let (analysis, search) = (try analysis(null: 6), try analysis(null: 0))
        var (workspace, other) = (analysis.makeWorkspace(), search.makeWorkspace())
        for number in 0..<10 as Range<UInt64> {
            let hypothesis = Hypothesis(meanSignal: 6, seed: 31)
            let trial = try analysis.trial(number, of: hypothesis, workspace: &workspace)
            let plain = try search.trial(number, of: hypothesis, workspace: &other)
            #expect(trial.fit.logLambda == plain.fit.logLambda && trial.fit.signalEvents == plain.fit.signalEvents)
            other.fit.likelihood.load(other.events, limit: .infinity)
            let scan =
                (0...3000).map { step in
                    search.logLambda(at: Probe(signalEvents: 6, gamma: 1 + Double(step) / 1000), workspace: &other)
                }.max() ?? 0
            // The scan misses a maximum at the end of a cell by up to its step; weak events are summed in the fit.
            #expect(trial.fit.nullLogLambda >= scan - 1e-6 && trial.fit.nullLogLambda < scan + 2e-3)
            #expect(trial.fit.testStatistic == max(0, 2 * (plain.fit.logLambda - trial.fit.nullLogLambda)))
        }
    }

    /// Under the null hypothesis TS follows χ² with one degree of freedom (S. S. Wilks 1938) where n_s is large enough; that of
    /// trials with twice the signal does not.
    @Test func trialsOfTheNullHypothesisFollowWilks() throws {
        let analysis = try analysis(null: 30)
        var workspace = analysis.makeWorkspace()
        func share(mu: Double) throws -> Double {
            let above = try (0..<200 as Range<UInt64>).count { number in
                let trial = try analysis.trial(number, of: Hypothesis(meanSignal: mu, seed: 32), workspace: &workspace)
                return trial.fit.testStatistic > 2.7055
            }
            return Double(above) / 200
        }
        // 10 % expected; 200 trials have a standard deviation of 2.1 %. Smearing is not what the likelihood assumes.
        #expect(abs(try share(mu: 30) - 0.1) < 0.09, "seed 32")
        #expect(try share(mu: 60) > 0.9, "seed 32")
    }

    @Test func bounds() throws {
        var settings = AnalysisSettings()
        settings.nullSignal = 2000
        let fault = #expect(throws: Fault.self) { try settings.check() }
        #expect(fault?.place == .field("fit.mean_n_sig_0"))
        let weighted = #expect(throws: Fault.self) { _ = try WeightedBackground(try analysis(null: 5), tail: 5) }
        #expect(weighted?.problem.contains("fit.mean_n_sig_0") == true)
    }

    /// Expected counts per bin of energy agree with injected events: Pearson's χ² over filled bins.
    @Test func expectedCountsAreThoseOfInjectedEvents() throws {
        let analysis = try ToyAnalysis.make()
        let flux = analysis.fluxPerEvent()
        let expected = analysis.expectedEvents(forFlux: flux)
        #expect(abs(expected.totals.reduce(0, +) - 1) < 1e-12)
        let trials = 400
        let key = Hypothesis(meanSignal: 50, seed: 33).key
        for (j, model) in analysis.models.enumerated() {
            let probabilities = expected.counts[j].map { $0 / expected.totals[j] }
            // A few events lie outside of the bins.
            #expect((0.999...1.000001).contains(probabilities.reduce(0, +)))
            let binning = Binning(edges: expected.log10EnergyEdges)
            var found = [Double](repeating: 0, count: binning.count)
            var events: [SignalEvent] = []
            for trial in 0..<trials {
                try model.signal.generate(count: 50, key: key, trial: UInt64(trial), into: &events)
                for event in events {
                    if let bin = binning.index(of: event.log10Energy) { found[bin] += 1 }
                }
            }
            let (n, full) = (Double(trials * 50), probabilities.indices.filter { probabilities[$0] * 20_000 > 50 })
            let chiSquare = full.reduce(0.0) { sum, bin in
                let mean = probabilities[bin] * n
                return sum + (found[bin] - mean) * (found[bin] - mean) / mean
            }
            // Five standard deviations of χ²; a shift by one bin gives thousands. Only the cut's declination differs.
            let limit = Double(full.count) + 5 * (2 * Double(full.count)).squareRoot()
            #expect(chiSquare < limit, "\(model.name), \(full.count) bins, seed 33")
        }
    }
}
