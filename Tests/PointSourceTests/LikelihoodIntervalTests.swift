import Testing

@testable import PointSource

@Suite struct LikelihoodIntervalTests {
    @Test func crossingsAndMaxima() {
        // 1 − (x − 2)² falls below 0.75 at 1.5 and 2.5; a range may end before.
        let parabola = { (x: Double) in 1 - (x - 2) * (x - 2) }
        #expect(abs(ProfileSearch.maximum(in: 0...3, width: 1e-6, parabola) - 1) < 1e-9)
        let up = ProfileSearch.crossing(from: 2, step: 0.1, to: 9, level: 0.75, parabola)
        let down = ProfileSearch.crossing(from: 2, step: -0.1, to: 0, level: 0.75, parabola)
        #expect(abs(up - 2.5) < 1e-4 && abs(down - 1.5) < 1e-4)
        #expect(ProfileSearch.crossing(from: 2, step: 0.1, to: 2.2, level: 0.75, parabola) == 2.2)
    }

    /// Trials with a source of 25 events: the profile at the ends is `drop` below the maximum, wider drops nest, and
    /// about 68 % of 60 trials hold the truth (four standard deviations: 0.24). A drop of 1/8 would hold 38 %.
    @Test func intervalsHoldTheSource() throws {
        let analysis = try ToyAnalysis.make()
        var workspace = analysis.makeWorkspace()
        let flux = analysis.flux(forEvents: 25)
        var held = 0
        for number in 0..<60 as Range<UInt64> {
            let trial = try analysis.trial(
                number, of: Hypothesis(meanSignal: 25, seed: 3), workspace: &workspace)
            let one = analysis.intervals(about: trial.fit, workspace: &workspace)
            #expect(one.signalEvents.contains(trial.fit.signalEvents) && one.gamma.contains(trial.fit.gamma))
            if one.flux.contains(flux) { held += 1 }
            guard number == 0 else { continue }
            let two = analysis.intervals(about: trial.fit, drop: 2, workspace: &workspace)
            #expect(two.signalEvents.lowerBound < one.signalEvents.lowerBound)
            #expect(two.signalEvents.upperBound > one.signalEvents.upperBound)
            // ln Λ nowhere along the end is above the level.
            for step in 0...60 {
                let gamma = 1 + 0.05 * Double(step)
                let value = analysis.logLambda(
                    at: Probe(signalEvents: one.signalEvents.upperBound * 1.001, gamma: gamma), workspace: &workspace)
                #expect(value < trial.fit.logLambda - 0.499)
            }
        }
        #expect(abs(Double(held) / 60 - 0.68) < 0.24, "\(held) of 60")
    }
}
