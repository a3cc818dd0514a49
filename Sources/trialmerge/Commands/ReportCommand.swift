import ArgumentParser
import Console
import Diagnostics
import Inference
import PointSource
import Report

/// `trialmerge report merged.h5 -o report.html`.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes a page with figures and tables of all that trials say, and the figures as files.",
        discussion: """
            The page is one file of HTML that needs nothing else. It holds what the trials allow: without signal trials \
            the background alone. Figures are drawn by gnuplot; those in a folder are fit for a column of a journal, \
            and as gp they are gnuplot's scripts with the data, for whoever wants to change them.
            """)

    @OptionGroup var options: SignalOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("Write the page here.", valueName: "report.html"))
    var output: String?

    @Option(help: ArgumentHelp("The page's heading (default: the source's name).", valueName: "text"))
    var title: String?

    @Option(help: ArgumentHelp("The fit of the data: output of trialgen unblind --json.", valueName: "result.json"))
    var unblind: String?

    @Option(help: ArgumentHelp("The likelihood of the data: output of trialgen scan --json.", valueName: "scan.json"))
    var scan: String?

    @Option(
        help: ArgumentHelp(
            "Curves of several campaigns: output of trialmerge curve --json; may be repeated.",
            valueName: "curve.json"))
    var curve: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A one-sided significance whose discovery potential is shown; may be repeated (default: 3 and 5).",
            valueName: "sigma"))
    var sigma: [Double] = []

    @Option(help: ArgumentHelp("Write the figures into this folder.", valueName: "folder"))
    var figures: String?

    @Option(
        help: ArgumentHelp("How: any of svg, png, pdf and gp, separated by commas.", valueName: "formats"),
        transform: ReportCommand.formats)
    var format: [FigureFormat] = [.svg, .pdf]

    func run() throws {
        let logger = try options.statistics.reporting.logging.makeLogger(label: "trialmerge")
        try options.statistics.check()
        guard output != nil || figures != nil else {
            throw Fault(
                .usage, at: .field("--output"), "neither a page nor a folder for figures is named",
                remedy: "give --output report.html, --figures folder, or both")
        }
        let sigmas = sigma.isEmpty ? [3, 5] : sigma
        for sigma in sigmas { try DiscoveryCommand.check(sigma: sigma) }
        // What would fail at the end fails before the work.
        let gnuplot = try Gnuplot()
        let outputs = ReportOutputs(page: output, folder: figures, formats: format)
        try outputs.check()

        let fit = try unblind.map { try DataFit(contentsOf: $0) }
        let inputs = try TrialInputs(
            options.statistics.files, command: "report",
            exactAt: [options.statistics.cut] + (fit.map { [$0.ts] } ?? []),
            progress: options.statistics.reporting.logging.progressStyle)
        for warning in inputs.warnings { logger.warning("\(warning)") }
        let report = try contents(inputs, sigmas: sigmas, fit: fit)
        for detection in report.detections {
            if case .failure(let fault) = detection.signal { logger.warning("no \(detection.title): \(fault)") }
        }
        if report.detections.isEmpty { logger.warning("\(inputs.name): no sensitivity without signal and background") }
        let written = try outputs.write(report, drawnBy: gnuplot)
        try StandardOutput.print(
            options.statistics.reporting.json
                ? JSONValue.object([.init("files", .array(written.map { .string($0) }))]).description
                : written.joined(separator: "\n"))
    }

    private func contents(_ inputs: TrialInputs, sigmas: [Double], fit: DataFit?) throws -> CampaignReport {
        let (campaign, cut) = (try inputs.campaign(), options.statistics.cut)
        let background = inputs.meanSignals.contains(0) ? try inputs.background() : nil
        let signal = try inputs.signal()
        var detections: [Detection] = []
        if let background, !signal.isEmpty {
            let wanted =
                [("sensitivity", DetectableSignal.Criterion.sensitivity)]
                + sigmas.map { ("\(NumberFormat.plain($0))σ discovery", .discovery(sigma: $0)) }
            detections = wanted.map { title, criterion in
                Detection(
                    criterion, title: title, background: background, signal: signal,
                    interpolation: options.interpolation, cut: cut)
            }
        }
        let name = campaign.configuration.source.name
        return CampaignReport(
            title: title ?? (name.isEmpty ? "Trials of a point-source search" : name),
            subtitle: campaign.line, referenceEnergy: campaign.referenceEnergyText, campaign: campaign,
            background: background, cut: cut, detections: detections,
            calibration: try inputs.calibration(of: campaign, cut: cut),
            fit: fit,
            scan: try scan.map { try LikelihoodScan(contentsOf: $0) },
            curves: try curve.map { try SensitivityCurve(contentsOf: $0) },
            files: inputs.sets.map(ReportedFile.init), softwareVersion: SoftwareVersion.current)
    }

    @Sendable
    private static func formats(_ text: String) throws -> [FigureFormat] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let format = FigureFormat(rawValue: String(name)) else {
                throw ValidationError(
                    "\"\(name)\" is no format of a figure. Legal are "
                        + FigureFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            }
            return format
        }
    }
}
