import ArgumentParser
import Console
import Diagnostics
import Numerics
import PointSource
import Results
import Settings

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Generate one trial again and list its most signal-like events.",
        discussion: "Example: trialgen inspect --ra 40.67 --dec -0.01 --mu 5 --trial 3")

    @OptionGroup var options: AnalysisOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of the trial.", valueName: "k"))
    var trial: Int64

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Mean number of injected events.", valueName: "mu"),
        transform: decimal)
    var mu: Double = 0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("A weighted background trial, made with this --tail.", valueName: "sigma"),
        transform: decimal)
    var tail: Double?

    @Option(parsing: .unconditional, help: .setting(\.seed, "s"), transform: wholeNumber)
    var seed: Int64?

    @Option(parsing: .unconditional, help: ArgumentHelp("Number of events to list.", valueName: "n"))
    var top = 20

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        var more = ConfigurationLayer()
        more.set(\.seed, seed)
        let configuration = try options.resolve(more)
        let order = TrialOrder(meanSignal: mu, count: 1, tail: tail)
        try order.check()
        guard trial >= 0, trial < .max else {
            throw Fault(
                .usage, at: .field("--trial"), "\(trial) is not a valid trial number",
                remedy: "give a whole number from 0")
        }
        guard top >= 0 else {
            throw Fault(
                .usage, at: .field("--top"), "\(top) is not a valid number of events",
                remedy: "give a whole number from 0")
        }
        let setup = try AnalysisSetup(configuration, options.releaseReader, logger: logger)
        let analysis = setup.analysis
        var workspace = analysis.makeWorkspace()
        let inspection = try analysis.inspect(
            UInt64(trial), of: order.hypothesis(seed: configuration.seed), data: setup.data,
            background: try tail.map { try WeightedBackground(analysis, tail: $0) }, workspace: &workspace)
        try StandardOutput.print(
            report.json
                ? json(inspection, setup.campaign).description
                : setup.campaign.title + text(inspection, configuration))
    }

    private func json(_ inspection: TrialInspection, _ campaign: Campaign) -> JSONValue {
        let configuration = campaign.configuration
        let (trial, fit) = (inspection.trial, inspection.trial.fit)
        let events = inspection.events.prefix(top).map { event -> JSONValue in
            [
                "dataset": .string(event.dataset), "injected": .bool(event.isInjected),
                "dec": .number(event.declination.degrees), "ra": .number(event.rightAscension.degrees),
                "log10_energy": .number(event.log10Energy), "energy": .number(Portable.exp10(event.log10Energy)),
                "sigma": .number(event.angularError.degrees), "psi": .number(event.openingAngle.degrees),
                "ratio": .number(event.ratio),
            ]
        }
        let weight = inspection.weighted.map { weighted -> [JSONValue.Member] in
            [.init("log_weight", .number(weighted.logWeight)), .init("proposal", .integer(weighted.proposal))]
        }
        let hypothesis = TrialOrder(meanSignal: mu, count: 1, tail: tail).hypothesis(seed: configuration.seed)
        return .object(
            [.init("trial", .integer(self.trial))] + hypothesis.members("mean_n_sig") + [
                .init("n_sig", .integer(trial.injected)), .init("ts", .number(fit.testStatistic)),
                .init("ns", .number(fit.signalEvents)),
                .init(configuration.settings.parameter.label, .number(fit.gamma)),
            ] + (weight ?? []) + [
                .init(
                    "at_bounds",
                    .object([
                        .init("ns", .bool(FitBound(of: fit.signalEvents, configuration.settings.signalEvents) != nil)),
                        .init(
                            configuration.settings.parameter.label,
                            .bool(FitBound(of: fit.gamma, configuration.settings.parameter) != nil)),
                    ])), .init("events", .array(events)),
            ] + campaign.energyMembersIfAny)
    }

    private func text(_ inspection: TrialInspection, _ configuration: Configuration) -> String {
        let (trial, fit) = (inspection.trial, inspection.trial.fit)
        var best = Table()
        best.add("trial", String(self.trial), "mu \(NumberFormat.plain(mu)), seed \(configuration.seed)")
        if let weighted = inspection.weighted, let tail {
            let weight = NumberFormat.significant(Portable.exp(weighted.logWeight), 3)
            best.add("weight", weight, "component \(weighted.proposal), for \(NumberFormat.plain(tail)) sigma")
        }
        best.add("injected", String(trial.injected), "events")
        best.add("TS", NumberFormat.fixed(fit.testStatistic, 3))
        let settings = configuration.settings
        let n = FitBound(of: fit.signalEvents, settings.signalEvents)
        best.add(
            "n_s", NumberFormat.fixed(fit.signalEvents, 2),
            ["events", n?.text].compactMap { $0 }.joined(separator: ", "))
        let parameter = FitBound(of: fit.gamma, settings.parameter)
        best.add(
            settings.parameter.label, fit.signalEvents > 0 ? NumberFormat.fixed(fit.gamma, 3) : "-",
            settings.parameter.isFixed ? "fixed" : fit.signalEvents > 0 ? parameter?.text ?? "" : "")
        var table = Table([
            .name("dataset"), .number("dec", unit: "deg"), .number("ra", unit: "deg"), .number("lg E", unit: "GeV"),
            .number("E", unit: "GeV"), .number("sigma", unit: "deg"), .number("psi", unit: "deg"), .number("S/B"),
            .name("injected"),
        ])
        for event in inspection.events.prefix(top) {
            table.add([
                event.dataset, NumberFormat.fixed(event.declination.degrees, 2),
                NumberFormat.fixed(event.rightAscension.degrees, 2), NumberFormat.fixed(event.log10Energy, 2),
                NumberFormat.significant(Portable.exp10(event.log10Energy), 3),
                NumberFormat.fixed(event.angularError.degrees, 2), NumberFormat.fixed(event.openingAngle.degrees, 2),
                NumberFormat.significant(event.ratio, 3), event.isInjected ? "yes" : "",
            ])
        }
        return best.text + "\n" + table.text
    }
}

extension Double {
    /// An angle in radians, in degrees.
    var degrees: Double { self * (180 / Double.pi) }
}
