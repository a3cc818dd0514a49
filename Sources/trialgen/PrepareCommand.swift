import ArgumentParser
import Console
import Diagnostics
import Trials

struct PrepareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prepare", abstract: "Writes all that trials need into one file, from which run --prepared starts.",
        discussion: """
            The file stands for the release, the source and the settings: trials made from it are those made from the \
            release, to the last bit, and their chunks merge. It is read by the version of trialgen that wrote it.
            """)

    @OptionGroup var options: AnalysisOptions

    @Option(help: ArgumentHelp("The file; replaced if it is there.", valueName: "file"))
    var output: String

    @OptionGroup var report: ReportOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let configuration = try options.resolve()
        try RunPlan.checkOutput(output, example: "analysis.prepared")
        let session = try AnalysisSession(configuration, logger: logger)
        let byteCount = try PreparedFile.write(session.analysis, session.campaign, to: output)
        let (fingerprint, matter) = (session.campaign.fingerprint, session.analysis.candidateCounts)
        if report.json {
            let json: JSONValue = [
                "file": .string(output), "fingerprint": .string(fingerprint), "bytes": .integer(byteCount),
                "n_events": session.byDataset(session.analysis.eventCounts), "n_candidates": session.byDataset(matter),
            ]
            return try StandardOutput.print(json.description)
        }
        var counts = Table([.name("dataset"), .number("events"), .number("can matter")])
        for (name, (all, some)) in zip(session.analysis.datasetNames, zip(session.analysis.eventCounts, matter)) {
            counts.add([name, NumberFormat.count(all), NumberFormat.count(some)])
        }
        try StandardOutput.print(
            configuration.title + counts.text
                + "\ncampaign \(fingerprint.prefix(12))\nfile \(output), \(NumberFormat.count(byteCount)) bytes\n")
    }
}
