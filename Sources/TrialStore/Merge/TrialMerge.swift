import Diagnostics
import Digests
import Files
import Foundation
import HDF5

/// Merges chunks and merged files of one campaign into one sorted table.
///
/// The table depends only on the trials: any complete set of chunks of a campaign gives the same bytes, regardless of
/// how the campaign was split into chunks. Inputs are read twice, in blocks, and never changed; memory does not grow
/// with the number of trials as long as each input consists of long sorted runs, as chunks do.
public struct TrialMerge {
    private let inputs: MergeInputs
    private let runs: [MergeRun]
    /// The trials in all inputs.
    private let coverage: Coverage
    private let header: ChunkHeader
    private let ledger: HostLedger
    private let layout: TrialTableLayout

    /// Merges files.
    ///
    /// - Parameters:
    ///   - paths: chunks and merged files, in any order.
    ///   - output: the merged file; it appears under this name only when complete.
    ///   - wanted: the trials in the campaign's list; nil if unknown.
    ///   - replace: whether an existing output is replaced; otherwise it is refused. An input is never replaced.
    ///   - kept: other files that are never replaced.
    ///   - softwareVersion: this program's, for the output's header.
    ///   - provenance: where and when the merge was made.
    ///   - progress: receives the progress after each input, and after each block of rows. If it throws, the merge
    ///     ends, and no output is left behind.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` if there is no input or the output is an input; ``Fault/Kind/badData``
    ///   if an input is damaged or not a file of trials, if inputs are of different campaigns, or if two contain the
    ///   same trial with different numbers; ``Fault/Kind/missingInput``; ``Fault/Kind/temporary`` for a chunk whose
    ///   writer has not finished; ``Fault/Kind/cannotCreate``, ``Fault/Kind/inputOutput``.
    public static func merge(
        _ paths: [String], into output: String, wanted: Coverage? = nil, replace: Bool = false,
        keeping kept: [String] = [], softwareVersion: String, provenance: [String: String] = [:],
        progress: (MergeProgress) throws(Fault) -> Void = { _ in }
    ) throws(Fault) -> MergeResult {
        let collision = Publication.Collision(replace: replace)
        try Publication.check(output, collision, inputs: paths + kept)
        let merge = try TrialMerge(paths, softwareVersion: softwareVersion, provenance: provenance, progress)
        return try Publication.write(output, collision, inputs: paths + kept) { temporary throws(Fault) in
            try merge.write(to: temporary, wanted, progress)
        }
    }

    /// Reads every input and checks that all belong to one campaign.
    private init(
        _ paths: [String], softwareVersion: String, provenance: [String: String],
        _ progress: (MergeProgress) throws(Fault) -> Void = { _ in }
    ) throws(Fault) {
        guard !paths.isEmpty else {
            throw Fault(.usage, "there is nothing to merge", remedy: "give chunks or a folder of chunks")
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
                .badData, at: .file(path), "belongs to another campaign than \(other): \(difference)",
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
    /// The limit for the bytes of blocks of all runs together.
    private static let blockBudget = 64 << 20
    /// Bytes of rows collected before they are written.
    private static let outputBlock = 1 << 20

    /// Called for a trial whose numbers differ between two inputs.
    private typealias ConflictHandler = (_ key: TrialKey, _ one: Int, _ other: Int) throws(Fault) -> Void

    private func write(
        to path: String, _ wanted: Coverage?, _ progress: (MergeProgress) throws(Fault) -> Void
    ) throws(Fault) -> MergeResult {
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
        return MergeResult(
            hypotheses: hypotheses.map {
                MergeResult.HypothesisSummary(
                    hypothesis: $0, count: coverage[$0].count, present: coverage[$0], gaps: missing[$0],
                    duplicates: duplicates[$0])
            },
            rows: rows, duplicateRows: duplicateRows, tableDigest: tableDigest)
    }

    /// Passes the rows of all runs to `emit` in ascending order, each once, in blocks.
    private func mergeRuns(
        _ onConflict: ConflictHandler, emit: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) -> (rows: Int64, duplicates: Coverage, duplicateRows: Int64) {
        // Sorted so that the next run to begin is removed from the end.
        var pending = runs.sorted { $1.firstKey < $0.firstKey }
        var heap = MergeHeap()
        var block: [UInt8] = []
        var last: (key: TrialKey, row: [UInt8], input: Int)?
        var (rows, duplicateRows, duplicates) = (Int64(0), Int64(0), Coverage())

        while true {
            let least = max(1, min(64, TrialMerge.outputBlock / layout.stride))
            let blockRows = max(least, min(4096, TrialMerge.blockBudget / (layout.stride * (heap.count + 1))))
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

    /// The trials that occur in several of the files, or several times in one, and those of them with different
    /// numbers.
    ///
    /// - Parameter pairs: receives two files of each conflict.
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
        let place = first == second ? "is in it twice" : "is also in \(first)"
        return Fault(
            .badData, at: .file(second),
            "trial \(key.trial) of \(key.hypothesis) \(place), with different numbers",
            remedy: "make this trial again (trialgen run) to learn which file is wrong, and leave that one out")
    }
}
