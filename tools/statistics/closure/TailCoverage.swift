import ArgumentParser
import Console
import Inference
import PointSource
import TrialMaking

/// How often the intervals of weighted thresholds and p-values hold the values of all samples together.
struct TailCoverage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail-coverage", abstract: "Repeats weighted samples, and counts how often their intervals hold.")

    @Option(help: "What trialgen prepare wrote.") var prepared: String
    @Option(help: "Samples.") var repeats = 500
    @Option(help: "Weighted trials of a sample.") var trials = 10_000
    @Option(help: "The significance, in sigma, that the mixture is made for.") var tail = 7.0
    @Option(help: "Seed.") var seed: Int64 = 1
    @Option(help: "Threads.") var threads = 1

    func run() throws {
        let analysis = try PreparedFile(contentsOf: prepared).analysis()
        let background = try WeightedBackground(analysis, tail: tail)
        let (tail, seed, trials) = (tail, seed, trials)
        let samples = try onThreads(threads, 0..<UInt64(repeats)) { numbers in
            var workspace = analysis.makeWorkspace()
            return try numbers.map { sample in
                // Each sample has a seed of its own: the offset of the components is then random as well.
                let hypothesis = Hypothesis(tail: tail, seed: seed + Int64(sample))
                return try (0..<UInt64(trials)).map { number in
                    let trial = try analysis.weightedTrial(
                        number, of: hypothesis, background: background, workspace: &workspace)
                    return (trial.trial.fit.testStatistic, trial.logWeight, trial.proposal)
                }
            }
        }
        var whole = WeightedTSDistribution.Accumulator()
        var distributions: [WeightedTSDistribution] = []
        for sample in samples {
            var accumulator = WeightedTSDistribution.Accumulator()
            for (ts, logWeight, component) in sample {
                try accumulator.add(ts: ts, logWeight: logWeight, component: component)
                try whole.add(ts: ts, logWeight: logWeight, component: component)
            }
            distributions.append(try WeightedTSDistribution(accumulator))
        }
        let truth = try WeightedTSDistribution(whole)
        var table = Table([
            .name("quantity"), .number("truth"), .number("samples"), .number("68.27 %"), .number("95 %"),
        ])
        for sigma in [3.0, 5, 7] {
            let threshold = try truth.threshold(sigma: sigma)
            var (ofThreshold, ofP, made) = ([0, 0], [0, 0], 0)
            let p = Significance.tailProbability(sigma: sigma)
            for distribution in distributions {
                for (level, confidence) in [Significance.oneSigmaContent, 0.95].enumerated() {
                    guard let found = try? distribution.threshold(sigma: sigma, confidence: confidence) else {
                        continue
                    }
                    if level == 0 { made += 1 }
                    if found.low <= threshold.value, threshold.value <= found.high { ofThreshold[level] += 1 }
                    let tail = try distribution.survival(above: threshold.value, confidence: confidence)
                    if tail.low <= p, p <= tail.high { ofP[level] += 1 }
                }
            }
            for (name, hits, value) in [("threshold", ofThreshold, threshold.value), ("p", ofP, p)] {
                table.add([
                    "\(NumberFormat.plain(sigma)) sigma: \(name)", brief(value), NumberFormat.count(made),
                    share(hits[0], of: made), share(hits[1], of: made),
                ])
            }
        }
        try StandardOutput.print(table.text)
    }
}
