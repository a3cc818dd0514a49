import Console
import Diagnostics
import PointSource
import Settings
import TrialStore

/// Whether files contain all required trials, and which jobs to submit again if not.
public protocol VerificationResult: CommandResult {
    /// Whether every file can be merged.
    var isSound: Bool { get }
    var isComplete: Bool { get }
    var resubmission: Resubmission { get }
}

/// Whether files contain all trials of a campaign.
public struct VerifySummary: VerificationResult {
    let survey: ChunkSurvey
    private let campaign: CampaignExpectation
    private let showsHosts: Bool
    /// Required trials that no sound file contains.
    let missing: Coverage
    public let resubmission: Resubmission

    /// - Parameter point: the campaign's point to which the files belong, counted from 0.
    public init(
        _ survey: ChunkSurvey, _ campaign: CampaignExpectation, point: Int = 0, maxArraySize: Int64, showsHosts: Bool
    ) {
        self.survey = survey
        self.campaign = campaign
        self.showsHosts = showsHosts
        let missing = campaign.wanted.map { $0.subtracting(survey.present) } ?? survey.present.gaps
        self.missing = missing
        var jobs = Set<Int64>()
        if let slices = campaign.slices {
            for hypothesis in missing.hypotheses {
                for job in slices.jobs(making: missing[hypothesis], of: hypothesis) {
                    jobs.insert(Int64(point) * slices.jobs + job)
                }
            }
        }
        resubmission = Resubmission(jobs, maxArraySize: maxArraySize)
    }

    public var isSound: Bool { survey.isSound }

    public var isComplete: Bool { missing.isEmpty && isSound && unread == 0 && trials > 0 }

    /// The number of trials that a complete campaign has; without a list of trials, of those present.
    private var trials: Int64 { (campaign.wanted ?? survey.present).count }

    /// Files that may contain more than was read: unfinished, unreadable, or missing if no list of trials is known.
    private var unread: Int { Self.unread(survey.files, isListed: campaign.wanted != nil) }

    static func unread(_ files: [ChunkSurvey.File], isListed: Bool) -> Int {
        files.count {
            $0.state == .unfinished || $0.state == .unreadable || ($0.state == .absent && !isListed)
        }
    }

    private var hypotheses: [Hypothesis] {
        let wanted = campaign.wanted?.hypotheses ?? []
        return Set(wanted + survey.present.hypotheses + survey.damaged.hypotheses).sorted()
    }

}

extension VerifySummary {
    public var text: String {
        var table = Table([
            .number("mu", unit: "events"), .number("seed"), .number("wanted"), .number("present"), .number("missing"),
            .number("duplicate"), .number("conflicting"), .number("damaged"),
        ])
        for hypothesis in hypotheses {
            table.add([
                hypothesis.muText, String(hypothesis.seed),
                campaign.wanted.map { NumberFormat.count($0[hypothesis].count) } ?? "-",
                NumberFormat.count(survey.present[hypothesis].count), NumberFormat.count(missing[hypothesis].count),
                NumberFormat.count(survey.identical[hypothesis].count),
                NumberFormat.count(survey.conflicting[hypothesis].count),
                NumberFormat.count(survey.damaged[hypothesis].count),
            ])
        }
        var text = table.text + "\n" + Self.lines(of: survey.files) + rangeLines
        if showsHosts { text += "\n" + Self.table(of: survey.ledger).text }
        return text + "\n" + verdict
    }

    /// The number of sound files, and the problems of the others.
    static func lines(of all: [ChunkSurvey.File]) -> String {
        func files(_ state: ChunkSurvey.File.State) -> [ChunkSurvey.File] { all.filter { $0.state == state } }
        let sound = files(.sound).count
        var text = "\(NumberFormat.count(sound)) of \(NumberFormat.count(all.count)) files are sound\n"
        for file in all where file.state != .sound && file.state != .absent {
            text += "\(file.path.withoutControls): \(file.problem)\n"
        }
        let absent = files(.absent)
        for file in absent.prefix(VerifySummary.mostLines) { text += "\(file.path.withoutControls): \(file.problem)\n" }
        if absent.count > VerifySummary.mostLines {
            text += "… and \(absent.count - VerifySummary.mostLines) more files that do not exist\n"
        }
        return text
    }

    /// Files that contradict each other, and ranges of duplicate or conflicting trials.
    var rangeLines: String {
        var text = survey.conflictingFiles.map {
            "\($0.other.withoutControls): contradicts \($0.one.withoutControls)\n"
        }.joined()
        for (name, coverage) in [
            ("missing", missing), ("duplicate", survey.identical), ("conflicting", survey.conflicting),
            ("damaged", survey.damaged),
        ] {
            for hypothesis in coverage.hypotheses {
                text += "\(name) of \(hypothesis): \(coverage[hypothesis].listed)\n"
            }
        }
        return text
    }

    private var verdict: String {
        Self.verdict(
            wanted: trials, missing: missing.count, isSound: survey.isSound,
            unread: unread, campaign.slices == nil ? nil : resubmission)
    }

    /// Whether everything is present, and what to do if not.
    static func verdict(
        wanted: Int64, missing: Int64, isSound: Bool, unread: Int, _ resubmission: Resubmission?
    ) -> String {
        if missing == 0, isSound, unread == 0, wanted > 0 {
            return "complete: all \(NumberFormat.count(wanted)) trials are present\n"
        }
        var text =
            isSound
            ? "" : "not sound: remove files that are damaged, belong to another campaign, or contradict each other\n"
        if unread > 0 {
            text += "incomplete: \(NumberFormat.count(unread)) files are missing, unfinished or unreadable\n"
        }
        if wanted == 0, isSound { text += "incomplete: the files contain no trials\n" }
        guard missing > 0 else { return text }
        text += "incomplete: \(NumberFormat.count(missing)) trials are missing\n"
        return text + (resubmission.map { "\n" + $0.text } ?? "")
    }

    /// The work of each host.
    public static func table(of ledger: HostLedger) -> Table {
        var table = Table([
            .name("host"), .name("processor"), .number("trials"), .number("per second", unit: "and thread"),
            .number("sessions"), .number("stopped"), .number("failed"),
        ])
        for work in ledger.hosts.sorted(by: { $0.host < $1.host }) {
            table.add([
                work.host, work.cpu, NumberFormat.count(work.trials),
                work.trialsPerThreadSecond.map { NumberFormat.significant($0, 3) } ?? "-", String(work.sessions),
                String(work.stopped), String(work.failures),
            ])
        }
        return table
    }

    private static let mostLines = 20
}

extension VerifySummary {
    /// Ranges are pairs of the first and the last trial, both included.
    public var members: [JSONValue.Member] {
        [
            .init("complete", .bool(isComplete)),
            .init("sound", .bool(survey.isSound)),
            .init("n_missing", .integer(missing.count)),
        ] + resubmission.members(isKnown: campaign.slices != nil) + [
            .init(
                "hypotheses",
                .array(
                    hypotheses.map { hypothesis in
                        .object(
                            hypothesis.members() + [
                                .init("wanted", campaign.wanted?[hypothesis].json ?? .null),
                                .init("present", survey.present[hypothesis].json),
                                .init("missing", missing[hypothesis].json),
                                .init("duplicate", survey.identical[hypothesis].json),
                                .init("conflicting", survey.conflicting[hypothesis].json),
                                .init("damaged", survey.damaged[hypothesis].json),
                            ])
                    })),
            .init("files", Self.json(of: survey.files)),
            .init("hosts", Self.json(of: survey.ledger)),
        ]
    }

    static func json(of files: [ChunkSurvey.File]) -> JSONValue {
        .array(
            files.map { file in
                ["path": .string(file.path), "state": .string("\(file.state)"), "problem": .string(file.problem)]
            })
    }

    static func json(of ledger: HostLedger) -> JSONValue {
        .array(
            ledger.hosts.map { work in
                [
                    "host": .string(work.host), "cpu": .string(work.cpu), "trials": .integer(work.trials),
                    "trials_per_thread_second": .number(work.trialsPerThreadSecond),
                    "sessions": .integer(work.sessions), "stopped": .integer(work.stopped),
                    "failures": .integer(work.failures),
                ]
            })
    }
}
