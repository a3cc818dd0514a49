import Diagnostics
import Files
import PointSource
import Settings
import TrialStore

/// What `trialgen run` has to do, checked before any data are read.
struct RunPlan {
    let point: CampaignPoint
    let configuration: Configuration
    let ranges: [(hypothesis: Hypothesis, range: TrialRange)]
    let threads: Int
    let output: String

    /// - Parameters:
    ///   - point: the settings of the trials.
    ///   - trials: all trials of the point, of which a job makes its slice.
    ///   - options: the job's number.
    ///   - points: the number of points if jobs are numbered over all points of a campaign; a chunk's name then has
    ///     only the job's number. Nil if only this point is meant.
    ///   - threads: at least 1.
    /// - Throws: `Fault`: usage for invalid numbers or a missing output; cannot create for an output folder that does
    ///   not exist or cannot be written to.
    init(
        _ point: CampaignPoint, _ configuration: Configuration,
        trials: [(hypothesis: Hypothesis, range: TrialRange)], job options: JobOptions, of points: Int?, threads: Int
    ) throws(Fault) {
        // Without a job's number there is one job, regardless of the campaign's number of jobs.
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
                    .usage, at: .field("--output"), "the output is not given",
                    remedy: "give --output, as in --output chunk.h5")
            }
            ranges = trials
            self.output = point.number == nil ? output : point.path(ChunkName.file(output))
        }
        try OutputFolder.check(self.output)
    }
}
