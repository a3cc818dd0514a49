import ArgumentParser
import Console
import Diagnostics
import Files
import Foundation
import Results
import Settings
import ToyRelease

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Show a whole analysis on a toy release: fit, trials, 5 sigma, report.",
        discussion: """
            It makes a folder with a toy release, runs the commands of an analysis there, each printed before its \
            output, and ends with a report and with commands to try next. A second run uses the files of the first.

            Example: trialgen demo
            """)

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Make the demonstration in this folder.", valueName: "dir"),
        completion: .directory)
    var output = "trialgen-demo"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Number of background trials; there are 2.5 times as many weighted ones.", valueName: "n"),
        transform: wholeNumber)
    var trials = 40_000

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Number of events of the toy release; see trialgen toy.", valueName: "x"),
        transform: decimal)
    var scale = 0.05

    @Option(
        help: ArgumentHelp("Threads (default: auto); see trialgen run.", valueName: "n"),
        transform: ThreadCount.init(argument:))
    var threads = ThreadCount.automatic

    @OptionGroup(title: "Output") var logging: LoggingOptions

    func run() throws {
        _ = try logging.makeLogger(label: "trialgen")
        guard (40...1_000_000_000).contains(trials) else {
            throw Fault(
                .usage, at: .field("--trials"), "\(trials) is not a valid number of trials",
                remedy: "give a number from 40 to 1000000000")
        }
        let threads = try threads.resolved()
        let session = try DemoSession(folder: output, quiet: logging.quiet, stop: logging.makeStopRequest())
        try session.play(DemoScript(trials: trials, scale: scale, threads: threads))
    }
}
