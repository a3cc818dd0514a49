import Console
import PointSource
import Results
import Settings
import TrialStore

/// A campaign split into jobs, as a table and as JSON.
struct JobPlan {
    /// One point without a number, or all points of a campaign with lists.
    private let points: [PointDescription]
    /// The first point's plan; trials and jobs are the same for every point.
    let configuration: Configuration
    /// The output file or folder of the trials.
    private let output: String?
    /// The number of jobs for each point.
    let slices: CampaignSlices
    private let part: CampaignPart
    private let speed: MeasuredSpeed?
    private let needs: JobNeeds

    init(
        _ points: [PointDescription], _ configuration: Configuration, output: String?, _ slices: CampaignSlices,
        _ part: CampaignPart, _ speed: MeasuredSpeed?, _ needs: JobNeeds
    ) {
        self.points = points
        self.configuration = configuration
        self.output = output
        self.slices = slices
        self.part = part
        self.speed = speed
        self.needs = needs
    }

    /// The number of ordinary background trials that measures p at 4 sigma to 20 %.
    private static let manyTrials: Int64 = 1_000_000

    /// Whether the campaign lists sources, gammas or energy ranges.
    private var isListed: Bool { points.first?.number != nil }
    private var jobCount: Int64 { slices.jobs * Int64(points.count) }
    private var trialCount: Int64 { slices.count * Int64(points.count) }

    private func slice(of job: Int64) -> [(hypothesis: Hypothesis, range: TrialRange)] {
        slices.slice(of: job % slices.jobs)
    }

    /// Duration of a job in seconds.
    private var secondsPerJob: Double? {
        speed.map { $0.startSeconds + $0.totalSeconds / Double(slices.jobs) }
    }

    /// The jobs that the table shows: the first and the last ones if there are many.
    private var shownJobs: [Int64] {
        jobCount <= 8 ? Array(0..<jobCount) : [0, 1, 2, jobCount - 2, jobCount - 1]
    }

    var text: String {
        var hypotheses = Table([
            .number("mu", unit: "events"), .number("trials"), .number("a job"), .number("per second"),
        ])
        for (hypothesis, range) in slices.trials {
            hypotheses.add([
                hypothesis.muText, count(range.count),
                NumberFormat.significant(Double(range.count) / Double(slices.jobs), 4),
                speed?.rates[hypothesis].map { NumberFormat.significant($0, 3) } ?? "-",
            ])
        }
        var jobs = Table([.number("job"), .number("mu", unit: "events"), .number("trials"), .name("chunk")])
        var last: Int64?
        for job in shownJobs {
            if let last, job > last + 1 { jobs.add(["…"]) }
            last = job
            var chunk = ChunkName.chunk(of: job, part, output: output)
            var name = String(job)
            for (hypothesis, range) in slice(of: job) {
                jobs.add([name, hypothesis.muText, range.description, chunk])
                (name, chunk) = ("", "")
            }
        }
        let heading = isListed ? pointTable : configuration.title
        return heading + hypotheses.text + "\n" + jobs.text + "\n" + lines
    }

    private var pointTable: String {
        var table = Table(PointDescription.columns + [.number("first job"), .name("source")])
        for (index, point) in points.enumerated() {
            table.add(point.cells + [count(Int64(index) * slices.jobs), point.name])
        }
        return "\(configuration.sample.name): \(configuration.datasets.joined(separator: ", "))\n\n\(table.text)\n"
    }

    /// The numbers of trials and jobs, and the duration of a job if it was measured.
    var lines: String {
        var text =
            "\(count(trialCount)) trials in \(count(jobCount)) jobs"
            + (isListed ? " of \(points.count) points" : "") + ", seed \(configuration.seed)\n"
        if let seconds = secondsPerJob, let speed {
            text +=
                "a job takes \(NumberFormat.duration(seconds: seconds)) on this machine, "
                + "\(NumberFormat.duration(seconds: speed.startSeconds)) of it to read the data\n"
        }
        return text + needs.line + weightedLine
    }

    /// A hint at weighted trials; empty for a campaign that has them or makes few background trials.
    private var weightedLine: String {
        let background = slices.trials.filter { $0.hypothesis.meanSignal == 0 }
        let most = background.lazy.map { $0.range.count }.clampedSum
        guard most >= Self.manyTrials, !background.contains(where: { $0.hypothesis.tail != nil }) else { return "" }
        return "for thresholds of 3 to 7 sigma 100,000 weighted trials suffice: {mu: 0, count: 100000, tail: 7}\n"
    }

    /// All jobs; a range is the pair of its first and last trial, both included.
    var json: JSONValue {
        [
            "jobs": .integer(jobCount),
            "jobs_per_point": .integer(slices.jobs),
            "n_trials": .integer(trialCount),
            "seconds_per_job": secondsPerJob.map { .number($0) } ?? .null,
            "core_hours": needs.coreHours.map { .number($0) } ?? .null,
            "disk_mb": .number(needs.campaignMegabytes),
            "points": isListed ? .array(points.map { .object($0.members) }) : .null,
            "slices": .array(
                (0..<jobCount).map { job in
                    [
                        "job": .integer(job),
                        "point": points[Int(job / slices.jobs)].number.map { .integer($0) } ?? .null,
                        "chunk": .string(ChunkName.chunk(of: job, part, output: output)),
                        "trials": .array(
                            slice(of: job).map { hypothesis, range in
                                .object(
                                    hypothesis.members().filter { $0.key != "seed" } + [
                                        .init("first", .integer(range.first)), .init("last", .integer(range.last)),
                                    ])
                            }),
                    ]
                }),
        ]
    }

    private func count(_ number: Int64) -> String { NumberFormat.count(Int(clamping: number)) }
}
