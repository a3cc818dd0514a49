import ArgumentParser
import Console
import Dispatch
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
    @Option(help: "The significance, in sigma, that the mixture is made for.") var tail = 7.0
    @Option(help: "Seed.") var seed: Int64 = 1
    @Option(help: "Threads.") var threads = 1

    func run() throws {
        let analysis = try PreparedFile(contentsOf: prepared).analysis()
        let clock = ContinuousClock()
        let began = clock.now
        let background = try WeightedBackground(analysis, tail: tail)
        let setUp = (clock.now - began) / .seconds(1)
        let points = background.mixture.points
        print(
            "mixture: \(points.count) points, \(background.mixture.heldOut.count) held out, made in \(brief(setUp)) s")
        for point in points {
            print("  n \(brief(point.signalEvents)) gamma \(brief(point.gamma)) C \(brief(point.constant))")
        }

        let weightedBegan = clock.now
        let weighted = try make(trials) { number, workspace in
            try analysis.weightedTrial(
                number, of: Hypothesis(tail: tail, seed: seed), background: background, workspace: &workspace)
        }
        let weightedTime = (clock.now - weightedBegan) / .seconds(1) / Double(trials)
        let ordinaryBegan = clock.now
        let counted = try make(ordinary) { number, workspace in
            try analysis.trial(number, of: Hypothesis(meanSignal: 0, seed: seed), workspace: &workspace)
                .fit.testStatistic
        }
        let ordinaryTime = (clock.now - ordinaryBegan) / .seconds(1) / Double(ordinary)
        print(
            "a weighted trial takes \(brief(1e6 * weightedTime)) us, an ordinary one \(brief(1e6 * ordinaryTime)) us: "
                + "ratio \(brief(weightedTime / ordinaryTime))")

        var accumulator = WeightedTSDistribution.Accumulator()
        for trial in weighted {
            try accumulator.add(
                ts: trial.trial.fit.testStatistic, logWeight: trial.logWeight, component: trial.proposal,
                heldOut: trial.heldOut)
        }
        let distribution = try WeightedTSDistribution(accumulator)
        print("mean weight \(brief(distribution.meanWeight)), sound: \(distribution.isSound)")
        for (point, mean) in zip(background.mixture.heldOut, distribution.heldOut) {
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
        try compare(distribution, weighted, counted)
    }

    /// χ² of disjoint bins of TS, with the survival at their edges.
    private func compare(
        _ distribution: WeightedTSDistribution, _ weighted: [WeightedTrial], _ counted: [Double]
    ) throws {
        let sorted = try TSDistribution(counted)
        var edges = [0.0]
        var share = 0.7
        // Bins of falling content, down to about a hundred ordinary trials.
        while share * Double(counted.count) > 100 {
            share *= 0.66
            edges.append(try sorted.quantile(1 - share * 0.5).value)
        }
        edges = Array(Set(edges)).sorted() + [.infinity]
        var (chiSquare, bins) = (0.0, 0)
        for (low, high) in zip(edges, edges.dropFirst()) {
            let inBin = weighted.filter { $0.trial.fit.testStatistic > low && $0.trial.fit.testStatistic <= high }
            let n = Double(weighted.count)
            let sum = inBin.reduce(0) { $0 + Portable.exp($1.logWeight) }
            let squares = inBin.reduce(0) { $0 + Portable.exp(2 * $1.logWeight) }
            let p = sum / n
            let q = Double(counted.filter { $0 > low && $0 <= high }.count) / Double(counted.count)
            let error = (squares / n / n - p * p / n + q * (1 - q) / Double(counted.count)).squareRoot()
            chiSquare += (p - q) * (p - q) / (error * error)
            bins += 1
            print(
                "  TS \(brief(low)) to \(brief(high)): weighted \(brief(p)), ordinary \(brief(q)), pull \(brief((p - q) / error))"
            )
        }
        print("chi2 \(brief(chiSquare)) of \(bins) bins")
    }

    /// Trials made on all threads.
    private func make<Result: Sendable>(
        _ count: Int, _ trial: @escaping @Sendable (UInt64, inout TrialWorkspace) throws -> Result
    ) throws -> [Result] {
        let analysis = try PreparedFile(contentsOf: prepared).analysis()
        let slices = Slots<Swift.Result<[Result], any Error>?>((0..<threads).map { _ in nil })
        DispatchQueue.concurrentPerform(iterations: threads) { slice in
            let numbers = UInt64(count * slice / threads)..<UInt64(count * (slice + 1) / threads)
            let made = Swift.Result {
                var workspace = analysis.makeWorkspace()
                return try numbers.map { try trial($0, &workspace) }
            }
            slices.update(slice) { $0 = made }
        }
        return try slices.values.compactMap { $0 }.flatMap { try $0.get() }
    }

    private func brief(_ value: Double) -> String { NumberFormat.significant(value, 4) }

    private func brief(_ mean: WeightedTSDistribution.Mean) -> String {
        "\(brief(mean.value)) ± \(brief(mean.error))"
    }
}
