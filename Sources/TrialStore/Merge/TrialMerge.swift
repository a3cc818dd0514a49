import Diagnostics
import Digests
import Files
import Foundation
import HDF5

/// Merges chunks and merged files of one campaign into one sorted table.
///
/// The table depends on the trials alone: any complete cover of the same campaign gives the same bytes, however it was
/// cut into chunks. Inputs are read twice, in blocks, and never changed; memory does not grow with the trials, as long
/// as each input is sorted in long stretches (which chunks are).
public struct TrialMerge {
    private let inputs: MergeInputs
    private let runs: [MergeRun]
    /// What the inputs hold together.
    private let coverage: Coverage
    private let header: ChunkHeader
    private let ledger: HostLedger
    private let layout: TrialTableLayout

    /// Merges files.
    ///
    /// - Parameters:
    ///   - paths: chunks and merged files, in any order.
    ///   - output: the merged file; it appears under this name only once it is whole.
    ///   - wanted: the trials that the campaign asks for; nil if that is not known.
    ///   - replace: whether an output that exists is replaced; else it is refused. An input never is.
    ///   - softwareVersion: this program's, for the output's header.
    ///   - provenance: where and when the merge was made.
    ///   - progress: told how far the merge has come: after each input, and after each block of rows. If it throws, the
    ///     merge ends, and nothing is left of the output.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for no inputs or an output that is one of them;
    ///   ``Fault/Kind/badData`` if an input is no file of trials or damaged, if inputs are of different campaigns, or
    ///   if two hold the same trial with different numbers; ``Fault/Kind/missingInput``, ``Fault/Kind/temporary`` for a
    ///   chunk whose writer has not finished, ``Fault/Kind/cannotCreate``, ``Fault/Kind/inputOutput``.
    public static func merge(
        _ paths: [String], into output: String, wanted: Coverage? = nil, replace: Bool = false,
        softwareVersion: String, provenance: [String: String] = [:],
        progress: (MergeProgress) throws(Fault) -> Void = { _ in }
    ) throws(Fault) -> MergeReport {
        let collision = Publication.Collision(replace: replace)
        try Publication.check(output, collision, inputs: paths)
        let merge = try TrialMerge(paths, softwareVersion: softwareVersion, provenance: provenance, progress)
        return try Publication.write(output, collision, inputs: paths) { temporary throws(Fault) in
            try merge.write(to: temporary, wanted, progress)
        }
    }

    /// Reads every input and checks that all are of one campaign.
    private init(
        _ paths: [String], softwareVersion: String, provenance: [String: String],
        _ progress: (MergeProgress) throws(Fault) -> Void = { _ in }
    ) throws(Fault) {
        guard !paths.isEmpty else {
            throw Fault(.usage, "there is nothing to merge", remedy: "name the chunks")
        }
        let inputs = try MergeInputs(paths: paths)
        let (reference, firstRuns, firstCoverage) = try inputs.look(at: 0)
        var agreement = HeaderAgreement()
        _ = agreement.difference(reference.header, of: reference.path, here: reference.path)
        var mixture = reference.header.mixture
        var (runs, coverage, ledger) = (firstRuns, firstCoverage, reference.ledger)
        try progress(.read(inputs: 1, of: paths.count))
        for input in paths.indices.dropFirst() {
            let (table, ownRuns, trials) = try inputs.look(at: input)
            try Self.check(table, against: reference, &agreement)
            mixture = mixture ?? table.header.mixture
            ledger.add(table.ledger)
            runs += ownRuns
            coverage.formUnion(trials)
            try progress(.read(inputs: input + 1, of: paths.count))
        }
        self.inputs = inputs
        self.runs = runs
        self.coverage = coverage
        self.ledger = ledger
        // Without weighted trials the table has the fields of ordinary ones, even if a chunk is prepared for others.
        try inputs.setLayout(coverage.hypotheses.contains { $0.tail != nil } ? mixture : nil)
        layout = inputs.layout
        var header = reference.header
        header.mixture = layout.mixture
        header.softwareVersion = softwareVersion
        header.provenance = provenance
        self.header = header
    }

    private static func check(
        _ table: TrialTable, against reference: TrialTable, _ agreement: inout HeaderAgreement
    ) throws(Fault) {
        let (path, first) = (table.path, reference.path)
        if let (difference, other) = agreement.difference(table.header, of: path, here: path) {
            throw Fault(
                .badData, at: .file(path), "is of another campaign than \(other): \(difference)",
                remedy: "merge the files of one campaign at a time")
        }
        if let difference = try table.layout.probeDifference(from: reference.layout) {
            throw Fault(
                .badData, at: .file(path), "was made with other probes than \(first): \(difference)",
                remedy: "merge files that were made with the same --probe options")
        }
    }
}

extension TrialMerge {
    /// Bytes of blocks held for all runs together.
    private static let blockBudget = 64 << 20
    /// Bytes of rows gathered before they are written.
    private static let outputBlock = 1 << 20

    /// What a merge does about a trial whose numbers differ between two inputs.
    private typealias ConflictHandler = (_ key: TrialKey, _ one: Int, _ other: Int) throws(Fault) -> Void

    private func write(
        to path: String, _ wanted: Coverage?, _ progress: (MergeProgress) throws(Fault) -> Void
    ) throws(Fault) -> MergeReport {
        let table = try TrialTable.create(path, format: .merged, header: header, ledger: ledger)
        var digest = SHA256()
        var rowsWritten: Int64 = 0
        let onConflict: ConflictHandler = { key, one, other throws(Fault) in throw conflict(key, one, other) }
        let (rows, duplicates, duplicateRows) = try mergeRuns(onConflict) { block throws(Fault) in
            digest.update(block)
            try table.append(block)
            rowsWritten += Int64(block.count / layout.stride)
            try progress(.merged(rows: rowsWritten, of: coverage.count))
        }
        let tableDigest = digest.finalize().hexadecimal
        let missing = wanted.map { $0.subtracting(coverage) } ?? coverage.gaps
        let root = try table.file.root
        try root.attributes.set("table_sha256", tableDigest)
        try MissingTrials(missing).write(to: root)
        try table.finish(coverage)
        let hypotheses = Set(coverage.hypotheses + missing.hypotheses).sorted()
        return MergeReport(
            hypotheses: hypotheses.map {
                MergeReport.HypothesisSummary(
                    hypothesis: $0, count: coverage[$0].count, present: coverage[$0], gaps: missing[$0],
                    duplicates: duplicates[$0])
            },
            rows: rows, duplicateRows: duplicateRows, tableDigest: tableDigest)
    }

    /// Hands the rows of all runs to `emit` in ascending order, each once, in blocks.
    private func mergeRuns(
        _ onConflict: ConflictHandler, emit: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) -> (rows: Int64, duplicates: Coverage, duplicateRows: Int64) {
        // Those that begin last come first, so that the next to begin is taken off the end.
        var pending = runs.sorted { $1.firstKey < $0.firstKey }
        var heap = MergeHeap()
        var block: [UInt8] = []
        var last: (key: TrialKey, row: [UInt8], input: Int)?
        var (rows, duplicateRows, duplicates) = (Int64(0), Int64(0), Coverage())

        while true {
            let blockRows = max(64, min(4096, TrialMerge.blockBudget / (layout.stride * (heap.count + 1))))
            while let next = pending.last, heap.top.map({ $0.key >= next.firstKey }) ?? true {
                pending.removeLast()
                var cursor = MergeCursor(next, layout.shape)
                if try cursor.advance(inputs, blockRows: blockRows) { heap.insert(cursor) }
            }
            guard let top = heap.top else { break }
            if let last, last.key == top.key {
                if !last.row.elementsEqual(top.row) { try onConflict(top.key, last.input, top.input) }
                duplicates.insert(top.key.trial, of: top.key.hypothesis)
                duplicateRows += 1
            } else {
                block += top.row
                rows += 1
                last = (top.key, Array(top.row), top.input)
                if block.count >= TrialMerge.outputBlock {
                    try emit(block)
                    block.removeAll(keepingCapacity: true)
                }
            }
            try heap.advanceTop(inputs, blockRows: blockRows)
        }
        if !block.isEmpty { try emit(block) }
        return (rows, duplicates, duplicateRows)
    }

    /// The trials that stand in several of the files, or several times in one, and those of them that do so with
    /// different numbers.
    ///
    /// - Parameter pairs: is told two files of each conflict.
    static func duplicates(
        in paths: [String], _ pairs: (_ one: String, _ other: String) -> Void
    ) throws(Fault) -> (all: Coverage, conflicting: Coverage) {
        guard !paths.isEmpty else { return (Coverage(), Coverage()) }
        let merge = try TrialMerge(paths, softwareVersion: "", provenance: [:])
        var conflicting = Coverage()
        let onConflict: ConflictHandler = { key, one, other throws(Fault) in
            conflicting.insert(key.trial, of: key.hypothesis)
            pairs(paths[one], paths[other])
        }
        let (_, all, _) = try merge.mergeRuns(onConflict) { _ throws(Fault) in }
        return (all, conflicting)
    }

    private func conflict(_ key: TrialKey, _ one: Int, _ other: Int) -> Fault {
        let (first, second) = (inputs.paths[one], inputs.paths[other])
        let place = first == second ? "stands in it twice" : "stands in \(first) as well"
        return Fault(
            .badData, at: .file(second),
            "trial \(key.trial) of \(key.hypothesis) \(place), with other numbers",
            remedy: "make this trial again (trialgen run) to learn which file is wrong, and leave that one out")
    }
}
