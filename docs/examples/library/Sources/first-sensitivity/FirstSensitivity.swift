import IceTracks
import Inference
import PointSource
import Settings
import ToyRelease
import TrialMaking

/// Fits a source, makes trials, and says which signal the search could see: all in one process, no file but the release.
///
///     first-sensitivity FOLDER
///
/// The release is a synthetic one, which is written into FOLDER unless it is there already.
@main
struct FirstSensitivity {
    static func main() throws {
        let folder = CommandLine.arguments.dropFirst().first ?? "."
        let release =
            try (try? Release(path: folder, sample: ToyRelease.sample))
            ?? Release(
                path: ToyRelease(seed: 7, scale: 0.01, bins: 4).write(into: folder), sample: ToyRelease.sample)
        let datasets = try release.load(["IC40"])

        // Angles are radians inside; a source may be given in degrees.
        let source = try Source(name: "NGC 1068", rightAscensionDegrees: 40.67, declinationDegrees: -0.01)
        var settings = AnalysisSettings()
        settings.spectrum.gamma = 2.5
        let analysis = try PointSourceAnalysis(datasets: datasets, source: source, settings: settings)

        let fit = try analysis.fitData(datasets.map(\.events))
        print("data: TS \(fit.testStatistic), n_s \(fit.signalEvents), gamma \(fit.gamma)")

        let runner = TrialRunner(analysis: analysis)
        let background = try TSDistribution(testStatistics(runner, mu: 0, count: 5000))
        let signal = try [1, 2, 3, 4, 6, 8, 12].map { mu in
            try SignalTrials(mu: mu, ts: testStatistics(runner, mu: mu, count: 500))
        }
        let sensitivity = try DetectableSignal.find(
            .sensitivity, in: SearchTrials(background: background, signal: signal, injected: []))
        let flux = analysis.flux(forEvents: sensitivity.mu)
        print("background: median TS \(sensitivity.threshold.value) of \(background.count) trials")
        print("sensitivity: \(sensitivity.mu) events, \(flux) GeV^-1 cm^-2 s^-1 at 1 TeV")
    }

    /// The TS of the first trials of a hypothesis. They do not depend on the number of threads.
    static func testStatistics(_ runner: TrialRunner, mu: Double, count: Int64) throws -> [Double] {
        var trials = TrialRanges()
        if let range = TrialRange(first: 0, last: count - 1) { trials.insert(range) }
        var ts: [Double] = []
        try runner.run(trials, of: Hypothesis(meanSignal: mu, seed: 1)) { records in
            ts += records.map(\.testStatistic)
        }
        return ts
    }
}
