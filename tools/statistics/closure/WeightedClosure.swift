import ArgumentParser
import Console
import Foundation
import Inference
import Numerics
import PointSource
import TrialMaking

/// Weighted background trials against ordinary ones (docs/statistics.md).
struct WeightedClosure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weighted",
        abstract: "Makes weighted and ordinary background trials; compares their distributions, errors and times.")

    @Option(help: "What trialgen prepare wrote.") var prepared: String
    @Option(help: "Weighted trials.") var trials = 100_000
    @Option(help: "Ordinary trials.") var ordinary = 100_000
    @Option(help: "The file that keeps the counts of ordinary trials; an earlier count is continued.") var counts:
        String?
    @Option(help: "The significance, in sigma, that the mixture is made for.") var tail = 7.0
    @Option(help: "Seed.") var seed: Int64 = 1
    @Option(help: "Threads.") var threads = 1
    @Option(help: "Multiply weights by exp(this * TS), to see the comparison fail.") var wrong = 0.0

    func run() throws {
        let analysis = try PreparedFile(contentsOf: prepared).analysis()
        let clock = ContinuousClock()
        let began = clock.now
        let background = try WeightedBackground(analysis, tail: tail)
        let setUp = (clock.now - began) / .seconds(1)
        let mixture = background.mixture
        print("mixture: \(mixture.points.count) points, \(mixture.heldOut.count) held out, made in \(brief(setUp)) s")

        let (tail, seed) = (tail, seed)
        let weightedBegan = processorTime()
        let weighted = try onThreads(threads, 0..<UInt64(trials)) { numbers in
            var workspace = analysis.makeWorkspace()
            return try numbers.map {
                try analysis.weightedTrial(
                    $0, of: Hypothesis(tail: tail, seed: seed), background: background, workspace: &workspace)
            }
        }
        let weightedTime = (processorTime() - weightedBegan) / Double(trials)
        let sample = min(ordinary, 20_000)
        let ordinaryBegan = processorTime()
        _ = try CountedBackground.count(sample, of: analysis, seed: seed + 1, threads: threads, file: nil)
        let ordinaryTime = (processorTime() - ordinaryBegan) / Double(sample)
        print(
            "a weighted trial takes \(brief(1e6 * weightedTime)) us of processor time, an ordinary one \(brief(1e6 * ordinaryTime)) us: "
                + "ratio \(brief(weightedTime / ordinaryTime))")

        var accumulator = WeightedTSDistribution.Accumulator()
        var binned = BinnedWeights()
        for trial in weighted {
            let ts = trial.trial.fit.testStatistic
            try accumulator.add(
                ts: ts, logWeight: trial.logWeight, component: trial.proposal, heldOut: trial.heldOut)
            binned.add(ts: ts, weight: Portable.exp(trial.logWeight + wrong * ts), component: trial.proposal)
        }
        let distribution = try WeightedTSDistribution(accumulator)
        print("mean weight \(brief(distribution.meanWeight)), sound: \(distribution.isSound)")
        for (point, mean) in zip(mixture.heldOut, distribution.heldOut) {
            print("  held out n \(brief(point.signalEvents)) gamma \(brief(point.gamma)): \(brief(mean))")
        }
        for sigma in [2.0, 3, 4, 5, 6, 7] {
            guard let threshold = try? distribution.threshold(sigma: sigma), let tail = threshold.weighted else {
                print("\(brief(sigma)) sigma: not reached")
                continue
            }
            print(
                "\(brief(sigma)) sigma: TS \(brief(threshold.value)) (\(brief(threshold.low)) to \(brief(threshold.high))), "
                    + "error of p \(brief(100 * tail.relativeError)) %, effective size "
                    + "\(brief(tail.effectiveSize)), largest share \(brief(tail.largestShare)), equivalent to "
                    + "\(brief(tail.equivalentTrials)) ordinary trials, trusted \(tail.isTrusted)")
        }
        let counted = try CountedBackground.count(
            ordinary, of: analysis, seed: seed, threads: threads, file: counts)
        compare(binned, counted)
        try compareThresholds(distribution, counted)
        for sigma in [4.0, 5] {
            guard let threshold = try? distribution.threshold(sigma: sigma),
                let high = counted.trials(above: threshold.value)
            else { continue }
            let drawn = weighted.filter { $0.trial.fit.testStatistic > threshold.value }.map(\.logWeight)
            compareWeights(
                sigma: sigma, drawn, logWeights(of: high, seed: seed, analysis, background))
        }
    }

    /// ln W of ordinary trials.
    private func logWeights(
        of trials: ArraySlice<CountedBackground.HighTrial>, seed: Int64, _ analysis: PointSourceAnalysis,
        _ background: WeightedBackground
    ) -> [Double] {
        var workspace = analysis.makeWorkspace()
        let key = Hypothesis(meanSignal: 0, seed: seed).key
        return trials.map {
            background.mixture.logWeight(
                analysis.logRatios(
                    ofTrial: $0.number, component: 0, key: key, background: background, workspace: &workspace))
        }
    }

    /// Prints the weights that ordinary trials above a threshold have, and where they lie among those of weighted trials.
    ///
    /// Weighted trials estimate the distribution of ln W of ordinary trials above the threshold, each counting W. A part
    /// of the ordinary trials that the mixture misses has weights near its largest, 1/α₀, and so lies above all of them.
    private func compareWeights(sigma: Double, _ drawn: [Double], _ ordinary: [Double]) {
        guard !ordinary.isEmpty, let largest = drawn.max() else { return }
        let sorted = drawn.sorted()
        let weights = sorted.map { Portable.exp($0) }
        let total = weights.reduce(0, +)
        let effectiveSize = total * total / weights.reduce(0) { $0 + $1 * $1 }
        // By ordinary trial, the weighted share of trials with a smaller weight: uniform if the mixture covers them.
        let count = Double(ordinary.count)
        var (distance, share, place) = (0.0, 0.0, 0)
        for (rank, value) in ordinary.sorted().enumerated() {
            while place < sorted.count, sorted[place] < value {
                share += weights[place] / total
                place += 1
            }
            distance = max(distance, share - Double(rank) / count, Double(rank + 1) / count - share)
        }
        let limit = 1.63 * (1 / count + 1 / effectiveSize).squareRoot()
        print(
            "\(brief(sigma)) sigma: ln W of ordinary trials \(brief(ordinary.min() ?? 0)) to "
                + "\(brief(ordinary.max() ?? 0)), of weighted trials up to \(brief(largest)); "
                + "distance of their distributions \(brief(distance)), p 0.01 at \(brief(limit))")
    }

    private func compare(_ binned: BinnedWeights, _ counted: CountedBackground) {
        let comparison = binned.compare(counted)
        for bin in comparison.bins {
            print(
                "  TS above \(brief(bin.low)): weighted \(brief(bin.weighted)), ordinary \(brief(bin.counted)), "
                    + "pull \(brief(bin.pull))")
        }
        print(
            "\(counted.count) ordinary trials: chi2 \(brief(comparison.chiSquare)) of \(comparison.bins.count) bins, "
                + "p \(brief(comparison.pValue))")
    }

    /// Counts of ordinary trials above the weighted thresholds of 4 and 5 sigma, and the counted thresholds.
    private func compareThresholds(_ distribution: WeightedTSDistribution, _ counted: CountedBackground) throws {
        for sigma in [4.0, 5] {
            guard let threshold = try? distribution.threshold(sigma: sigma), let tail = threshold.weighted,
                let above = counted.trials(above: threshold.value)?.count
            else { continue }
            let p = Significance.tailProbability(sigma: sigma)
            let expected = p * Double(counted.count)
            let share = try BinomialProportion(successes: above, tries: counted.count)
            let interval = share.clopperPearson(confidence: 0.95)
            // The error of the weighted p at this TS, and that of the count.
            let deviation =
                (Double(above) - expected)
                / (expected + (expected * tail.relativeError) * (expected * tail.relativeError)).squareRoot()
            print(
                "\(brief(sigma)) sigma: \(above) ordinary trials above TS \(brief(threshold.value)), \(brief(expected)) expected: "
                    + "\(brief(deviation)) errors; p counted / p weighted 95 % \(brief(interval.lowerBound / p)) to \(brief(interval.upperBound / p))"
            )
            let rank = Int(expected.rounded())
            if rank >= 10, rank <= counted.largest.count {
                let spread = Int(expected.squareRoot().rounded())
                let low = counted.largest[min(counted.largest.count, rank + spread) - 1].ts
                let high = counted.largest[max(1, rank - spread) - 1].ts
                print(
                    "  threshold counted \(brief(counted.largest[rank - 1].ts)) (\(brief(low)) to \(brief(high))), weighted "
                        + "\(brief(threshold.value)) (\(brief(threshold.low)) to \(brief(threshold.high)))")
            }
        }
    }
}

/// Seconds of processor time that this process has used, on all threads.
private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
}

func brief(_ value: Double) -> String { NumberFormat.significant(value, 4) }

func brief(_ mean: WeightedTSDistribution.Mean) -> String { "\(brief(mean.value)) ± \(brief(mean.error))" }
