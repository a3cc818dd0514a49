import ArgumentParser
import Console
import Diagnostics
import Files
import Results
import Settings
import TrialStore

/// `trialmerge import trials.npy -o chunk.h5 --ra 77.36 --dec 5.69`.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Convert trials that SkyLLH saved into a chunk that all other commands read.",
        discussion: """
            SkyLLH's files do not contain source and spectrum: these come from the options, or from --config. Fluxes \
            need --flux-per-event, which trialgen flux prints for the same analysis (flux_per_event), as does SkyLLH's \
            mu2flux(1); without it sensitivities are given in events only. Import all files of one analysis together: \
            imports cannot be merged with each other, or with trials made by trialgen.

            Example: trialmerge import trials.npy -o chunk.h5 --ra 77.36 --dec 5.69
            """)

    @Argument(help: "Files of numpy records, as create_trial_data_file writes them.", completion: .file())
    var files: [String] = []

    @Option(name: .shortAndLong, help: "The chunk to write.", completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp("Settings of the analysis as YAML; options override them.", valueName: "file.yaml"),
        completion: .file())
    var config: String?

    @Option(help: ArgumentHelp("Name of the source, for tables.", valueName: "text"))
    var name: String?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The source's right ascension, as in trialgen.", valueName: "deg"),
        transform: rightAscension)
    var ra: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("The source's declination, as in trialgen.", valueName: "deg"),
        transform: declination)
    var dec: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Spectral index of the injected signal (default: 2).", valueName: "index"),
        transform: decimal)
    var gamma: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The flux at 1 TeV that gives one event, in GeV^-1 cm^-2 s^-1.", valueName: "flux"),
        transform: decimal)
    var fluxPerEvent: Double?

    @Flag(help: "Replace the output if it exists; an input is never replaced.")
    var replace = false

    @OptionGroup(title: "Output") var reporting: OutputOptions

    func run() throws {
        let logger = try reporting.logging.makeLogger(label: "trialmerge")
        guard !files.isEmpty else {
            throw TrialInputs.noFiles(example: "trialmerge import trials.npy -o chunk.h5 --ra 77.36 --dec 5.69")
        }
        if let fluxPerEvent, !(fluxPerEvent > 0 && fluxPerEvent.isFinite) {
            throw Fault(
                .usage, at: .field("--flux-per-event"), "\(NumberFormat.plain(fluxPerEvent)) is not a valid flux",
                remedy: "give a positive number in GeV^-1 cm^-2 s^-1")
        }
        let progress = Progress("importing", unit: "trials", total: 0, style: reporting.logging.progressStyle)
        let imported = try SkyLLHTrials.read(
            files, into: output, replace: replace, keeping: [config].compactMap { $0 },
            configuration: try configuration(),
            fluxPerEvent: fluxPerEvent ?? .nan,
            softwareVersion: SoftwareVersion.current, provenance: Provenance.current()
        ) { progress.advance(by: $0) }
        progress.finish()
        try ImportSummary(
            output: output, coverage: imported.coverage, leftOut: imported.leftOut, repeated: imported.repeated
        ).print(reporting, logger)
    }

    private func configuration() throws -> Configuration {
        var layer = ConfigurationLayer()
        layer.set(\.sourceName, name)
        layer.set(\.rightAscension, ra)
        layer.set(\.declination, dec)
        layer.set(\.gamma, gamma)
        guard let config else { return try Configuration(layer) }
        return try Configuration(try ConfigurationLayer(contentsOf: config).overridden(by: layer))
    }
}

/// The result of an import.
private struct ImportSummary: CommandResult {
    let output: String
    let coverage: Coverage
    /// Fields that a chunk cannot store.
    let leftOut: [String]
    /// Trials that are copies of earlier ones.
    let repeated: Int

    var warnings: [String] {
        var warnings: [String] = []
        if !leftOut.isEmpty {
            warnings.append("fields that a chunk cannot store were left out: \(leftOut.joined(separator: ", "))")
        }
        if repeated > 0 {
            warnings.append(
                "\(NumberFormat.count(repeated)) of \(NumberFormat.count(coverage.count)) trials repeat the numbers of "
                    + "earlier ones: they count as independent, so that intervals are too narrow")
        }
        return warnings
    }

    var text: String {
        var table = Table([.number("mu"), .number("seed"), .number("trials")])
        for hypothesis in coverage.hypotheses {
            table.add([
                NumberFormat.plain(hypothesis.meanSignal), String(hypothesis.seed),
                NumberFormat.count(coverage[hypothesis].count),
            ])
        }
        return table.text + "\nchunk \(output)"
    }

    var members: [JSONValue.Member] {
        [
            .init("output", .string(output)), .init("n_trials", .integer(coverage.count)),
            .init("n_repeated", .integer(repeated)),
            .init(
                "hypotheses",
                .array(
                    coverage.hypotheses.map { hypothesis in
                        [
                            "mu": .number(hypothesis.meanSignal), "seed": .integer(hypothesis.seed),
                            "n": .integer(coverage[hypothesis].count),
                        ]
                    })),
        ]
    }
}
