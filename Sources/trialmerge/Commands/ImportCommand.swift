import ArgumentParser
import Console
import Diagnostics
import Files
import Settings
import TrialStore

/// `trialmerge import trials.npy -o chunk.h5 --ra 77.36 --dec 5.69`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turns trials that SkyLLH saved into a chunk that all statistics read.",
        discussion: """
            SkyLLH's files do not say for which source and spectrum they were made: that is taken from the options, or \
            from --config. Fluxes need --flux-per-event, which trialgen flux prints for the same analysis \
            (flux_per_event), and SkyLLH's mu2flux(1) too; without it sensitivities are in events alone. All files \
            of one analysis are imported together: imports do not merge with each other, nor with trials made here.
            """)

    @Argument(help: "Files of numpy records, as create_trial_data_file writes them.")
    var files: [String] = []

    @Option(name: .shortAndLong, help: "The chunk to write.")
    var output: String

    @Option(help: ArgumentHelp("Settings of the analysis as YAML; options win over them.", valueName: "file.yaml"))
    var config: String?

    @Option(help: ArgumentHelp("The source's name, for tables.", valueName: "text"))
    var name: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The source's right ascension in degrees.", valueName: "deg"))
    var ra: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("The source's declination in degrees.", valueName: "deg"))
    var dec: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Spectral index of the injected signal (default: 2).", valueName: "index"))
    var gamma: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The flux at 1 TeV that gives one event, in GeV^-1 cm^-2 s^-1.", valueName: "flux"))
    var fluxPerEvent: Double?

    @OptionGroup var reporting: ReportOptions

    func run() throws {
        let logger = try reporting.logging.makeLogger(label: "trialmerge")
        guard !files.isEmpty else {
            throw TrialInputs.noFiles(example: "trialmerge import trials.npy -o chunk.h5 --ra 77.36 --dec 5.69")
        }
        if let fluxPerEvent, !(fluxPerEvent > 0 && fluxPerEvent.isFinite) {
            throw Fault(
                .usage, at: .field("--flux-per-event"), "\(NumberFormat.plain(fluxPerEvent)) is no flux",
                remedy: "give a positive number in GeV^-1 cm^-2 s^-1")
        }
        let progress = Progress("importing", unit: "trials", total: 0, style: reporting.logging.progressStyle)
        let report = try SkyLLHTrials.read(
            files, into: output, configuration: try configuration(), fluxPerEvent: fluxPerEvent ?? .nan,
            softwareVersion: SoftwareVersion.current, provenance: Provenance.current()
        ) { progress.advance(by: $0) }
        progress.finish()
        if !report.leftOut.isEmpty {
            logger.warning(
                "fields that have no place in a chunk were left out: \(report.leftOut.joined(separator: ", "))")
        }
        let hypotheses = report.coverage.hypotheses
        let json: JSONValue = [
            "output": .string(output), "n_trials": .integer(report.coverage.count),
            "hypotheses": .array(
                hypotheses.map { hypothesis in
                    [
                        "mu": .number(hypothesis.meanSignal), "seed": .integer(hypothesis.seed),
                        "n": .integer(report.coverage[hypothesis].count),
                    ]
                }),
        ]
        var table = Table([.number("mu"), .number("seed"), .number("trials")])
        for hypothesis in hypotheses {
            table.add([
                NumberFormat.plain(hypothesis.meanSignal), String(hypothesis.seed),
                NumberFormat.count(Int(clamping: report.coverage[hypothesis].count)),
            ])
        }
        try StandardOutput.print(reporting.json ? json.description : table.text + "\nchunk \(output)")
    }

    private func configuration() throws -> Configuration {
        var layer = ConfigurationLayer()
        layer.set(\.sourceName, name, as: .sourceName)
        layer.set(\.rightAscension, ra, as: .rightAscension)
        layer.set(\.declination, dec, as: .declination)
        layer.set(\.gamma, gamma, as: .gamma)
        guard let config else { return try Configuration(layer) }
        return try Configuration(try ConfigurationLayer(contentsOf: config).overridden(by: layer))
    }
}
