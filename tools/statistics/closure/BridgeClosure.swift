import ArgumentParser
import Console
import Numerics
import PointSource
import TrialMaking

/// The constants C_k of a mixture, from trials of neighbouring components.
///
/// An error of C_l − C_k changes dQ_l/dQ_k by a factor. Both E_k √(dQ_l/dQ_k) and E_l √(dQ_k/dQ_l) are the affinity
/// ∫ √(dQ_k dQ_l): the logarithm of their ratio is the error. A chain of such bridges leads from ordinary background
/// (C = 0) to the largest n of each γ.
struct BridgeClosure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bridges", abstract: "Measures errors of the constants of a mixture of weighted trials.")

    @Option(help: "What trialgen prepare wrote.") var prepared: String
    @Option(help: "Trials of each component.") var trials = 40_000
    @Option(help: "The significance, in sigma, that the mixture is made for.") var tail = 7.0
    @Option(help: "Seed.") var seed: Int64 = 1
    @Option(help: "Threads.") var threads = 1
    @Option(help: "The size of the errors that the test must find.") var error = 0.03

    /// The error of C_upper − C_lower, with its standard error.
    private struct Bridge {
        /// The index of the lower point; nil for ordinary background.
        let lower: Int?
        let upper: Int
        let value: Double
        let error: Double
    }

    func run() throws {
        let analysis = try PreparedFile(contentsOf: prepared).analysis()
        let background = try WeightedBackground(analysis, tail: tail)
        let points = background.mixture.points
        /// ln dQ_k/dQ_lower for new trials of a component; no two bridges share trials.
        var first: UInt64 = 0
        func logRatios(_ component: Int, _ k: Int, _ lower: Int?) throws -> [Double] {
            defer { first += UInt64(trials) }
            let key = Philox4x32.Key(seed: UInt64(seed), stream: UInt64(component))
            return try onThreads(threads, first..<first + UInt64(trials)) { numbers in
                var workspace = analysis.makeWorkspace()
                return numbers.map { number in
                    let ratios = analysis.logRatios(
                        ofTrial: number, component: component, key: key, background: background, workspace: &workspace)
                    return ratios[k] - (lower.map { ratios[$0] } ?? 0)
                }
            }
        }
        let bridges = try points.indices.map { upper -> Bridge in
            let lower = upper > 0 && points[upper - 1].gamma == points[upper].gamma ? upper - 1 : nil
            let down = try logRatios(lower.map { $0 + 1 } ?? 0, upper, lower)
            let up = try logRatios(upper + 1, upper, lower)
            let (one, other) = (mean(down.map { Portable.exp(0.5 * $0) }), mean(up.map { Portable.exp(-0.5 * $0) }))
            let error = (one.error * one.error + other.error * other.error).squareRoot()
            return Bridge(lower: lower, upper: upper, value: Portable.log(one.value / other.value), error: error)
        }
        report("as it is", bridges, points)
        // Each bridge between levels would have another error if one constant were wrong; shared errors show only in those
        // from ordinary background.
        report("all constants + \(brief(error))", broken(bridges) { _ in error }, points)
        let largest = points.map(\.signalEvents).max() ?? 1
        report(
            "constants + \(brief(error)) n / largest n", broken(bridges) { error * points[$0].signalEvents / largest },
            points)
        let missed = points.indices.filter { k in
            isSound(broken(bridges) { $0 == k ? error : 0 })
        }
        print("one constant + \(brief(error)): found at \(points.count - missed.count) of \(points.count) points")
    }

    private func broken(_ bridges: [Bridge], _ shift: (Int) -> Double) -> [Bridge] {
        bridges.map {
            Bridge(
                lower: $0.lower, upper: $0.upper, value: $0.value + shift($0.upper) - ($0.lower.map(shift) ?? 0),
                error: $0.error)
        }
    }

    private struct Summary {
        var largest = 0.0
        /// The error that all constants share, and one in proportion to n, in standard errors.
        var shared = (value: 0.0, error: 0.0)
        var slope = (value: 0.0, error: 0.0)
    }

    private func summary(_ bridges: [Bridge], _ scale: [Double]) -> Summary {
        func fit(_ pattern: (Bridge) -> Double) -> (value: Double, error: Double) {
            var (sum, weight) = (0.0, 0.0)
            for bridge in bridges {
                let (x, w) = (pattern(bridge), 1 / (bridge.error * bridge.error))
                sum += w * x * bridge.value
                weight += w * x * x
            }
            return (sum / weight, 1 / weight.squareRoot())
        }
        return Summary(
            largest: bridges.map { abs($0.value) / $0.error }.max() ?? 0,
            shared: fit { $0.lower == nil ? 1 : 0 },
            slope: fit { scale[$0.upper] - ($0.lower.map { scale[$0] } ?? 0) })
    }

    /// Whether no bridge deviates by 4 errors.
    private func isSound(_ bridges: [Bridge]) -> Bool {
        bridges.allSatisfy { abs($0.value) < 4 * $0.error }
    }

    private func report(_ name: String, _ bridges: [Bridge], _ points: [ProposalMixture.Point]) {
        let largest = points.map(\.signalEvents).max() ?? 1
        let found = summary(bridges, points.map { $0.signalEvents / largest })
        let isSound =
            isSound(bridges) && abs(found.shared.value) < 3 * found.shared.error
            && abs(found.slope.value) < 3 * found.slope.error
        print(
            "\(name): \(bridges.count) bridges, largest deviation \(brief(found.largest)) errors, shared error "
                + "\(brief(found.shared.value)) ± \(brief(found.shared.error)), in proportion to n "
                + "\(brief(found.slope.value)) ± \(brief(found.slope.error)): \(isSound ? "sound" : "WRONG")")
    }

    private func mean(_ values: [Double]) -> (value: Double, error: Double) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
        return (mean, (variance / n).squareRoot() / mean)
    }
}
