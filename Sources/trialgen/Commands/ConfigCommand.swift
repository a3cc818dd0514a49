import ArgumentParser
import Console
import Diagnostics
import IceTracks
import Logging
import ReleaseDownload
import Settings

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Write an example configuration, check one, or show the effective settings.",
        discussion: """
            With --show, the options of an analysis are read as every command reads them: they override --config, \
            which overrides the variable \(ConfigurationLayer.dataVariable) (the release's folder), which overrides \
            the cache of trialgen fetch and the defaults. --check finds all errors of a file. It reads the \
            release only for a list of energy ranges, which must end at edges of the smearing matrix. Of a file that \
            defines a sample it finds the first error.

            Keys: \(SettingKey.all.map(\.name).joined(separator: ", ")).
            """)

    @Flag(name: .customLong("init"), help: "Write an annotated example to edit.")
    var initial = false

    @Argument(help: ArgumentHelp("With --init: which example; the same as --example.", valueName: "name"))
    var named: ConfigurationExample?

    @Option(help: ArgumentHelp("Report all errors of a file.", valueName: "file.yaml"), completion: .file())
    var check: String?

    @Flag(help: "Show every setting with its value and its origin.")
    var show = false

    @Option(help: ArgumentHelp("Which example: \(ConfigurationExample.names).", valueName: "name"))
    var example: ConfigurationExample?

    @Option(
        help: ArgumentHelp("Write the example into this file instead of standard output.", valueName: "file.yaml"),
        completion: .file())
    var output: String?

    @Flag(help: "Replace the output if it exists.")
    var replace = false

    @OptionGroup var options: AnalysisOptions
    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        guard [initial, check != nil, show].filter(\.self).count == 1 else {
            throw Fault(
                .usage, "config needs one of three options", remedy: "give one of --init, --check FILE and --show")
        }
        if !show, let option = try options.first {
            throw Fault(
                .usage, at: .field(option), "has no effect with --\(initial ? "init" : "check")",
                remedy: "give it with --show, or to the command that uses the file")
        }
        if options.acceptChanged {
            throw Fault(
                .usage, at: .field("--accept-changed"), "has no meaning for --show, which reads no release",
                remedy: "leave it out")
        }
        if let named, !initial || example != nil {
            throw Fault(
                .usage, at: .field("\(named.rawValue)"),
                initial ? "and --example both name an example" : "has no effect without --init",
                remedy: initial ? "keep one of them" : "add --init, or leave it out")
        }
        if !initial, output != nil || example != nil || replace {
            throw Fault(
                .usage, at: .field(output != nil ? "--output" : example != nil ? "--example" : "--replace"),
                "has no effect without --init",
                remedy: "add --init, or leave it out")
        }
        if let check { return try self.check(check, logger) }
        if show { return try showSettings() }
        try write(example ?? named ?? .steadySource)
    }

    private func write(_ example: ConfigurationExample) throws {
        guard let output else { return try StandardOutput.print(example.text) }
        try example.write(to: output, replace: replace)
        if report.json {
            return try StandardOutput.print(JSONValue.object([.init("file", .string(output))]).description)
        }
        try StandardOutput.print("\(output) is written; edit it, then run trialgen config --check \(output)")
    }

    private func check(_ file: String, _ logger: Logger) throws {
        if let sample = try SampleReader.definition(in: file) {
            let result = SampleCheckSummary(file: file, sample: sample)
            return try StandardOutput.print(report.json ? result.json.description : result.text)
        }
        var survey = try ConfigurationSurvey(contentsOf: file)
        if let problem = try Self.compareEnergyRanges(&survey, logger) {
            logger.warning("\(file): its energy ranges are not compared with the smearing matrix: \(problem)")
        }
        let result = CheckSummary(file: file, survey: survey)
        if report.json { try StandardOutput.print(result.json.description) }
        guard let first = result.survey.faults.first else {
            if !report.json { try StandardOutput.print(result.text) }
            return
        }
        for fault in result.survey.faults { StandardError.complain(fault.description) }
        throw ExitCode(first.kind.rawValue)
    }

    /// Compares listed energy ranges with the release, if there is one: a campaign may be checked where its data are not.
    ///
    /// - Returns: why they could not be compared; nil if they were, or if there is no list.
    private static func compareEnergyRanges(_ survey: inout ConfigurationSurvey, _ logger: Logger) throws -> String? {
        let releases = ReleaseReader(acceptsChanges: false)
        var problem: String?
        try survey.compareEnergyRanges { configuration in
            guard problem == nil else { return }
            let datasets: [Dataset]
            do {
                datasets = try releases.read(configuration, logger: logger).datasets
            } catch let fault as Fault {
                problem = fault.description
                return
            }
            try InjectedEnergies(configuration, in: datasets).checkAsListed(datasets)
        }
        return problem
    }

    private func showSettings() throws {
        let layer = try options.point == nil ? options.layer() : options.points()[0].layer
        let settings = try SettingsSummary(
            settings: EffectiveSetting.all(layer, cached: { ReleaseCache.release(of: $0) }), file: options.config,
            threads: ThreadCount.automatic)
        try StandardOutput.print(report.json ? settings.json.description : settings.text)
    }
}
