import Console
import PointSource
import Trials

/// A campaign cut into jobs, as a table and as JSON.
struct JobPlan {
    let configuration: Configuration
    let slices: CampaignSlices
    private let part: CampaignPart
    private let speed: MeasuredSpeed?

    init(_ configuration: Configuration, _ slices: CampaignSlices, _ part: CampaignPart, _ speed: MeasuredSpeed?) {
        self.configuration = configuration
        self.slices = slices
        self.part = part
        self.speed = speed
    }

    /// Seconds of a job.
    private var secondsPerJob: Double? {
        speed.map { $0.startSeconds + $0.totalSeconds / Double(slices.jobs) }
    }

    /// The jobs that the table shows: the first and the last if there are many.
    private var shownJobs: [Int64] {
        slices.jobs <= 8 ? Array(0..<slices.jobs) : [0, 1, 2, slices.jobs - 2, slices.jobs - 1]
    }

    var text: String {
        var hypotheses = Table([
            .number("mu", unit: "events"), .number("trials"), .number("a job"), .number("per second"),
        ])
        for (hypothesis, range) in slices.trials {
            hypotheses.add([
                NumberFormat.plain(hypothesis.meanSignal), count(range.count),
                NumberFormat.significant(Double(range.count) / Double(slices.jobs), 4),
                speed?.rates[hypothesis].map { NumberFormat.significant($0, 3) } ?? "-",
            ])
        }
        var jobs = Table([.number("job"), .number("mu", unit: "events"), .number("trials"), .name("chunk")])
        var last: Int64?
        for job in shownJobs {
            if let last, job > last + 1 { jobs.add(["…"]) }
            last = job
            var chunk = JobOptions.chunk(of: job, part, output: configuration.output)
            var name = String(job)
            for (hypothesis, range) in slices.slice(of: job) {
                jobs.add([name, NumberFormat.plain(hypothesis.meanSignal), range.description, chunk])
                (name, chunk) = ("", "")
            }
        }
        var text = configuration.title + hypotheses.text + "\n" + jobs.text + "\n"
        text += "\(count(slices.count)) trials in \(count(slices.jobs)) jobs, seed \(configuration.seed)\n"
        if let seconds = secondsPerJob, let speed {
            text += "a job takes \(NumberFormat.duration(seconds: seconds)) on this machine, "
                + "\(NumberFormat.duration(seconds: speed.startSeconds)) of it to read the data\n"
        }
        return text
    }

    /// All jobs; ranges are pairs of the first and the last trial, both included.
    var json: JSONValue {
        [
            "jobs": .integer(slices.jobs),
            "n_trials": .integer(slices.count),
            "seconds_per_job": secondsPerJob.map { .number($0) } ?? .null,
            "slices": .array((0..<slices.jobs).map { job in
                [
                    "job": .integer(job),
                    "chunk": .string(JobOptions.chunk(of: job, part, output: configuration.output)),
                    "trials": .array(slices.slice(of: job).map { hypothesis, range in
                        [
                            "mu": .number(hypothesis.meanSignal), "first": .integer(range.first),
                            "last": .integer(range.last),
                        ]
                    }),
                ]
            }),
        ]
    }

    private func count(_ number: Int64) -> String { NumberFormat.count(Int(clamping: number)) }
}
