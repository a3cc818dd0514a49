import ArgumentParser
import Console
import Diagnostics
import Files
import Logging
import Results
import Settings
import TrialStore

/// `trialmerge merge chunk*.h5 -o merged.h5`.
struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge chunks and merged files of one campaign into one sorted file.",
        discussion: """
            Files of different campaigns are rejected, with a message that names the difference. Duplicate trials are \
            written once. If trials are missing (from the campaign's list with --config, otherwise below the largest \
            number present) the file is still written and records this (attribute missing_trials), and the exit code \
            is 75 unless --partial is given: more chunks can be merged into another file later. Inputs are never \
            changed. For a campaign that lists sources, gammas or energy ranges (--config) each point gets a file, \
            with the point's number in its name: merged-p0007.h5.

            Example: trialmerge merge chunks -o merged.h5 --config campaign.yaml
            """)

    @OptionGroup(title: "Input") var input: InputFiles

    @Option(name: .shortAndLong, help: "The merged file; it appears only when complete.", completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp("Campaign file; the merged file must contain its list of trials.", valueName: "file.yaml"),
        completion: .file())
    var config: String?

    @Option(help: ArgumentHelp("Which trials of the list: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    @Flag(help: "Exit with code 0 even if trials are missing.")
    var partial = false

    @Flag(help: "Replace the output if it exists; an input is never replaced.")
    var replace = false

    @OptionGroup(title: "Output") var reporting: OutputOptions

    func run() throws {
        let logger = try reporting.logging.makeLogger(label: "trialmerge")
        let files = try input.paths()
        guard !files.isEmpty else { throw input.noFiles(example: "trialmerge merge chunk*.h5 -o merged.h5") }
        let (campaign, stop) = (try CampaignExpectation(config, part), reporting.logging.makeStopRequest())
        if campaign.isListed { return try mergePoints(files, of: campaign, stop, logger) }
        let summary = try merge(files, into: output, wanted: campaign.wanted, stop)
        try summary.print(reporting, logger)
        if summary.result.hasGaps && !partial { throw ExitCode(Fault.Kind.temporary.rawValue) }
    }

    private func merge(
        _ files: [String], into output: String, wanted: Coverage?, _ stop: StopRequest
    ) throws -> MergeSummary {
        let progress = MergeProgressDisplay(style: reporting.logging.progressStyle)
        defer { progress.finish() }
        let result = try TrialMerge.merge(
            files, into: output, wanted: wanted, replace: replace,
            keeping: input.lists + [config].compactMap { $0 }, softwareVersion: SoftwareVersion.current,
            provenance: Provenance.current()
        ) { state throws(Fault) in
            progress.show(state)
            guard let reason = stop.received else { return }
            throw Fault(
                .temporary, at: .file(output), "was not written: \(reason)", remedy: "run the same command again")
        }
        return MergeSummary(result: result, inputs: files.count, output: output)
    }

    /// Writes a merged file for each point.
    private func mergePoints(
        _ files: [String], of campaign: CampaignExpectation, _ stop: StopRequest, _ logger: Logger
    ) throws {
        let sorted = CampaignFiles(files, points: campaign.points.map(\.configuration))
        for (path, nearest) in sorted.others {
            let file = try ChunkSurvey([path], expected: campaign.points[nearest].configuration).files[0]
            let kind: Fault.Kind =
                switch file.state {
                case .absent: .missingInput
                case .unfinished, .unreadable: .temporary
                case .sound, .damaged, .foreign: .badData
                }
            throw Fault(
                kind, at: .file(path), "belongs to no point of the campaign: it \(file.problem)",
                remedy: "leave it out")
        }
        var merged: [PointsMergeSummary.Entry] = []
        for (index, (point, configuration)) in campaign.points.enumerated() {
            let description = PointDescription(point.number, configuration)
            guard !sorted.files[index].isEmpty else {
                merged.append((description, nil))
                continue
            }
            let summary = try merge(sorted.files[index], into: point.path(output), wanted: campaign.wanted, stop)
            merged.append((description, summary))
        }
        let summary = PointsMergeSummary(points: merged, wanted: campaign.wanted?.count ?? 0)
        try summary.print(reporting, logger)
        if summary.missing > 0 && !partial { throw ExitCode(Fault.Kind.temporary.rawValue) }
    }
}
