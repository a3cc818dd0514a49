import ArgumentParser
import Console
import Diagnostics
import Files
import Foundation
import IceTracks
import Logging
import ReleaseDownload
import Results

struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Download a public release, check every file, and store it where other commands find it.",
        discussion: """
            Files come from the dataset on Harvard's Dataverse and are checked against its checksums. An interrupted \
            download continues when the command is run again; the release appears only when it is complete. \
            Without --into it goes to $TRIALGEN_CACHE, or else to ~/.cache/trialgen, where the other commands look \
            when --data is not given. The command needs the program curl, and uses the proxies of the environment \
            (https_proxy, no_proxy).

            Example: trialgen fetch IceTracks-DR2
            """)

    @Argument(help: ArgumentHelp("IceTracks-DR2, IceTracks-DR2-v1 or IceTracks-DR1.", valueName: "sample"))
    var sample: String

    @Option(
        help: ArgumentHelp("Make the release's folder in this folder (default: the cache).", valueName: "dir"),
        completion: .directory)
    var into: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only files whose path or name matches one of these patterns, as in 'irfs/*' '*IC40*'.",
            valueName: "pattern"))
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "Unpack this zip file of the dataset, downloaded with a browser; needs no network.", valueName: "zip"))
    var from: String?

    @Option(
        help: ArgumentHelp(
            "Fetch this version of the dataset, such as 3.1, as a sample of its own (IceTracks-DR2-v3.1) in its own folder.",
            valueName: "version"))
    var datasetVersion: String?

    @Option(
        help: ArgumentHelp("Use another Dataverse server (default: https://dataverse.harvard.edu).", valueName: "url"))
    var server: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Give up after this many consecutive attempts with almost no new data.", valueName: "n"),
        transform: wholeNumber)
    var attempts = 8

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds before the second attempt; doubled before each further attempt.", valueName: "s"),
        transform: decimal)
    var retryDelay = 1.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Close a connection after this many seconds with less than 1 kB/s.", valueName: "s"),
        transform: wholeNumber)
    var stallTimeout = 60

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let wanted = try chosenSample()
        if let into { try OutputFolder.checkName(into) }
        let retry = try RetryPolicy(attempts: attempts, firstDelay: retryDelay)
        guard let parent = into ?? ReleaseCache.folder() else {
            throw Fault(
                .usage, at: .field("--into"),
                "there is no folder for the release: HOME and TRIALGEN_CACHE are not set",
                remedy: "give --into, or set TRIALGEN_CACHE")
        }
        let stop = report.logging.makeStopRequest()
        let display = DownloadDisplay(wanted.name, style: report.logging.progressStyle)
        let download = try ReleaseDownload(
            of: wanted, into: parent, patterns: files,
            observer: DownloadObserver(
                expect: display.expect, advance: display.advance, note: { logger.notice("\($0)") },
                shouldStop: { stop.received != nil }))
        let outcome: ReleaseDownload.Outcome
        do {
            if let from {
                outcome = try download.unpack(from)
            } else {
                outcome = try download.download(from: server, retry: retry, stallTimeout: stallTimeout)
            }
        } catch {
            display.finish()
            throw error
        }
        display.finish()
        if let newer = outcome.newerVersion {
            let name = Catalogue.version(newer, of: wanted).name
            logger.warning(
                """
                the server has version \(newer) of \(wanted.doi), newer than \(wanted.name) (version \(wanted.version)); \
                --dataset-version \(newer) fetches it as the sample \(name)
                """)
        }
        try print(outcome, of: wanted)
    }

    private func chosenSample() throws -> Sample {
        let named = try Catalogue.sample(named: sample)
        guard let datasetVersion else { return named }
        guard let version = DatasetVersion(datasetVersion) else {
            throw Fault(
                .usage, at: .field("--dataset-version"), "\"\(datasetVersion)\" is not a version of a dataset",
                remedy: "give two numbers, as in 3.1")
        }
        return Catalogue.version(version, of: named)
    }

    private func print(_ outcome: ReleaseDownload.Outcome, of sample: Sample) throws {
        if report.json {
            let json: JSONValue = [
                "sample": .string(sample.name), "doi": .string(sample.doi), "version": .string(sample.version),
                "folder": .string(outcome.folder), "files": .integer(outcome.fileCount),
                "bytes": .integer(outcome.byteCount), "new_files": .integer(outcome.newFileCount),
                "copied_files": .integer(outcome.copiedFileCount),
                "newer_version": outcome.newerVersion.map { .string($0.description) } ?? .null,
            ]
            return try StandardOutput.print(json.description)
        }
        let copies =
            outcome.copiedFileCount == 0
            ? "" : "\(outcome.copiedFileCount) copied from other releases on this machine, "
        let news =
            outcome.newFileCount == 0 && copies.isEmpty
            ? "already complete, nothing was downloaded"
            : from == nil
                ? copies + "\(outcome.newFileCount) downloaded; all agree with the dataset's checksums"
                : "\(outcome.newFileCount) unpacked; all agree with the zip file's checksums"
        try StandardOutput.print(
            """
            \(sample.name), version \(sample.version) of \(sample.doi)
            \(outcome.fileCount) files, \(NumberFormat.count(outcome.byteCount)) bytes: \(news)
            folder \(outcome.folder)
            """)
    }
}
