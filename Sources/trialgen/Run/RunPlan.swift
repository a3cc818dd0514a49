import Diagnostics
import Files
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
        try OutputFolder.check(self.output)
    }
}
