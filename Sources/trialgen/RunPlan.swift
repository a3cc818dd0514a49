import Diagnostics
import Foundation
import PointSource
import Trials

/// What `trialgen run` is to do, judged before any data are read.
struct RunPlan {
    let configuration: Configuration
    let ranges: [(hypothesis: Hypothesis, range: TrialRange)]
    let threads: Int
    let output: String

    /// - Throws: `Fault`: usage for numbers without meaning or no output, cannot create for an output folder that is
    ///   not there or cannot be written to.
    init(_ configuration: Configuration, orders: [TrialOrder], firstTrial: Int64, threads: Int) throws(Fault) {
        guard firstTrial >= 0 else {
            throw Fault(
                .usage, at: .field("--first-trial"), "\(firstTrial) is no trial's number",
                remedy: "give a whole number from 0")
        }
        guard (1...1024).contains(threads) else {
            throw Fault(
                .usage, at: .field("--threads"), "\(threads) is no number of threads",
                remedy: "give a number from 1 to 1024")
        }
        guard let output = configuration.output, !output.isEmpty else {
            throw Fault(
                .usage, at: .field("--output"), "the chunk is not named",
                remedy: "give --output, as in --output chunk.h5")
        }
        var ranges: [(Hypothesis, TrialRange)] = []
        for order in orders {
            let (last, overflow) = firstTrial.addingReportingOverflow(order.count - 1)
            guard !overflow, let range = TrialRange(first: firstTrial, last: last) else {
                throw Fault(
                    .usage, at: .field("--first-trial"),
                    "trial numbers from \(firstTrial) on leave no room for \(order.count)",
                    remedy: "give a smaller number")
            }
            // −0 and 0 are the same mean.
            let mean = order.meanSignal == 0 ? 0 : order.meanSignal
            ranges.append((Hypothesis(meanSignal: mean, seed: configuration.seed), range))
        }
        self.configuration = configuration
        self.ranges = ranges
        self.threads = threads
        self.output = output
        try Self.checkOutput(output)
    }

    /// A job should not read gigabytes before it learns that it cannot write.
    private static func checkOutput(_ output: String) throws(Fault) {
        var isFolder: ObjCBool = false
        let manager = FileManager.default
        if manager.fileExists(atPath: output, isDirectory: &isFolder) {
            guard isFolder.boolValue else { return }
            throw Fault(
                .cannotCreate, at: .file(output), "is a folder", remedy: "name a file in it, such as \(output)/chunk.h5"
            )
        }
        let parent = (output as NSString).deletingLastPathComponent
        let folder = parent.isEmpty ? "." : parent
        guard manager.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw Fault(
                .cannotCreate, at: .file(output), "its folder does not exist", remedy: "make the folder \(folder) first"
            )
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw Fault(
                .cannotCreate, at: .file(output),
                "its folder \(folder) cannot be written to (\(String(cString: strerror(errno))))",
                remedy: "choose a folder that can be written to")
        }
    }
}
