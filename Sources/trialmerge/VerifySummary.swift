import Console
import PointSource
import Trials

/// What `trialmerge verify` says.
struct VerifySummary {
    private let survey: ChunkSurvey
    private let campaign: CampaignExpectation
    private let showsHosts: Bool
    /// Trials that are wanted and in no sound file.
    let missing: Coverage
    let resubmission: Resubmission

    init(_ survey: ChunkSurvey, _ campaign: CampaignExpectation, maxArraySize: Int64, showsHosts: Bool) {
        self.survey = survey
        self.campaign = campaign
        self.showsHosts = showsHosts
        let missing = campaign.wanted.map { $0.subtracting(survey.present) } ?? survey.present.gaps
        self.missing = missing
        var jobs = Set<Int64>()
        if let slices = campaign.slices {
            for hypothesis in missing.hypotheses {
                jobs.formUnion(slices.jobs(making: missing[hypothesis], of: hypothesis))
            }
        }
        resubmission = Resubmission(jobs, maxArraySize: maxArraySize)
    }

    var isComplete: Bool { missing.isEmpty && survey.isSound }

    private var hypotheses: [Hypothesis] {
        let wanted = campaign.wanted?.hypotheses ?? []
        return Set(wanted + survey.present.hypotheses + survey.damaged.hypotheses).sorted()
    }

    private func files(_ state: ChunkSurvey.File.State) -> [ChunkSurvey.File] {
        survey.files.filter { $0.state == state }
    }
}

extension VerifySummary {
    var text: String {
        var table = Table([
            .number("mu", unit: "events"), .number("seed"), .number("wanted"), .number("present"), .number("missing"),
            .number("duplicate"), .number("conflicting"), .number("damaged"),
        ])
        for hypothesis in hypotheses {
            table.add([
                NumberFormat.plain(hypothesis.meanSignal), String(hypothesis.seed),
                campaign.wanted.map { count($0[hypothesis].count) } ?? "-",
                count(survey.present[hypothesis].count), count(missing[hypothesis].count),
                count(survey.identical[hypothesis].count), count(survey.conflicting[hypothesis].count),
                count(survey.damaged[hypothesis].count),
            ])
        }
        var text = table.text + "\n" + fileLines + rangeLines
        if showsHosts { text += "\n" + hostTable }
        return text + "\n" + verdict
    }

    private var fileLines: String {
        let sound = files(.sound).count
        var text = "\(count(Int64(sound))) of \(count(Int64(survey.files.count))) files are sound\n"
        for file in survey.files where file.state != .sound && file.state != .absent {
            text += "\(file.path): \(file.problem)\n"
        }
        let absent = files(.absent)
        for file in absent.prefix(VerifySummary.mostLines) { text += "\(file.path): \(file.problem)\n" }
        if absent.count > VerifySummary.mostLines {
            text += "… and \(absent.count - VerifySummary.mostLines) more files that do not exist\n"
        }
        for (one, other) in survey.conflictingFiles { text += "\(other): contradicts \(one)\n" }
        return text
    }

    private var rangeLines: String {
        var text = ""
        for (name, coverage) in [
            ("missing", missing), ("duplicate", survey.identical), ("conflicting", survey.conflicting),
            ("damaged", survey.damaged),
        ] {
            for hypothesis in coverage.hypotheses { text += "\(name) of \(hypothesis): \(listed(coverage[hypothesis]))\n" }
        }
        return text
    }

    private var verdict: String {
        if isComplete { return "complete: all \(count((campaign.wanted ?? survey.present).count)) trials are there\n" }
        var text = ""
        if !survey.isSound {
            text += "not sound: move the files away that are damaged, of another campaign, or wrong\n"
        }
        guard !missing.isEmpty else { return text }
        text += "incomplete: \(count(missing.count)) trials are missing\n"
        guard campaign.slices != nil else { return text }
        text += "\n\(count(Int64(resubmission.jobs.count))) jobs to submit again\n"
        for (offset, list) in resubmission.arrays {
            text += "Slurm: --array=\(list)" + (offset > 0 ? " with --job-offset \(offset)" : "") + "\n"
        }
        return text + "HTCondor: queue job from (\n"
            + resubmission.jobs.map { "  \($0)\n" }.joined() + ")\n"
    }

    private var hostTable: String {
        var table = Table([
            .name("host"), .name("processor"), .number("trials"), .number("per second", unit: "and thread"),
            .number("sessions"), .number("stopped"), .number("failed"),
        ])
        for work in survey.ledger.hosts.sorted(by: { $0.host < $1.host }) {
            table.add([
                work.host, work.cpu, count(work.trials),
                work.trialsPerThreadSecond.map { NumberFormat.significant($0, 3) } ?? "-", String(work.sessions),
                String(work.stopped), String(work.failures),
            ])
        }
        return table.text
    }

    private static let mostLines = 20

    private func listed(_ trials: TrialRanges) -> String {
        let shown = trials.ranges.prefix(8).map(\.description).joined(separator: ", ")
        let rest = trials.ranges.count - 8
        return rest > 0 ? "\(shown) and \(rest) more ranges" : shown
    }

    private func count(_ number: Int64) -> String { NumberFormat.count(Int(clamping: number)) }
}

extension VerifySummary {
    /// Ranges are pairs of the first and the last trial, both included.
    var json: JSONValue {
        [
            "complete": .bool(isComplete),
            "sound": .bool(survey.isSound),
            "n_missing": .integer(missing.count),
            "jobs": campaign.slices == nil ? .null : .array(resubmission.jobs.map { .integer($0) }),
            "arrays": .array(resubmission.arrays.map {
                ["offset": .integer($0.offset), "array": .string($0.list)]
            }),
            "hypotheses": .array(hypotheses.map { hypothesis in
                [
                    "mu": .number(hypothesis.meanSignal), "seed": .integer(hypothesis.seed),
                    "wanted": campaign.wanted.map { pairs($0[hypothesis]) } ?? .null,
                    "present": pairs(survey.present[hypothesis]), "missing": pairs(missing[hypothesis]),
                    "duplicate": pairs(survey.identical[hypothesis]),
                    "conflicting": pairs(survey.conflicting[hypothesis]),
                    "damaged": pairs(survey.damaged[hypothesis]),
                ]
            }),
            "files": .array(survey.files.map { file in
                ["path": .string(file.path), "state": .string("\(file.state)"), "problem": .string(file.problem)]
            }),
            "hosts": .array(survey.ledger.hosts.map { work in
                [
                    "host": .string(work.host), "cpu": .string(work.cpu), "trials": .integer(work.trials),
                    "trials_per_thread_second": work.trialsPerThreadSecond.map { .number($0) } ?? .null,
                    "sessions": .integer(work.sessions), "stopped": .integer(work.stopped),
                    "failures": .integer(work.failures),
                ]
            }),
        ]
    }

    private func pairs(_ trials: TrialRanges) -> JSONValue {
        .array(trials.ranges.map { .array([.integer($0.first), .integer($0.last)]) })
    }
}
