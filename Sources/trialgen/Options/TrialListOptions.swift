import ArgumentParser
import Console
import Diagnostics
import PointSource
import Results
import Settings

/// Options of `trialgen run` for the trials and their output.
struct TrialListOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Mean number of injected signal events (default: 0).", valueName: "mu"), transform: decimal)
    var mu: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Make weighted background trials, for p-values up to this significance, 2 to 8.", valueName: "sigma"),
        transform: decimal)
    var tail: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of trials the chunk must contain, from --first-trial on.", valueName: "n"),
        transform: wholeNumber)
    var trials: Int64?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Number of the first trial.", valueName: "k"),
        transform: wholeNumber)
    var firstTrial: Int64 = 0

    @Option(parsing: .unconditional, help: .setting(\.seed, "s"), transform: wholeNumber)
    var seed: Int64?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The chunk, an HDF5 file; extended if it exists.", valueName: "chunk.h5"),
        completion: .file())
    var output: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Also record ln Lambda at this point; can be given several times.", valueName: "ns:gamma"))
    var probe: [String] = []

    /// The settings among these options.
    ///
    /// - Throws: `Fault` (usage) for a probe that is not NS:GAMMA.
    var layer: ConfigurationLayer {
        get throws {
            var layer = ConfigurationLayer()
            layer.set(\.seed, seed)
            layer.set(\.output, output)
            layer.set(\.probes, probe.isEmpty ? nil : try probe.map { try Probe(parsing: $0) })
            return layer
        }
    }

    /// The trials of one point.
    ///
    /// - Parameter part: the trials to keep.
    /// - Throws: `Fault` (usage) for invalid numbers, and if no trials are selected.
    func wanted(
        _ configuration: Configuration, _ part: CampaignPart
    ) throws(Fault) -> [(hypothesis: Hypothesis, range: TrialRange)] {
        guard firstTrial >= 0 else {
            throw Fault(
                .usage, at: .field("--first-trial"), "\(firstTrial) is not a valid trial number",
                remedy: "give a whole number from 0")
        }
        var wanted: [(hypothesis: Hypothesis, range: TrialRange)] = []
        for order in try orders(configuration) {
            let (last, overflow) = firstTrial.addingReportingOverflow(order.count - 1)
            guard !overflow, let range = TrialRange(first: firstTrial, last: last) else {
                throw Fault(
                    .usage, at: .field("--first-trial"),
                    "there are fewer than \(order.count) trial numbers from \(firstTrial) on",
                    remedy: "give a smaller number")
            }
            let hypothesis = order.hypothesis(seed: configuration.seed)
            if part.contains(hypothesis) { wanted.append((hypothesis, range)) }
        }
        guard !wanted.isEmpty else { throw part.missingFault }
        return wanted
    }

    private func orders(_ configuration: Configuration) throws(Fault) -> [TrialOrder] {
        if mu == nil && trials == nil && tail == nil && !configuration.trials.isEmpty { return configuration.trials }
        if mu != nil || tail != nil { try TrialOrder(meanSignal: mu ?? 0, count: 1, tail: tail).check() }
        guard let trials else {
            throw Fault(
                .usage, at: .field("--trials"), "the number of trials is not given",
                remedy: "give --mu and --trials, or a list of trials in the configuration")
        }
        let order = TrialOrder(meanSignal: mu ?? 0, count: trials, tail: tail)
        try order.check()
        try configuration.check([order], at: tail == nil ? "--mu" : "--tail")
        return [order]
    }
}
