import ArgumentParser
import Console
import Diagnostics
import Files
import TrialMaking

struct PrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare",
        abstract: "Write everything that trials need into one file, for trialgen run --prepared.",
        discussion: """
            The file replaces the release, the source and the settings: trials made from it are bitwise identical to \
            those made from the release, and their chunks can be merged. Only the version of trialgen that wrote it \
            can read it. A campaign that lists sources, gammas or energy ranges gets one file per point, with the \
            point's number in the name.

            Example: trialgen prepare --ra 40.67 --dec -0.01 -o analysis.prepared
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; an earlier prepared file is replaced.", valueName: "file"),
        completion: .file())
    var output: String

    @Flag(help: "Replace the output even if it is not a prepared file; an input is never replaced.")
    var replace = false

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let (points, releases) = (try options.points(), options.releaseReader)
        let configurations = try points.map { try $0.configuration() }
        let inputs = options.config.map { [$0] } ?? []
        for point in points {
            try OutputFolder.check(point.path(output), example: "analysis.prepared")
            try PreparedFile.checkOutput(point.path(output), replace: replace, inputs: inputs)
        }
        var files: [PreparedSummary] = []
        for (point, configuration) in zip(points, configurations) {
            let setup = try AnalysisSetup(configuration, releases, logger: logger)
            let byteCount = try PreparedFile.write(
                setup.analysis, setup.campaign, to: point.path(output), replace: replace,
                inputs: inputs + setup.releaseFiles)
            files.append(PreparedSummary(point, setup, file: point.path(output), byteCount: byteCount))
        }
        if files.count == 1, let file = files.first {
            return try StandardOutput.print(report.json ? file.json.description : file.text)
        }
        let json: JSONValue = ["points": .array(files.map(\.json))]
        try StandardOutput.print(report.json ? json.description : PreparedSummary.table(files))
    }
}
