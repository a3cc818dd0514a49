import ArgumentParser
import Console
import Diagnostics
import Foundation
import IceTracks
import Logging
import ReleaseDownload
import Results

struct FetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Download a public release, check every file, and put it where run finds it.",
        discussion: """
            Files come from the dataset on Harvard's Dataverse and are checked against its checksums. A download that \
            was cut short goes on when the same command is given again; the release appears only when it is whole. \
            Without --into it goes to $TRIALGEN_CACHE, or else to ~/.cache/trialgen, where the other commands look when \
            --data is not given. Needs the program curl; proxies are those of the environment (https_proxy, no_proxy).

            Example: trialgen fetch IceTracks-DR2
            """)

    @Argument(help: ArgumentHelp("IceTracks-DR2, IceTracks-DR2-v1 or IceTracks-DR1.", valueName: "sample"))
    var sample: String

    @Option(
        help: ArgumentHelp("The folder that the release's folder is made in (default: the cache).", valueName: "dir"),
        completion: .directory)
    var into: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Only files whose path or name matches one of these, as in 'irfs/*' '*IC40*'.", valueName: "pattern"))
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "Unpack this zip of the dataset, downloaded in a browser; needs no network.", valueName: "zip"))
    var from: String?

    @Option(help: ArgumentHelp("Another Dataverse server (default: https://dataverse.harvard.edu).", valueName: "url"))
    var server: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Attempts in a row that bring next to nothing before it is given up.", valueName: "n"))
    var attempts = 8

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds before the second attempt; doubled from one to the next.", valueName: "s"),
        transform: decimal)
    var retryDelay = 1.0

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seconds with less than 1 kB/s after which a connection is given up.", valueName: "s"))
    var stallTimeout = 60

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        let wanted = try Catalogue.sample(named: sample)
        let retry = try RetryPolicy(attempts: attempts, firstDelay: retryDelay)
        guard let parent = into ?? ReleaseCache.folder() else {
            throw Fault(
                .usage, at: .field("--into"),
                "there is no place to put the release: HOME and TRIALGEN_CACHE are not set",
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
        try print(outcome, of: wanted)
    }

    private func print(_ outcome: ReleaseDownload.Outcome, of sample: Sample) throws {
        if report.json {
            let json: JSONValue = [
                "sample": .string(sample.name), "doi": .string(sample.doi), "version": .string(sample.version),
                "folder": .string(outcome.folder), "files": .integer(outcome.fileCount),
                "bytes": .integer(outcome.byteCount), "new_files": .integer(outcome.newFileCount),
            ]
            return try StandardOutput.print(json.description)
        }
        let news =
            outcome.newFileCount == 0
            ? "complete already, nothing was downloaded"
            : from == nil
                ? "\(outcome.newFileCount) downloaded, all as the dataset's checksums say"
                : "\(outcome.newFileCount) unpacked, all as the zip's checksums say"
        try StandardOutput.print(
            """
            \(sample.name), version \(sample.version) of \(sample.doi)
            \(outcome.fileCount) files, \(NumberFormat.count(outcome.byteCount)) bytes: \(news)
            folder \(outcome.folder)
            """)
    }
}
