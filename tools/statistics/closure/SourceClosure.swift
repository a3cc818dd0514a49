import ArgumentParser
import Console
import PointSource
import TrialMaking

/// A source of known flux, fitted again and again: the likelihood intervals of n_s, gamma and flux.
struct SourceClosure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "source", abstract: "Injects a source of known flux and counts how often its intervals hold it.")

    @Option(help: "What trialgen prepare wrote; its gamma is the source's.") var prepared: String
    @Option(help: "How many repeats.") var repeats = 500
    @Option(help: "The mean number of events of the source.") var mu = 30.0
    @Option(help: "The trials' seed.") var seed: Int64 = 1

    func run() throws {
        let analysis = try PreparedFile(contentsOf: prepared).analysis()
        let gamma = analysis.settings.spectrum.gamma
        let flux = analysis.flux(forEvents: mu)
        let names = ["n_s", "gamma", "flux"]
        let truths = [mu, gamma, flux]
        var inside = [[Int]](repeating: [0, 0], count: 3)
        var estimates = [[Double]](repeating: [], count: 3)
        var workspace = analysis.makeWorkspace()
        for number in 0..<UInt64(max(0, repeats)) {
            let trial = try analysis.trial(number, of: Hypothesis(meanSignal: mu, seed: seed), workspace: &workspace)
            let fit = trial.fit
            // 2 Δ ln Λ = 1 and 3.841: 68.27 and 95 % of a χ² of one degree of freedom.
            for (level, drop) in [0.5, 1.920_729].enumerated() {
                let found = analysis.intervals(about: fit, drop: drop, workspace: &workspace)
                for (index, range) in [found.signalEvents, found.gamma, found.flux].enumerated()
                where range.contains(truths[index]) {
                    inside[index][level] += 1
                }
            }
            let values = [fit.signalEvents, fit.gamma, analysis.flux(forEvents: fit.signalEvents, gamma: fit.gamma)]
            for (index, value) in values.enumerated() { estimates[index].append(value) }
        }
        var table = Table([
            .name("quantity"), .number("truth"), .number("median fit"), .number("repeats"), .number("68.27 %"),
            .number("95 %"),
        ])
        for (index, name) in names.enumerated() {
            let sorted = estimates[index].sorted()
            table.add([
                name, NumberFormat.significant(truths[index], 4),
                NumberFormat.significant(sorted.isEmpty ? .nan : sorted[sorted.count / 2], 4),
                NumberFormat.count(repeats), share(inside[index][0], of: repeats), share(inside[index][1], of: repeats),
            ])
        }
        try StandardOutput.print(table.text)
    }
}
