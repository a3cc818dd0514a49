import Foundation
import Inference
import Testing

@testable import PointSource

/// The distribution of our trials against SkyLLH's on the toy release: 20,000 of ours, 1500 of theirs for each mean signal, and 4000
/// more of theirs at the probes for mu = 0.
///
/// SkyLLH's were made by tools/parity/skyllh_trials.py (run.sh --store), each fitted from several starting points.
@Suite struct TrialDistributionTests {
    static let limit = 0.01

    static func analysis() throws -> PointSourceAnalysis {
        try PointSourceAnalysis(
            datasets: ParityToy.datasets(),
            source: Source(rightAscensionDegrees: 40.67, declinationDegrees: -0.01), settings: AnalysisSettings())
    }

    static func stored(_ meanSignal: Double) throws -> TrialSample {
        let fitted = Folders.reference.appendingPathComponent("trials_toy_mu\(Int(meanSignal)).f32")
        var sample = try TrialSample(compact: fitted)
        guard meanSignal == 0 else { return sample }
        let more = try TrialSample(compact: Folders.reference.appendingPathComponent("trials_toy_mu0_probes.f32"))
        for (i, values) in more.logLambdas.enumerated() { sample.logLambdas[i] += values }
        return sample
    }

    /// Compares TS and the probes, prints and checks.
    static func check(_ ours: TrialSample, _ theirs: TrialSample, name: String, withTS: Bool = true) throws {
        #expect(theirs.logLambdas[0].count >= 1500)
        var tests = zip(TrialSample.probeNames, try ours.compareProbes(theirs)).map { ($0, $1) }
        if withTS { tests.append(("ts", try TrialSample.compare(ours.testStatistics, theirs.testStatistics))) }
        for (quantity, test) in tests {
            #expect(test.probability > limit, "\(name): \(quantity)")
            print("parity distribution \(name): \(quantity) D \(test.distance) p \(test.probability)")
        }
        print("parity distribution \(name): TS = 0 in \(ours.fractionAtZero), SkyLLH \(theirs.fractionAtZero)")
    }

    @Test(arguments: [0.0, 20]) func sameDistributionAsSkyLLH(meanSignal: Double) async throws {
        let ours = try await TrialSample(Self.analysis(), meanSignal: meanSignal, count: 20_000)
        try Self.check(ours, Self.stored(meanSignal), name: "toy mu \(Int(meanSignal))")
    }

    @Test(arguments: [0.9, 1.1]) func weightOffByATenthFails(factor: Double) async throws {
        let wrong = try WrongTrials.biasedWeight(Self.analysis(), factor: factor, meanSignal: 0, count: 5000)
        let tests = try wrong.compareProbes(Self.stored(0))
        print("parity wrong trials, weight × \(factor): p \(tests.map(\.probability))")
        #expect(tests.contains { $0.probability < Self.limit })
        // Nothing but the factor may be wrong: without it, these are the probes of the trials above.
        let right = try WrongTrials.biasedWeight(Self.analysis(), factor: 1, meanSignal: 0, count: 1000)
        let trials = try await TrialSample(Self.analysis(), meanSignal: 0, count: 1000)
        for (ours, theirs) in zip(right.logLambdas, trials.logLambdas) {
            #expect(zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-6 })
        }
    }

    @Test func scrambledDeclinationFails() throws {
        let wrong = WrongTrials.scrambledDeclination(
            try Self.analysis(), data: try ParityToy.datasets().map(\.events), count: 1500)
        let tests = try wrong.compareProbes(Self.stored(0))
        print("parity wrong trials, declination scrambled: p \(tests.map(\.probability))")
        #expect(tests.contains { $0.probability < Self.limit })
    }
}
