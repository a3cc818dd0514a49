import Console
import Diagnostics
import Inference
import PointSource
import Trials

/// The trials of one campaign in one or several files, none of them twice.
struct TrialInputs {
    private let sets: [TrialSet]
    let paths: [String]

    /// For each file that lacked trials when it was merged, a sentence.
    var warnings: [String] {
        sets.compactMap { set in
            set.missing.map { "\(set.path) is partial: \($0.count) trials were missing when it was merged" }
        }
    }

    /// More files than this must be merged first; a process may not hold many more open.
    static let fileLimit = 256

    /// Opens the files.
    ///
    /// - Throws: `Fault`: `missingInput` for no file or one that is not there; `badData` for one that holds no trials
    ///   of ours, belongs to another campaign than the first, or repeats trials of an earlier one; `usage` for more
    ///   than ``fileLimit``.
    init(_ paths: [String], command: String) throws {
        guard let first = paths.first else { throw Self.noFiles(example: "trialmerge \(command) merged.h5") }
        guard paths.count <= Self.fileLimit else {
            throw Fault(
                .usage, "\(paths.count) files are too many to read side by side",
                remedy: "merge them first, with trialmerge merge")
        }
        var sets: [TrialSet] = []
        var known = Coverage()
        for path in paths {
            let set = try TrialSet(path)
            if let reference = sets.first,
                let difference = set.header.difference(from: reference.header, here: path, there: first)
            {
                throw Fault(
                    .badData, at: .file(path), "is of another campaign than \(first): \(difference)",
                    remedy: "give the files of one campaign at a time")
            }
            for hypothesis in set.hypotheses {
                var trials = known[hypothesis]
                for range in set.coverage[hypothesis].ranges where trials.insert(range) > 0 {
                    throw Fault(
                        .badData, at: .file(path),
                        "holds trials among \(range) of \(hypothesis) that an earlier file holds too",
                        remedy: "merge the files first: trialmerge merge drops duplicates")
                }
            }
            known.formUnion(set.coverage)
            sets.append(set)
        }
        self.sets = sets
        self.paths = paths
    }

    /// The fault of a command that was given no file, which is also what a pattern without a match comes to.
    static func noFiles(example: String) -> Fault {
        Fault(.missingInput, "no input file is named", remedy: "name files of trials, as in \(example)")
    }

    /// The file or files, for messages.
    var name: String {
        let first = paths.first ?? ""
        return paths.count > 1 ? "\(first) and \(paths.count - 1) more" : first
    }

    /// The campaign that the trials were made for.
    ///
    /// - Throws: `Fault` of kind `badData` where this program cannot read the text in the file.
    func campaign() throws -> Campaign {
        guard let first = sets.first else { throw Self.noFiles(example: "merged.h5") }
        return try Campaign(text: first.header.campaign, file: first.path)
    }

    /// Whether there are trials without signal.
    var hasBackground: Bool { meanSignals.first == 0 }

    /// The TS of all trials without signal.
    ///
    /// - Throws: `Fault` of kind `badData` where there is none, naming the mu that there are.
    func background() throws -> TSDistribution {
        let ts = try testStatistics(meanSignal: 0)
        guard !ts.isEmpty else {
            let present = meanSignals.map(NumberFormat.plain).joined(separator: ", ")
            throw Fault(
                .badData, at: .file(name),
                "holds no background trials, "
                    + (present.isEmpty ? "nor any others" : "only trials with mu = \(present)"),
                remedy: "make trials with trialgen run --mu 0, and merge them with these")
        }
        return try locatingFaults { try TSDistribution(ts) }
    }

    /// The TS of all trials with signal, by increasing mu; empty if there is none.
    func signal() throws -> [SignalTrials] {
        try meanSignals.filter { $0 > 0 }.map { mu in
            let ts = try testStatistics(meanSignal: mu)
            return try locatingFaults { try SignalTrials(mu: mu, ts: ts) }
        }
    }

    /// What `body` returns; a fault that it throws is given these files as its place unless it has one.
    func locatingFaults<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault where fault.place == nil && fault.kind == .badData {
            throw Fault(fault.kind, at: .file(name), fault.problem, remedy: fault.remedy)
        }
    }

    private var meanSignals: [Double] { Set(sets.flatMap(\.meanSignals)).sorted() }

    private func testStatistics(meanSignal: Double) throws -> [Double] {
        try sets.reduce(into: []) { $0 += try $1.values(.testStatistic, meanSignal: meanSignal) }
    }
}
