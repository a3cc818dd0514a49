import ArgumentParser
import Console
import Diagnostics
import Files
import Logging
import PointSource
import Results
import Settings
import TrialStore

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Split a campaign into jobs, and write the files for a scheduler.",
        discussion: """
            Job k of N makes a slice of every entry of the list of trials, as trialgen run --job k --jobs N does. \
            A campaign that lists sources, gammas or energy ranges has N jobs for each of its points, numbered \
            consecutively: job k makes trials of point k / N. With --hours the speed is measured first, on this \
            machine and with --threads. The formats condor, dag and slurm write a folder with the campaign's file, \
            which contains all settings, and the scripts to submit, with their parameters at the top.

            Example: trialgen plan --config campaign.yaml --jobs 100 --format slurm --output-folder jobs
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, condor, dag, slurm }

    @OptionGroup var options: AnalysisOptions

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Number of jobs, for each point.", valueName: "n"),
        transform: wholeNumber)
    var jobs: Int64?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Choose the number of jobs by trials per job.", valueName: "n"),
        transform: wholeNumber)
    var trialsPerJob: Int64?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Choose the number of jobs by hours per job.", valueName: "h"),
        transform: decimal)
    var hours: Double?

    @Option(help: ArgumentHelp("Which trials of the list: all, background (mu = 0) or signal.", valueName: "part"))
    var part: CampaignPart = .all

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Threads per job (default: 1).", valueName: "n"),
        transform: wholeNumber)
    var threads: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Memory per job in MB (default: measured with --hours, else 2000).", valueName: "MB"),
        transform: wholeNumber)
    var memory: Int?

    @Option(parsing: .unconditional, help: .setting(\.seed, "s"), transform: wholeNumber)
    var seed: Int64?

    @Option(help: "table (on standard output), condor, dag or slurm (in --output-folder).")
    var format = Format.table

    @Option(
        help: ArgumentHelp("Folder for the files; created if needed.", valueName: "dir"), completion: .directory)
    var outputFolder: String?

    @Flag(
        help: "Replace an earlier plan in the folder; edited parameters are kept unless an option sets them.")
    var replace = false

    @OptionGroup(title: "Input") var preparation: PreparedOption

    @Option(
        help: ArgumentHelp(
            "Archive of the programs that HTCondor sends with a job; auto: made from this program.", valueName: "file"
        ),
        completion: .file(extensions: ["gz"]))
    var bundle: String?

    @OptionGroup(title: "Output") var report: OutputOptions

    func run() throws {
        let logger = try report.logging.makeLogger(label: "trialgen")
        var more = ConfigurationLayer()
        more.set(\.seed, seed)
        more.set(\.jobs, jobs)
        let points = try options.points(more)
        // A campaign without lists may need the prepared file to be complete.
        let isListed = points.first?.number != nil
        let prepared = isListed ? nil : try preparation.open(for: points[0])
        let configurations = try points.map { try options.configuration(of: $0, prepared: prepared) }
        let configuration = configurations[0]
        try check(configuration)
        let trials = configuration.orderedTrials(part)
        var speed: MeasuredSpeed?
        if hours != nil { speed = try measure(points, trials, logger) }
        let slices = try CampaignSlices(trials, jobs: try jobCount(configuration, trials, speed))
        let data = format == .table ? nil : try data(configuration)
        let inputs =
            format == .table
            ? [] : [preparation.path(for: points[0]) ?? data ?? "", bundleFile, bundleFile, bundleFile]
        let needs = JobNeeds(
            slices, points: points.count,
            fields: configuration.probes.count + weightFields(trials) + (SourceColumns(configuration)?.count ?? 0),
            threads: threads ?? 1, speed: speed,
            inputs: inputs)
        let plan = JobPlan(
            zip(points, configurations).map { PointDescription($0.number, $1) }, configuration,
            output: output(points[0]), slices, part, speed, needs)
        if format == .table {
            try StandardOutput.print(report.json ? plan.json.description : plan.text)
            return
        }
        let files = try SubmissionFiles(
            format, parameters(plan, points[0], data: data), computed: computed(needs),
            campaign: try campaignText(plan, more, data: data))
        let folder = outputFolder ?? ""
        try files.write(to: folder, replaces: replace)
        if bundle == ProgramBundle.automatic { try ProgramBundle.make(at: "\(folder)/\(ProgramBundle.name)") }
        try StandardOutput.print(report.json ? plan.json.description : plan.lines + files.summary)
    }

    /// The number of fields of a weight in a record: 2, and one for each held-out point, usually 12.
    private func weightFields(_ trials: [(hypothesis: Hypothesis, range: TrialRange)]) -> Int {
        trials.contains { $0.hypothesis.tail != nil } ? 14 : 0
    }

    /// The file or folder for the jobs' trials.
    private func output(_ point: CampaignPoint) -> String? {
        // A scheduler's folder has a campaign of this point alone; otherwise jobs are run with --point.
        options.point == nil || format != .table ? point.layer.output : point.path(ChunkName.file(point.layer.output))
    }

    /// Measures how fast trials are made; with several points the slowest of those measured counts.
    private func measure(
        _ points: [CampaignPoint], _ trials: [(hypothesis: Hypothesis, range: TrialRange)], _ logger: Logger
    ) throws -> MeasuredSpeed? {
        let (tried, releases) = (MeasuredSpeed.representatives(of: points), options.releaseReader)
        return try tried.map { point in
            let prepared = try preparation.open(for: point)
            return try MeasuredSpeed(
                try options.configuration(of: point, prepared: prepared), prepared: prepared, releases, of: trials,
                threads: threads ?? 1, seconds: 10 / Double(tried.count), logger: logger)
        }.max { $0.totalSeconds < $1.totalSeconds }
    }

    /// Checks everything that can be checked before data are read.
    private func check(_ configuration: Configuration) throws {
        guard [jobs != nil, trialsPerJob != nil, hours != nil].filter({ $0 }).count <= 1 else {
            throw Fault(
                .usage, at: .field("--jobs"), "only one option can set the number of jobs",
                remedy: "give one of --jobs, --trials-per-job and --hours")
        }
        guard !configuration.trials.isEmpty else {
            throw Fault(
                .usage, at: .field("trials"), "the campaign has no list of trials",
                remedy: "add a list to the configuration, as in trials: [{mu: 0, count: 1000}]")
        }
        guard !configuration.orderedTrials(part).isEmpty else { throw part.missingFault }
        guard !options.acceptChanged || format == .table && hours != nil else {
            throw Fault(
                .usage, at: .field("--accept-changed"),
                format == .table ? "has no effect without --hours" : "is not passed on to jobs",
                remedy: format == .table
                    ? "leave it out" : "make a file with trialgen prepare --accept-changed, and give it as --prepared")
        }
        if let threads { try ThreadCount.check(threads, "--threads") }
        if let hours, !(hours > 0 && hours <= 1e5) {
            throw Fault(
                .usage, at: .field("--hours"), "\(hours) is not a valid duration",
                remedy: "give a positive number of hours")
        }
        if let trialsPerJob, trialsPerJob < 1 {
            throw Fault(
                .usage, at: .field("--trials-per-job"), "\(trialsPerJob) is not a valid number of trials",
                remedy: "give a whole number from 1")
        }
        if let memory, !(1...1_000_000_000).contains(memory) {
            throw Fault(
                .usage, at: .field("--memory"), "\(memory) is not a valid amount of memory",
                remedy: "give a number of MB")
        }
        let ignored: [(option: String, isGiven: Bool)] =
            format == .table
            ? [("--output-folder", outputFolder != nil), ("--replace", replace), ("--bundle", bundle != nil)]
            : format == .slurm ? [("--bundle", bundle != nil)] : []
        if let (option, _) = ignored.first(where: { $0.isGiven }) {
            throw Fault(
                .usage, at: .field(option), "has no effect with --format \(format.rawValue)",
                remedy: "leave it out, or choose another --format")
        }
        if format != .table, outputFolder ?? "" == "" {
            throw Fault(
                .usage, at: .field("--output-folder"), "the folder for the files is not given",
                remedy: "give --output-folder")
        }
        if format != .table { _ = try data(configuration) }
        if bundle == ProgramBundle.automatic {
            try ProgramBundle.check()
        } else if let bundle, !bundle.contains("://"), !exists(bundle) {
            throw Fault(
                .missingInput, at: .field("--bundle"), "there is no file \(bundle)",
                remedy: "make it with make bundle, or give --bundle auto")
        } else if let bundle, !bundle.contains("://") {
            let magic: [UInt8] = [0x1F, 0x8B]
            guard isRegularFile(bundle), try OpenFile(bundle).read(2, at: 0) == magic else {
                throw Fault(
                    .badData, at: .field("--bundle"), "\(bundle) is not an archive of the programs",
                    remedy: "make one with make bundle, or give --bundle auto")
            }
        }
    }

    /// The bundle on this machine: this program, if the bundle is made from it.
    private var bundleFile: String {
        bundle == ProgramBundle.automatic ? programFolder + "/trialgen" : bundle ?? ""
    }

    /// The folder of the release that jobs read; nil if they need only a prepared file.
    private func data(_ configuration: Configuration) throws -> String? {
        if let prepared = preparation.prepared {
            for point in try options.points(ConfigurationLayer()) {
                guard let path = preparation.path(for: point), !exists(path) else { continue }
                throw Fault(
                    .missingInput, at: .field("--prepared"), "there is no file \(path)",
                    remedy: "make it with trialgen prepare --output \(prepared)")
            }
            return configuration.data
        }
        return try configuration.releaseFolder()
    }

    private func jobCount(
        _ configuration: Configuration, _ trials: [(hypothesis: Hypothesis, range: TrialRange)],
        _ speed: MeasuredSpeed?
    ) throws(Fault) -> Int64 {
        let total = trials.reduce(0.0) { $0 + Double($1.range.count) }
        if let trialsPerJob { return rounded(total / Double(trialsPerJob)) }
        if let hours, let speed {
            let working = hours * 3600 - speed.startSeconds
            guard working > 0 else {
                throw Fault(
                    .usage, at: .field("--hours"),
                    "reading the data alone takes \(NumberFormat.duration(seconds: speed.startSeconds))",
                    remedy: "increase --hours")
            }
            // With more jobs than trials of the largest hypothesis, some would have nothing to do.
            return min(rounded(speed.totalSeconds / working), trials.map(\.range.count).max() ?? 1)
        }
        guard let jobs = configuration.jobs else {
            throw Fault(
                .usage, at: .field("--jobs"), "the number of jobs is not given",
                remedy: "give --jobs, --trials-per-job or --hours, or set the key jobs in the campaign")
        }
        return jobs
    }

    private func rounded(_ jobs: Double) -> Int64 {
        Int64(exactly: min(max(jobs, 1), Double(CampaignSlices.largestJobCount)).rounded(.up)) ?? 1
    }

    private func campaignText(_ plan: JobPlan, _ more: ConfigurationLayer, data: String?) throws -> String {
        plan.configuration.campaignYAML(
            data: SubmissionFiles.absolute(data ?? ""), jobs: plan.slices.jobs,
            lists: options.point == nil ? try options.layer().overridden(by: more) : ConfigurationLayer())
    }

    /// The path of the prepared file in a job's script.
    ///
    /// - Parameter point: the only one, or the first.
    private func preparedPath(_ point: CampaignPoint) -> String? {
        guard options.point == nil, point.number != nil, let path = preparation.prepared else {
            return preparation.path(for: point)
        }
        // HTCondor must know which file to send with a job, whose point is $(point); otherwise trialgen finds it.
        return format == .slurm ? path : CampaignPoint.path(path, digits: SubmissionFiles.pointMacro)
    }

    /// The values of the templates' parameters.
    private func parameters(_ plan: JobPlan, _ point: CampaignPoint, data: String?) -> [String: String] {
        var values = [
            "campaign": SubmissionFiles.campaignName,
            "jobs": String(plan.slices.jobs),
            "data": SubmissionFiles.absolute(preparedPath(point) ?? data ?? ""),
            "trialgen": programFolder + "/trialgen",
            "trialmerge": programFolder + "/trialmerge",
        ]
        if let threads { values["cpus"] = String(threads) }
        if let memory { values["memory_mb"] = String(memory) }
        if let hours { values["minutes"] = String(Int((hours * 75 + 10).rounded(.up))) }
        // The bundle made from this program is beside the scripts, where they look for it by default.
        if let bundle, bundle != ProgramBundle.automatic {
            values["bundle"] = bundle.contains("://") ? bundle : SubmissionFiles.absolute(bundle)
        }
        return values
    }

    /// Values of parameters computed from the campaign.
    private func computed(_ needs: JobNeeds) -> [String: String] {
        var values = ["disk_mb": String(needs.diskMegabytes)]
        if let memory = needs.memoryMegabytes { values["memory_mb"] = String(memory) }
        return values
    }
}
