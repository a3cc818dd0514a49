import ArgumentParser
import Console
import Diagnostics
import Inference
import Report
import Results
import Settings

/// `trialmerge report merged.h5 -o report.html`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page with figures and tables of all results, and the figures as files.",
        discussion: """
            The page is one self-contained HTML file. It shows what the trials allow: without signal trials only the \
            background. Figures need gnuplot; without it the page has only the tables. Figures written to a folder fit \
            a journal column; the format gp writes gnuplot's scripts with the data, for editing. Numbers and warnings \
            are those of the other commands. Without --sigma: 3 and 5 sigma.

            Example: trialmerge report merged.h5 -o report.html --unblind result.json --figures figures
            """)

    @OptionGroup var options: SignalOptions

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The page to write.", valueName: "report.html"), completion: .file())
    var output: String?

    @Option(help: ArgumentHelp("Heading of the page (default: the source's name).", valueName: "text"))
    var title: String?

    @Option(
        help: ArgumentHelp("Fit of the data: output of trialgen unblind --json.", valueName: "result.json"),
        completion: .file())
    var unblind: String?

    @Option(
        help: ArgumentHelp("Likelihood of the data: output of trialgen scan --json.", valueName: "scan.json"),
        completion: .file())
    var scan: String?

    @Option(
        help: ArgumentHelp(
            "Curves of several campaigns: output of trialmerge curve --json; can be given several times.",
            valueName: "curve.json"), completion: .file())
    var curve: [String] = []

    @OptionGroup(title: "Statistics") var discovery: SigmaOption

    @Option(help: ArgumentHelp("Write the figures into this folder.", valueName: "folder"), completion: .directory)
    var figures: String?

    @Option(
        help: ArgumentHelp(
            "Formats of the figures: svg, png, pdf, gp, separated by commas (default: svg,pdf).", valueName: "formats"),
        transform: ReportCommand.formats)
    var format: [FigureFormat]?

    @Flag(help: "Replace files that are not pages or figures of trialmerge; an input is never replaced.")
    var replace = false

    func run() throws {
        var trials = options.trials
        trials.files += discovery.files
        let logger = try trials.makeLogger()
        let settings = try options.search.settings()
        guard output != nil || figures != nil else {
            throw Fault(
                .usage, at: .field("--output"), "neither a page nor a folder for figures is given",
                remedy: "give --output report.html, --figures folder, or both")
        }
        guard format == nil || figures != nil else {
            throw Fault(
                .usage, at: .field("--format"), "has no effect without --figures",
                remedy: "give --figures folder as well, or leave --format out")
        }
        let sigmas = try discovery.values(default: [3, 5])
        // Errors that would stop the command at its end are found before the work.
        let formats = format ?? [.svg, .pdf]
        let gnuplot = Gnuplot()
        if figures != nil {
            for format in formats where format != .gnuplot { try gnuplot.path(for: format) }
        } else if !gnuplot.isAvailable {
            logger.warning("gnuplot is not installed: the page has no figures")
        }
        let outputs = ReportOutputs(
            page: output, folder: figures, formats: formats, replace: replace,
            inputs: trials.files + [unblind, scan].compactMap { $0 } + curve)
        try outputs.check()

        let observation = try unblind.map { try Observation(file: $0) }
        let inputs = try TrialInputs(
            trials, command: "report", exactAt: [settings.cut] + (observation.map { [$0.ts] } ?? []))
        let contents = try contents(inputs, settings, sigmas: sigmas, observation)
        let written = try outputs.write(contents, drawnBy: gnuplot)
        try WrittenReport(files: written, warnings: contents.warnings).print(trials.reporting, logger)
    }

    private func contents(
        _ inputs: TrialInputs, _ settings: SearchSettings, sigmas: [Double], _ observation: Observation?
    ) throws -> CampaignReport {
        let campaign = try inputs.campaign()
        var warnings = try observation?.warnings(for: campaign, of: inputs.name) ?? []
        let scan = try scan.map { path in
            let result = try ScanResult(contentsOf: path)
            warnings += try result.checkCampaign(
                is: campaign, of: inputs.name, file: path, Campaign.differenceOfData)
            return try LikelihoodScan(result, file: path)
        }
        let curves = try curve.map { path in
            let result = try CurveFile(contentsOf: path)
            warnings += try result.checkCampaign(
                is: campaign, of: inputs.name, file: path, Campaign.differenceBesidesPoint)
            return result
        }
        var background: BackgroundSummary?
        var detections: [Detection] = []
        if inputs.hasBackground || inputs.weighted != nil {
            background = try BackgroundSummary(
                campaign: campaign, background: inputs.backgroundTrials, mixture: inputs.mixture, cut: settings.cut,
                observed: observation?.ts)
        }
        if inputs.hasBackground {
            let trials = try inputs.searchTrials()
            if !trials.signal.isEmpty {
                detections = try inputs.locatingFaults {
                    try Detection.all(
                        discoveries: sigmas, in: trials, settings, tail: background?.tailStudy)
                }
            }
        }
        return CampaignReport(
            title: title, campaign: campaign, background: background, detections: detections, settings: settings,
            calibration: CalibrationSummary(
                campaign: campaign, calibration: try inputs.calibration(of: campaign, cut: settings.cut)),
            fit: observation?.fit, scan: scan, curves: curves, files: inputs.sets, inputWarnings: warnings,
            softwareVersion: SoftwareVersion.current)
    }

    @Sendable
    private static func formats(_ text: String) throws -> [FigureFormat] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let format = FigureFormat(rawValue: String(name)) else {
                throw ValidationError(
                    "\"\(name)\" is not a valid figure format. Valid formats are "
                        + FigureFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            }
            return format
        }
    }
}

/// The result of a report: its files.
private struct WrittenReport: CommandResult {
    let files: [String]
    let warnings: [String]

    var text: String { files.joined(separator: "\n") }
    var members: [JSONValue.Member] { [.init("files", .strings(files))] }
}
