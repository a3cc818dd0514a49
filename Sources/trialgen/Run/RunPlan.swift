import Diagnostics
import Files
import Foundation
import PointSource
import Settings
import TrialStore

/// What `trialgen run` is to do, judged before any data are read.
struct RunPlan {
    let point: CampaignPoint
    let configuration: Configuration
    let ranges: [(hypothesis: Hypothesis, range: TrialRange)]
    let threads: Int
    let output: String

    /// - Parameters:
    ///   - point: what the trials are made of.
    ///   - trials: all that is wanted of it, of which a job makes its slice.
    ///   - options: which job this is.
    ///   - points: if the jobs of all points of a campaign are counted through, how many points there are; a job's chunk
    ///     then has the job's number only. Nil if this point is meant alone.
    ///   - threads: at least 1.
    /// - Throws: `Fault`: usage for numbers without meaning or no output, cannot create for an output folder that is
    ///   not there or cannot be written to.
    init(
        _ point: CampaignPoint, _ configuration: Configuration,
        trials: [(hypothesis: Hypothesis, range: TrialRange)], job options: JobOptions, of points: Int?, threads: Int
    ) throws(Fault) {
        // Without a job's number it is one of one, whatever the campaign says of jobs.
        let slices = try CampaignSlices(trials, jobs: options.job == nil ? 1 : configuration.jobs ?? 1)
        self.point = point
        self.configuration = configuration
        self.threads = threads
        if let job = try options.number(of: slices.jobs * Int64(points ?? 1)) {
            let output =
                points == nil && point.number != nil
                ? point.path(ChunkName.file(configuration.output)) : configuration.output
            ranges = slices.slice(of: job % slices.jobs)
            self.output = ChunkName.chunk(of: job, options.part, output: output)
        } else {
            guard let output = configuration.output, !output.isEmpty else {
                throw Fault(
                    .usage, at: .field("--output"), "the chunk is not named",
                    remedy: "give --output, as in --output chunk.h5")
            }
            ranges = trials
            self.output = point.number == nil ? output : point.path(ChunkName.file(output))
        }
        try Self.checkOutput(self.output)
    }

    /// A job should not read gigabytes before it learns that it cannot write.
    static func checkOutput(_ output: String, example: String = "chunk.h5") throws(Fault) {
        guard !isFolder(output) else {
            throw Fault(
                .cannotCreate, at: .file(output), "is a folder",
                remedy: "name a file in it, such as \(output)/\(example)"
            )
        }
        if FileManager.default.fileExists(atPath: output) {
            guard isRegularFile(output) else {
                throw Fault(
                    .cannotCreate, at: .file(output), "is not a regular file",
                    remedy: "choose another name; pipes and devices are not written to")
            }
            return
        }
        let folder = parentFolder(of: output)
        guard isFolder(folder) else {
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
