import Inference
import Numerics
import Testing

@testable import PointSource

/// Weighted background trials (docs/model.md, section 10). Seeds are fixed.
@Suite struct WeightedTrialTests {
    struct Mean {
        let value: Double
        let error: Double

        init(_ values: [Double]) {
            let n = Double(values.count)
            let mean = values.reduce(0, +) / n
            value = mean
            error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot()
        }

        /// Whether it equals a number within some of its errors.
        func agrees(with number: Double, within errors: Double = 4) -> Bool { abs(value - number) < errors * error }
    }

    func makeTrials(
        _ count: Int, _ analysis: PointSourceAnalysis, _ background: WeightedBackground, seed: Int64
    ) throws -> [WeightedTrial] {
        var workspace = analysis.makeWorkspace()
        let hypothesis = Hypothesis(tail: background.mixture.tail, seed: seed)
        return try (0..<UInt64(count)).map {
            try analysis.weightedTrial($0, of: hypothesis, background: background, workspace: &workspace)
        }
    }

    /// ln dQ_l/dP at all points l for trials of one component.
    func logRatios(
        _ count: Int, _ analysis: PointSourceAnalysis, _ background: WeightedBackground, component: Int,
        _ workspace: inout TrialWorkspace
    ) -> [[Double]] {
        let key = Philox4x32.Key(seed: 61, stream: UInt64(component))
        return (0..<UInt64(count)).map {
            analysis.logRatios(
                ofTrial: $0, component: component, key: key, background: background, workspace: &workspace)
        }
    }

    /// ln of the ratio of two estimates of the affinity ∫ √(dQ_k dQ_l), one from trials of each, with its error: it is the
    /// error of C_l − C_k.
    static func bridge(_ ofK: [Double], _ ofL: [Double]) -> (value: Double, error: Double) {
        let one = Mean(ofK.map { Portable.exp(0.5 * $0) })
        let other = Mean(ofL.map { Portable.exp(-0.5 * $0) })
        let (x, y) = (one.error / one.value, other.error / other.value)
        return (Portable.log(one.value / other.value), (x * x + y * y).squareRoot())
    }

    /// The constants C_k, from ordinary trials to the smallest n of each γ, and from there to larger n.
    @Test(arguments: [-85.0, -0.01]) func constantsAreRight(declination: Double) throws {
        let analysis = try ToyAnalysis.make(declinationDegrees: declination, only: ["IC40"])
        let background = try WeightedBackground(analysis, tail: 2.5)
        let points = background.mixture.points
        var workspace = analysis.makeWorkspace()
        let count = 500
        let samples = (0...points.count).map {
            logRatios(count, analysis, background, component: $0, &workspace)
        }
        var (sum, weights, squares) = (0.0, 0.0, 0.0)
        var bridges = 0
        for k in points.indices {
            // A neighbour at the same γ, or ordinary trials.
            let hasLower = k > 0 && points[k - 1].gamma == points[k].gamma
            let ofLower = samples[hasLower ? k : 0].map { hasLower ? $0[k] - $0[k - 1] : $0[k] }
            let ofThis = samples[k + 1].map { hasLower ? $0[k] - $0[k - 1] : $0[k] }
            let (value, error) = Self.bridge(ofLower, ofThis)
            #expect(abs(value) < 4.5 * error, "point \(k), n \(points[k].signalEvents), gamma \(points[k].gamma)")
            squares += value * value / (error * error)
            bridges += 1
            if !hasLower {
                sum += value / (error * error)
                weights += 1 / (error * error)
            }
        }
        // χ² of all bridges, which share samples: a wide limit.
        #expect(squares < Double(bridges) + 5 * (2 * Double(bridges)).squareRoot(), "chi2 \(squares) of \(bridges)")
        // An error of 0.15 that all constants share would be seen; `closure bridges` sees one of 0.03.
        let mean = sum / weights
        #expect(abs(mean) < 0.15, "\(mean) ± \(1 / weights.squareRoot())")
    }

    /// w̄ against a midpoint rule with many points, near the horizon and near the pole.
    @Test(arguments: [-0.01, 89.5]) func averagesOverRightAscension(declination: Double) throws {
        let analysis = try ToyAnalysis.make(declinationDegrees: declination, only: ["IC40"])
        let model = analysis.models[0]
        var builder = try TiltTable.Builder(rowCount: model.signalTable.count)
        for i in 0..<model.background.candidates.count { try builder.add(i, row: 0, model.background.place(of: i)) }
        let means = builder.means
        for i in stride(from: 0, to: means.count, by: max(1, means.count / 50)) {
            let place = CandidatePlace(
                model.background.candidates[i], placement: model.background.placement,
                halfWidth: model.background.halfWidth(of: i))
            let (step, lanes) = (place.halfWidth / 8000, 1000)
            var sum = SIMD8<Double>.zero
            for lane in 0..<lanes {
                let middle = SIMD8<Double>(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5) + Double(8 * lane)
                sum += place.shape(step * middle)
            }
            let exact = place.candidate.scale * sum.total * step / Double.pi
            #expect(abs(means[i] - exact) < 1e-6 * exact, "candidate \(i)")
        }
    }

    /// Δra of tilted candidates against the integral of their density.
    @Test(arguments: [-0.01, 89.5]) func tiltedRightAscensions(declination: Double) throws {
        let analysis = try ToyAnalysis.make(declinationDegrees: declination, only: ["IC40"])
        let background = analysis.models[0].background
        var random = RandomStream(key: .init(seed: 7, stream: 7), trial: 0, purpose: 0)
        for index in [0, background.candidates.count / 3, background.candidates.count - 1] {
            let place = CandidatePlace(
                background.candidates[index], placement: background.placement,
                halfWidth: background.halfWidth(of: index))
            let count = 4000
            let drawn = (0..<count).map { _ in place.tiltedDifference(&random) }.sorted()
            // The distribution function at each drawn value, by midpoints.
            let (steps, width) = (4000, 2 * place.halfWidth / 4000)
            var cumulative = [0.0]
            for step in 0..<steps {
                let middle = -place.halfWidth + (Double(step) + 0.5) * width
                cumulative.append(cumulative[step] + place.shape(SIMD8(repeating: middle))[0])
            }
            var distance = 0.0
            for (i, value) in drawn.enumerated() {
                let expected = cumulative[min(steps, Int((value + place.halfWidth) / width))] / cumulative[steps]
                distance = max(distance, abs(expected - (Double(i) + 0.5) / Double(count)))
            }
            // 1.63/√n is exceeded with probability 1 %.
            #expect(distance < 1.8 / Double(count).squareRoot(), "seed 7, candidate \(index)")
        }
    }

    /// Weights have mean 1, and p-values are those of ordinary trials.
    @Test func pValuesAreThoseOfOrdinaryTrials() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40", "IC79"])
        let background = try WeightedBackground(analysis, tail: 5)
        let count = 3000
        let weighted = try makeTrials(count, analysis, background, seed: 71)
        #expect(Mean(weighted.map { Portable.exp($0.logWeight) }).agrees(with: 1), "seed 71")
        #expect(weighted.allSatisfy { $0.logWeight <= -Portable.log(0.1) })
        for point in background.mixture.heldOut.indices {
            let mean = Mean(weighted.map { Portable.exp($0.logWeight + $0.heldOut[point]) })
            #expect(mean.agrees(with: 1), "held-out point \(point): \(mean)")
        }
        var workspace = analysis.makeWorkspace()
        let ordinary = try (0..<UInt64(count)).map {
            try analysis.trial($0, of: Hypothesis(meanSignal: 0, seed: 72), workspace: &workspace)
        }
        func chiSquare(_ weight: (WeightedTrial) -> Double) -> Double {
            let edges = [-1, 0, 0.02, 0.08, 0.2, 0.4, 0.7, 1.0, 1.4, 1.9, 2.5, 3.2, 4, 5, 6.5, 8.5, Double.infinity]
            return zip(edges, edges.dropFirst()).reduce(0) { sum, bin in
                func isIn(_ fit: FitResult) -> Bool { fit.testStatistic > bin.0 && fit.testStatistic <= bin.1 }
                let one = Mean(weighted.map { isIn($0.trial.fit) ? weight($0) : 0 })
                let other = Mean(ordinary.map { isIn($0.fit) ? 1 : 0 })
                let difference = one.value - other.value
                return sum + difference * difference / (one.error * one.error + other.error * other.error)
            }
        }
        // 16 bins; 36 is exceeded with a probability of 0.3 %.
        #expect(chiSquare { Portable.exp($0.logWeight) } < 36, "seeds 71 and 72")
        #expect(chiSquare { Portable.exp(0.7 * $0.logWeight) } > 36, "a wrong weight must not pass")
    }

    /// What a mixture lacks is seen at the points outside it: one γ alone, no soft or no hard spectra, a top that is too low.
    @Test(arguments: [
        ([1.0], 6.0), ([4.0], 6.0), ([1.0, 1.5, 2.0], 6.0), ([3.0, 3.5, 4.0], 6.0),
        ([1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0], 2.0),
    ])
    func incompleteMixturesAreSeen(gammas: [Double], largestTilt: Double) throws {
        let analysis = try ToyAnalysis.make(only: ["IC40", "IC79"])
        let cells = gammas.map { analysis.grid.nearest(to: $0).index }
        let background = try WeightedBackground(analysis, tail: 5, cells: cells, largestTilt: largestTilt)
        // Of 1500 trials, one in four samples of a mixture without soft spectra shows nothing.
        let weighted = try makeTrials(20_000, analysis, background, seed: 73)
        #expect(try !distribution(weighted).isSound)
    }

    @Test func completeMixturesAreSound() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40", "IC79"])
        let background = try WeightedBackground(analysis, tail: 5)
        #expect(try distribution(makeTrials(1500, analysis, background, seed: 73)).isSound)
    }

    private func distribution(_ trials: [WeightedTrial]) throws -> WeightedTSDistribution {
        var accumulator = WeightedTSDistribution.Accumulator()
        for trial in trials {
            try accumulator.add(
                ts: trial.trial.fit.testStatistic, logWeight: trial.logWeight, component: trial.proposal,
                heldOut: trial.heldOut)
        }
        return try WeightedTSDistribution(accumulator)
    }

    @Test func trialsDependOnTheirArgumentsAlone() throws {
        let analysis = try ToyAnalysis.make()
        let background = try WeightedBackground(analysis, tail: 7)
        let again = try WeightedBackground(analysis, tail: 7)
        #expect(background.mixture == again.mixture)
        #expect(background.mixture.points.count <= 35 && background.mixture.heldOut.count <= 12)
        let forwards = try makeTrials(12, analysis, background, seed: 74)
        var used = analysis.makeWorkspace()
        for trial in forwards.reversed() {
            let hypothesis = Hypothesis(tail: 7, seed: 74)
            let same = try analysis.weightedTrial(
                trial.trial.number, of: hypothesis, background: again, workspace: &used)
            #expect(same == trial)
        }
        // Ordinary trials before and after weighted ones in a workspace.
        let ordinary = Hypothesis(meanSignal: 0, seed: 74)
        var fresh = analysis.makeWorkspace()
        #expect(
            try analysis.trial(3, of: ordinary, workspace: &used) == analysis.trial(3, of: ordinary, workspace: &fresh))
    }

    @Test func invalidTails() throws {
        let analysis = try ToyAnalysis.make(only: ["IC40"])
        for tail in [0.5, 9, .nan] {
            #expect(throws: (any Error).self) { try WeightedBackground(analysis, tail: tail) }
        }
        let background = try WeightedBackground(analysis, tail: 3)
        var workspace = analysis.makeWorkspace()
        #expect(throws: (any Error).self) {
            try analysis.weightedTrial(
                0, of: Hypothesis(tail: 4, seed: 1), background: background, workspace: &workspace)
        }
    }
}
