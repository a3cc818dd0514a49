import Console
import Diagnostics
import Inference
import PointSource
import Results
import Settings
import TrialStore

/// The trials of one campaign in one or several files, without duplicates.
///
/// The files are read once, and their TS accumulated meanwhile: memory does not grow with the number of trials. Ordinary
/// and weighted trials are kept apart.
struct TrialInputs {
    let sets: [TrialSet]
    let paths: [String]
    /// The TS of the ordinary trials at each mu.
    private let distributions: [Double: TSDistribution]
    /// The mu of the null hypothesis: 0 for a search.
    private let nullSignal: Double
    /// The weighted background trials; nil if there are none.
    let weighted: WeightedTSDistribution?
    /// The mixture that they were drawn from.
    let mixture: ProposalMixture?
    /// The TS of the trials with mu above 0, by number of injected events.
    let injected: [InjectedTrials]
    /// The number of largest TS kept exactly for each number of events; the others are counted in bins.
    private static let exactInjected = 1 << 18
    /// For each source of a catalogue search, its TS in each background trial; read for ``placeCommands`` only.
    private var sourceColumns: [[Double]] = []
    /// The weighted trials of a catalogue search; read for ``placeCommands`` only.
    private var weightedSkies = WeightedCatalogueTrials.Skies(columns: [])

    /// A sentence for each file that lacked trials when it was merged.
    var warnings: [String] { sets.compactMap(\.warning) }

    /// More files than this must be merged first, since a process may not be allowed to open many more.
    static let fileLimit = 256

    /// Reads the files of a command.
    init(_ options: TrialOptions, command: String, exactAt marks: [Double] = [TruncatedGamma.defaultCut]) throws {
        try self.init(
            options.files, command: command, exactAt: marks, progress: options.reporting.logging.progressStyle)
        guard Self.signalCommands.contains(command), try !campaign().configuration.injectsSignal else { return }
        throw Fault(
            .badData, at: .file(name), "contains searches of the sky, which inject no signal",
            remedy: "use trialmerge sky; for trialmerge \(command), make trials with sources, the places of the signal")
    }

    /// The commands that use the TS of each source of a catalogue, or hemisphere of the sky.
    private static let placeCommands: Set = ["catalogue", "sky", "report"]

    /// The commands that need trials with signal.
    private static let signalCommands: Set = ["sensitivity", "discovery", "limits", "suggest"]

    /// Reads the files.
    ///
    /// - Parameters:
    ///   - marks: values of TS above which everything is exact, regardless of the number of trials.
    ///   - progress: how the progress of reading is shown.
    /// - Throws: `Fault`: `missingInput` if there is no file or one does not exist; `badData` for a file that contains
    ///   no trials of ours, belongs to another campaign than the first, or repeats trials of an earlier one; `usage`
    ///   for more than ``fileLimit``.
    init(
        _ paths: [String], command: String, exactAt marks: [Double] = [TruncatedGamma.defaultCut],
        progress style: Progress.Style = .automatic
    ) throws {
        guard let first = paths.first else { throw Self.noFiles(example: "trialmerge \(command) merged.h5") }
        guard paths.count <= Self.fileLimit else {
            throw Fault(
                .usage, "\(paths.count) files are too many to read at once",
                remedy: "merge them first with trialmerge merge")
        }
        var sets: [TrialSet] = []
        var known = Coverage()
        var accumulators: [Double: TSDistribution.Accumulator] = [:]
        var injected: [Int: TSDistribution.Accumulator] = [:]
        var (weights, mixture) = (WeightedTSDistribution.Accumulator(), ProposalMixture?.none)
        var agreement = HeaderAgreement()
        let overviews = try paths.map { try TrialSet.overview($0) }
        var sourceColumns: [[Double]] = []
        var weightedSkies = WeightedCatalogueTrials.Skies(columns: [])
        let total = overviews.reduce(0) { $0 + $1.rowCount }
        // No progress is shown for a short task.
        let isShort = total < 5_000_000 && style == .automatic
        let progress = Progress("reading", unit: "trials", total: total, style: isShort ? .never : style)
        for (path, (_, ownMixture, sources)) in zip(paths, overviews) {
            let sourceCount = Self.placeCommands.contains(command) ? sources?.names.count ?? 0 : 0
            if sourceColumns.isEmpty {
                sourceColumns = (0..<sourceCount).map { _ in
                    var column: [Double] = []
                    // Growing would double the memory.
                    column.reserveCapacity(total)
                    return column
                }
                weightedSkies.columns = sourceColumns
            }
            let weightColumns = Self.columns(of: ownMixture)
            let columns =
                [TrialSet.Column.testStatistic, .injected] + weightColumns
                + (0..<sourceCount).map { .source(.testStatistic, $0) }
            let set = try TrialSet(path, reading: columns) { hypothesis, columns throws(Fault) in
                let ts = columns[0]
                defer { progress.advance(by: ts.count) }
                do throws(Fault) {
                    guard hypothesis.tail == nil else {
                        try Self.add(columns.prefix(2 + weightColumns.count), to: &weights)
                        guard sourceCount > 0 else { return }
                        for (source, values) in zip(weightedSkies.columns.indices, columns.suffix(sourceCount)) {
                            weightedSkies.columns[source] += values
                        }
                        weightedSkies.logWeights += columns[2]
                        weightedSkies.components += columns[3].map { Int32($0) }
                        return
                    }
                    // Files of other campaigns, with another number of sources, are refused below.
                    if hypothesis.meanSignal == 0 {
                        for (source, values) in zip(sourceColumns.indices, columns.suffix(sourceCount)) {
                            sourceColumns[source] += values
                        }
                    }
                    try accumulators[hypothesis.meanSignal, default: .init(exactAt: marks)].add(ts)
                    if hypothesis.meanSignal > 0 {
                        for (events, values) in Self.sorted(ts, byEvents: columns[1]) {
                            try injected[events, default: .init(exactValues: Self.exactInjected)].add(values)
                        }
                    }
                } catch {
                    throw error.located(in: path)
                }
            }
            mixture = mixture ?? ownMixture
            if let (difference, other) = agreement.difference(set.header, of: path, here: path) {
                throw Fault(
                    .badData, at: .file(path), "belongs to another campaign than \(other): \(difference)",
                    remedy: "give the files of one campaign at a time")
            }
            for hypothesis in set.hypotheses {
                var trials = known[hypothesis]
                for range in set.coverage[hypothesis].ranges where trials.insert(range) > 0 {
                    throw Fault(
                        .badData, at: .file(path),
                        "contains trials among \(range) of \(hypothesis) that an earlier file contains too",
                        remedy: "merge the files first: trialmerge merge drops duplicates")
                }
            }
            known.formUnion(set.coverage)
            sets.append(set)
        }
        progress.finish()
        (self.sourceColumns, self.weightedSkies) = (sourceColumns, weightedSkies)
        nullSignal = try sets.first.map { try Self.nullSignal(of: $0, command) } ?? 0
        self.sets = sets
        self.paths = paths
        var distributions: [Double: TSDistribution] = [:]
        for mu in accumulators.keys.sorted() {
            // Removed from the dictionary, so that it is sorted in place.
            guard let accumulator = accumulators.removeValue(forKey: mu) else { continue }
            distributions[mu] = try TSDistribution(accumulator)
        }
        self.distributions = distributions
        self.mixture = mixture
        weighted = weights.count > 0 ? try WeightedTSDistribution(weights) : nil
        do {
            self.injected = try InjectedTrials.sorted(injected)
        } catch let fault as Fault {
            throw fault.located(in: first)
        }
    }

    /// The mu of the null hypothesis of a file's campaign.
    ///
    /// - Throws: `Fault` (usage) for a command that compares with background only, if it is not 0.
    private static func nullSignal(of set: TrialSet, _ command: String) throws -> Double {
        // A text without the key needs no reading.
        guard set.header.campaign.contains("mean_n_sig_0") else { return 0 }
        let null = try Campaign(text: set.header.campaign, file: set.path).configuration.settings.nullSignal
        guard null == 0 || ["background", "export"].contains(command) else {
            throw Fault(
                .usage, at: .file(set.path),
                "the TS of these trials is against a null hypothesis with \(NumberFormat.plain(null)) signal events "
                    + "(fit.mean_n_sig_0), and \(command) compares with background",
                remedy: "use trialmerge background, or make trials without this key")
        }
        return null
    }

    /// The columns of weighted trials after the first two.
    private static func columns(of mixture: ProposalMixture?) -> [TrialSet.Column] {
        mixture.map { [.logWeight, .proposal] + $0.heldOutGroups.indices.map { .logRatio($0) } } ?? []
    }

    /// Adds weighted trials.
    ///
    /// - Parameter columns: TS, injected events, and those of ``columns(of:)``.
    private static func add(
        _ columns: ArraySlice<[Double]>, to weights: inout WeightedTSDistribution.Accumulator
    ) throws(Fault) {
        for row in columns[0].indices {
            try weights.add(
                ts: columns[0][row], logWeight: columns[2][row], component: Int(columns[3][row]),
                heldOut: columns[4...].map { $0[row] })
        }
    }

    /// TS by the number of events injected into each trial.
    private static func sorted(_ ts: [Double], byEvents events: [Double]) -> [Int: [Double]] {
        var sorted: [Int: [Double]] = [:]
        // A negative number is invalid and rejected below; the clamp keeps any number from trapping.
        for (events, ts) in zip(events, ts) { sorted[Int(min(max(events, -1), 1e9)), default: []].append(ts) }
        return sorted
    }

    /// The trials for other programs.
    ///
    /// - Parameter meanSignals: the hypotheses to export; nil for all.
    /// - Throws: `Fault` of kind `badData` for a mean signal that is not present.
    func export(meanSignals: [Double]?, as format: TrialExport.Format) throws(Fault) -> TrialExport {
        try TrialExport(sets, meanSignals: meanSignals, as: format)
    }

    /// The fault of a command without a file, which may also be due to a pattern without a match.
    static func noFiles(example: String) -> Fault {
        Fault(.missingInput, "no input file is given", remedy: "give files of trials, as in \(example)")
    }

    /// The file or files, for messages.
    var name: String {
        let first = paths.first ?? ""
        return paths.count > 1 ? "\(first) and \(paths.count - 1) more" : first
    }

    /// The campaign that the trials were made for.
    ///
    /// - Throws: `Fault` of kind `badData` if this program cannot read the campaign's text in the file.
    func campaign() throws -> Campaign {
        guard let first = sets.first else { throw Self.noFiles(example: "merged.h5") }
        return try Campaign(text: first.header.campaign, file: first.path)
    }

    /// Whether there are ordinary trials of the null hypothesis.
    var hasBackground: Bool { distributions[nullSignal] != nil }

    /// The ordinary and weighted trials of the null hypothesis.
    var backgroundTrials: BackgroundTrials {
        BackgroundTrials(ordinary: distributions[nullSignal], weighted: weighted)
    }

    /// The TS of all ordinary trials of the null hypothesis.
    ///
    /// - Throws: `Fault` of kind `badData` if there are none, naming the mu that are present.
    func background() throws -> TSDistribution {
        if let background = distributions[nullSignal] { return background }
        if let weighted {
            throw Fault(
                .badData, at: .file(name),
                "contains no ordinary background trials, only \(NumberFormat.count(weighted.count)) weighted ones",
                remedy: "make some with trialgen run --mu 0 --trials 10000, which medians and small significances need")
        }
        let present = meanSignals.map(NumberFormat.plain).joined(separator: ", ")
        throw Fault(
            .badData, at: .file(name),
            (nullSignal == 0
                ? "contains no background trials, "
                : "contains no trials of the null hypothesis, mu = \(NumberFormat.plain(nullSignal)), ")
                + (present.isEmpty ? "nor any others" : "only trials with mu = \(present)"),
            remedy: "make trials with trialgen run --mu \(NumberFormat.plain(nullSignal)), and merge them with these")
    }

    /// The TS of all trials with signal, by increasing mu; empty if there is none.
    func signal() throws -> [SignalTrials] {
        try distributions.sorted { $0.key < $1.key }.filter { $0.key > 0 }.map {
            try SignalTrials(mu: $0.key, distribution: $0.value)
        }
    }

    /// Returns what `body` returns; a fault without a place that it throws gets these files as its place.
    func locatingFaults<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault where fault.place == nil && fault.kind == .badData {
            throw fault.located(in: name)
        }
    }

    /// For each source of a catalogue search, or hemisphere of the sky, its TS in each background trial; nil for another search. A second call
    /// returns nil, so that the values can be released.
    mutating func takeSourceColumns() -> [[Double]]? {
        defer { sourceColumns = [] }
        return sourceColumns.isEmpty ? nil : sourceColumns
    }

    /// The weighted trials of a catalogue search. A second call returns none, so that they can be released.
    mutating func takeWeightedSkies() -> WeightedCatalogueTrials.Skies {
        defer { weightedSkies = WeightedCatalogueTrials.Skies(columns: []) }
        return weightedSkies
    }

    /// The mean signals present, ascending.
    var meanSignals: [Double] { distributions.keys.sorted() }
}
