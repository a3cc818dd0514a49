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
            background, for a catalogue or the sky also what trialmerge catalogue or sky prints. Figures need gnuplot; without it the page has only the tables. Figures written to a folder fit \
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
        help: ArgumentHelp(
            "Fit of the data: output of trialgen unblind --json, for the sky of trialgen map --json.",
            valueName: "result.json"),
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
            """
            Formats of files, separated by commas: svg, png, pdf, gp for the figures (default with --figures: svg,pdf); \
            tex for the summary as a LaTeX table and BibTeX entries; json for all numbers.
            """, valueName: "formats"),
        transform: ReportCommand.formats)
    var format: ReportFormats?

    @Option(
        help: ArgumentHelp("Letters and lines of the figures in the folder: paper, talk.", valueName: "theme"))
    var theme: FigureLook.Theme?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Their width in columns of a journal: 1 (86 mm) or 2 (178 mm).", valueName: "n"))
    var columns: Int?

    @Option(help: ArgumentHelp("Their font (default: Helvetica).", valueName: "name"))
    var font: String?

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
        guard figures != nil || format?.figures.isEmpty ?? true else {
            throw Fault(
                .usage, at: .field("--format"), "has no effect without --figures",
                remedy: "give --figures folder as well, or leave --format out")
        }
        if figures == nil,
            let option = theme != nil ? "--theme" : columns != nil ? "--columns" : font.map({ _ in "--font" })
        {
            throw Fault(
                .usage, at: .field(option), "has no effect without --figures",
                remedy: "give --figures folder as well, or leave \(option) out")
        }
        let look = try FigureLook(theme: theme ?? .paper, columns: columns ?? 1, font: font ?? FigureLook.standard.font)
        let sigmas = try discovery.values(default: [3, 5])
        // Errors that would stop the command at its end are found before the work.
        let formats = format?.figures ?? [.svg, .pdf]
        let gnuplot = Gnuplot()
        if figures != nil {
            for format in formats where format != .gnuplot { try gnuplot.path(for: format) }
        } else if !gnuplot.isAvailable {
            logger.warning("gnuplot is not installed: the page has no figures")
        }
        let outputs = ReportOutputs(
            page: output, folder: figures, formats: formats, look: look, numbers: format?.numbers ?? [],
            replace: replace,
            inputs: trials.files + [unblind, scan].compactMap { $0 } + curve)
        try outputs.check()

        let data = try unblind.map { try UnblindedData(file: $0) }
        var inputs = try TrialInputs(
            trials, command: "report", exactAt: [settings.cut] + (data?.observation.map { [$0.ts] } ?? []))
        try data?.check(inputs.campaign().configuration.search)
        let contents = try contents(&inputs, settings, sigmas: sigmas, data)
        let written = try outputs.write(contents, drawnBy: gnuplot)
        try WrittenReport(files: written, warnings: contents.warnings).print(trials.reporting, logger)
    }

    private func contents(
        _ inputs: inout TrialInputs, _ settings: SearchSettings, sigmas: [Double], _ data: UnblindedData?
    ) throws -> CampaignReport {
        let campaign = try inputs.campaign()
        let observation = data?.observation
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
        var (background, places) = (BackgroundSummary?.none, PlacesSummary?.none)
        var detections: [Detection] = []
        var limit: Result<LimitsSummary, Fault>?
        if inputs.hasBackground || inputs.weighted != nil {
            background = try BackgroundSummary(
                campaign: campaign, background: inputs.backgroundTrials, mixture: inputs.mixture, cut: settings.cut,
                observed: observation?.ts)
            (places, warnings) = try inputs.places(of: campaign.configuration.search, data, warnings)
        }
        if inputs.hasBackground {
            let trials = try inputs.searchTrials()
            if !trials.signal.isEmpty {
                detections = try inputs.locatingFaults {
                    try Detection.all(
                        discoveries: sigmas, in: trials, settings, tail: background?.tailStudy)
                }
                limit = try observation.map { observed in
                    do {
                        return .success(
                            try LimitsSummary(
                                campaign: campaign, trials: trials, observed: observed.ts, level: ReportSummary.level,
                                settings))
                    } catch let fault as Fault where fault.kind == .badData {
                        return .failure(fault)
                    }
                }
            }
        }
        return CampaignReport(
            title: title, campaign: campaign, background: background, detections: detections, settings: settings,
            calibration: CalibrationSummary(
                campaign: campaign, calibration: try inputs.calibration(of: campaign, cut: settings.cut)),
            fit: observation?.fit, limit: limit, places: places, scan: scan, curves: curves, files: inputs.sets,
            inputWarnings: warnings,
            softwareVersion: SoftwareVersion.current)
    }

    @Sendable
    private static func formats(_ text: String) throws -> ReportFormats {
        var formats = ReportFormats()
        for name in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
            if let format = FigureFormat(rawValue: name) {
                formats.figures.append(format)
            } else if let format = NumbersFormat(rawValue: name) {
                formats.numbers.append(format)
            } else {
                let valid = FigureFormat.allCases.map(\.rawValue) + NumbersFormat.allCases.map(\.rawValue)
                throw ValidationError(
                    "\"\(name)\" is not a valid format. Valid formats are \(valid.joined(separator: ", ")).")
            }
        }
        return formats
    }
}

extension FigureLook.Theme: ExpressibleByArgument {}

/// The formats that `--format` lists.
struct ReportFormats {
    var figures: [FigureFormat] = []
    var numbers: [NumbersFormat] = []
}

/// The result of a report: its files.
private struct WrittenReport: CommandResult {
    let files: [String]
    let warnings: [String]

    var text: String { files.joined(separator: "\n") }
    var members: [JSONValue.Member] { [.init("files", .strings(files))] }
}
