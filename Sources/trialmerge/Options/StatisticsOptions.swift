import ArgumentParser
import Console
import Diagnostics
import Inference

/// What every command takes that reads trials and prints a number.
struct StatisticsOptions: ParsableArguments {
    @Argument(help: "A merged file, or chunks of one campaign that share no trial.")
    var files: [String] = []

    @Option(
        parsing: .unconditional,
        help: "Fit the tail of the background above this TS where trials are too few to count a threshold.")
    var cut = TruncatedGamma.defaultCut

    @OptionGroup var reporting: ReportOptions
}

extension StatisticsOptions {
    /// - Throws: `Fault` of kind `usage` for an option without meaning.
    func check() throws {
        guard cut > 0, cut.isFinite else {
            throw Fault(
                .usage, at: .field("--cut"), "\(NumberFormat.plain(cut)) is no TS to fit a tail above",
                remedy: "give a number above 0, such as 3")
        }
    }
}
