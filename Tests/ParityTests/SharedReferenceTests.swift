import Foundation
import IceTracks
import Testing

@testable import PointSource

/// The reference numbers of ../shared/oracle, which are not part of the repository: without them, or without Python and
/// numpy to make their samples, these tests are skipped.
@Suite(.enabled(if: SharedSamples.lack == nil, "\(SharedSamples.lack ?? "")"))
struct SharedReferenceTests {
    static let folder = Folders.shared.appendingPathComponent("oracle/reference")

    @Test(arguments: Folders.references(in: folder, beginning: "dr")) func agreesWithSkyLLH(file: URL) throws {
        try ReferenceComparison(file: file) { reference in
            try reference.args.sample == Catalogue.iceTracksDR1.name
                ? SharedSamples.ic40.get() : SharedSamples.seed3.get()
        }.check()
    }

    /// 20,000 trials of ours against 1500 of SkyLLH's. Its seven descents of each trial all start from n_s = 10 and miss
    /// small maxima, so TS is compared where there is a signal only; docs/parity.md has the rest.
    @Test(arguments: [0.0, 20]) func sameDistributionAsSkyLLH(meanSignal: Double) async throws {
        let analysis = try PointSourceAnalysis(
            datasets: SharedSamples.seed3.get(),
            source: Source(rightAscensionDegrees: 40.67, declinationDegrees: -0.01), settings: AnalysisSettings())
        let ours = try await TrialSample(analysis, meanSignal: meanSignal, count: 20_000)
        let table = try NumpyTable(file: Self.folder.appendingPathComponent("trials_dr2_seed3.npy"))
        let theirs = TrialSample(table: table, meanSignal: meanSignal)
        try TrialDistributionTests.check(ours, theirs, name: "dr2_seed3 mu \(Int(meanSignal))", withTS: meanSignal > 0)
        guard meanSignal == 0 else { return }
        // No fit of theirs may beat the global one, so their TS = 0 is at least as frequent.
        let missed = try TrialSample.compare(ours.testStatistics, theirs.testStatistics)
        print(
            "parity distribution dr2_seed3 mu 0, SkyLLH from n_s = 10: ts D \(missed.distance) p \(missed.probability)")
        #expect(ours.fractionAtZero <= theirs.fractionAtZero)
        let thorough = try TrialSample(compact: Folders.reference.appendingPathComponent("trials_dr2_seed3_mu0.f32"))
        #expect(thorough.fractionAtZero <= theirs.fractionAtZero)
        try TrialDistributionTests.check(ours, thorough, name: "dr2_seed3 mu 0, SkyLLH from ten starts")
    }
}
