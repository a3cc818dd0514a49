import ArgumentParser
import Console
import Diagnostics
import TrialMaking

struct PrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Write all that trials need into one file, from which run --prepared starts.",
        discussion: """
            The file stands for the release, the source and the settings: trials made from it are those made from the \
            release, to the last bit, and their chunks merge. It is read by the version of trialgen that wrote it. A \
            campaign that lists sources, gammas or energy ranges gets a file for each of its points, with the point's \
            number in the name.

            Example: trialgen prepare --ra 40.67 --dec -0.01 -o analysis.prepared
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file; it replaces an earlier prepared file.", valueName: "file"), completion: .file())
    var output: String

    @Flag(help: "Replace the output even if it is not a prepared file; the configuration is never replaced.")
    var replace = false

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let (points, releases) = (try options.points(), options.releaseReader)
        let configurations = try points.map { try $0.configuration() }
        let inputs = options.config.map { [$0] } ?? []
        for point in points {
            try RunPlan.checkOutput(point.path(output), example: "analysis.prepared")
            try PreparedFile.checkOutput(point.path(output), replace: replace, inputs: inputs)
        }
        var files: [PreparedReport] = []
        for (point, configuration) in zip(points, configurations) {
            let session = try AnalysisSession(configuration, releases, logger: logger)
            let byteCount = try PreparedFile.write(
                session.analysis, session.campaign, to: point.path(output), replace: replace, inputs: inputs)
            files.append(PreparedReport(point, session, file: point.path(output), byteCount: byteCount))
        }
        if files.count == 1, let file = files.first {
            return try StandardOutput.print(report.json ? file.json.description : file.text)
        }
        let json: JSONValue = ["points": .array(files.map(\.json))]
        try StandardOutput.print(report.json ? json.description : PreparedReport.table(files))
    }
}
