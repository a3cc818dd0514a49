import Diagnostics
import Digests
import HDF5
import PointSource

/// The trials of a chunk or a merged file, for reading by the statistics.
///
/// Opening reads the whole table once and checks its checksums. A column can be processed during this reading, without
/// a second one; others are read on request.
public struct TrialSet: Sendable {
    public let path: String
    public let header: ChunkHeader
    /// The trials that are present.
    public let coverage: Coverage
    /// SHA-256 of the rows, as recorded by the merge that wrote the file; nil for a chunk.
    public let tableDigest: String?
    /// The work of each host for the file.
    public let ledger: HostLedger
    /// The trials that were missing when the file was merged; nil for a chunk and for a complete file.
    public let missing: MissingTrials?
    private let file: File
    /// Opened for each reading: HDF5 keeps a chunk of it for as long, which may be large.
    private var records: TrialRows { get throws(Fault) { try TrialRows(of: file.root, layout, path) } }
    let layout: TrialTableLayout
    /// The row ranges of each hypothesis.
    private let rows: [Hypothesis: [Range<Int>]]

    /// One number of every trial.
    public enum Column: Sendable, Hashable {
        case testStatistic, signalEvents, gamma, injected
        /// ln Λ at the probe with that index in the header.
        case probe(Int)
        /// Of weighted trials; 0 and −1 for ordinary ones.
        case logWeight, proposal
        /// The logarithm of the density ratio at the held-out point of that index in the header's mixture.
        case logRatio(Int)
        /// A number of the fit of the source with that index in the header's list.
        case source(SourceColumns.Number, Int)
    }

    /// - Throws: ``Fault``: ``Fault/Kind/missingInput``; ``Fault/Kind/badData`` for a file that does not contain trials
    ///   or is damaged; ``Fault/Kind/temporary`` for a chunk whose writer has not finished.
    public init(_ path: String) throws(Fault) {
        try self.init(path, reading: [], passesValues: false) { _, _ throws(Fault) in }
    }

    /// Opens a file and passes on a column while it is read.
    ///
    /// - Parameter body: receives the values of consecutive rows of one hypothesis. Its results are valid only when the
    ///   initialiser returns: the file may turn out to be damaged further on.
    /// - Throws: ``Fault`` as ``init(_:)``; ``Fault/Kind/usage`` for a probe that the file lacks; and what `body`
    ///   throws.
    public init(
        _ path: String, reading column: Column, _ body: (Hypothesis, [Double]) throws(Fault) -> Void
    ) throws(Fault) {
        try self.init(path, reading: [column]) { hypothesis, values throws(Fault) in try body(hypothesis, values[0]) }
    }

    /// The same for several columns at once: `body` receives a list of each.
    public init(
        _ path: String, reading columns: [Column], _ body: (Hypothesis, [[Double]]) throws(Fault) -> Void
    ) throws(Fault) {
        try self.init(path, reading: columns, passesValues: true, body)
    }

    private init(
        _ path: String, reading columns: [Column], passesValues: Bool,
        _ body: (Hypothesis, [[Double]]) throws(Fault) -> Void
    ) throws(Fault) {
        let table = try TrialTable.openFinished(path)
        let blockRows = passesValues ? table.layout.blockRows : 0
        var offsets: [Int] = []
        for column in columns { offsets.append(try TrialSet.offset(of: column, in: table.layout, path)) }
        var rows: [Hypothesis: [Range<Int>]] = [:]
        var current: (hypothesis: Hypothesis, first: Int)?
        var values = [[Double]](repeating: [], count: columns.count)
        var held = 0
        func handOn() throws(Fault) {
            if let current, held > 0 { try body(current.hypothesis, values) }
            for index in values.indices { values[index].removeAll(keepingCapacity: true) }
            held = 0
        }
        let coverage = try table.readThrough { record, key, row, isNew throws(Fault) in
            guard isNew else {
                throw Fault(
                    .badData, at: .file(path), "contains trial \(key.trial) of \(key.hypothesis) twice (row \(row))",
                    remedy: "another program changed the file; merge its sources again")
            }
            if let begun = current, begun.hypothesis != key.hypothesis {
                try handOn()
                rows[begun.hypothesis, default: []].append(begun.first..<row)
                current = (key.hypothesis, row)
            } else if current == nil {
                current = (key.hypothesis, row)
            }
            guard blockRows > 0 else { return }
            for index in columns.indices { values[index].append(record.value(columns[index], offsets[index])) }
            held += 1
            if held == blockRows { try handOn() }
        }
        try handOn()
        if let begun = current { rows[begun.hypothesis, default: []].append(begun.first..<table.rowCount) }

        let root = try table.file.root
        tableDigest = table.format == .merged ? try root.attributes.string("table_sha256") : nil
        missing = table.format == .merged ? try MissingTrials(from: root) : nil
        self.path = path
        header = table.header
        ledger = table.ledger
        layout = table.layout
        file = table.file
        self.coverage = coverage
        self.rows = rows
    }

    /// The hypotheses present, ordered by mean, then seed; weighted ones follow the ordinary ones of the same mean.
    public var hypotheses: [Hypothesis] { rows.keys.sorted() }

    /// The mean signals of ordinary trials, ascending.
    public var meanSignals: [Double] { Set(rows.keys.filter { $0.tail == nil }.map(\.meanSignal)).sorted() }

    /// The number of trials of a hypothesis, 0 for an unknown one.
    public func count(of hypothesis: Hypothesis) -> Int { rows[hypothesis, default: []].reduce(0) { $0 + $1.count } }

    /// One number of every trial of a hypothesis, in the order of the table; empty for an unknown one.
    ///
    /// - Parameter limit: at most this many trials are read, the first ones.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for a probe that the file lacks, ``Fault/Kind/badData`` if it cannot
    ///   be read.
    public func values(
        _ column: Column, of hypothesis: Hypothesis, limit: Int = .max
    ) throws(Fault) -> [Double] {
        let offset = try TrialSet.offset(of: column, in: layout, path)
        var values: [Double] = []
        values.reserveCapacity(min(limit, count(of: hypothesis)))
        try forEachBlock(of: hypothesis, limit: limit) { bytes in
            bytes.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: layout.stride) {
                    let record = PackedRecord(bytes: bytes, start: start)
                    values.append(record.value(column, offset))
                }
            }
        }
        return values
    }

    /// One number of every ordinary trial of a mean signal, of all its seeds in ascending order.
    public func values(
        _ column: Column, meanSignal: Double, limit: Int = .max
    ) throws(Fault) -> [Double] {
        var all: [Double] = []
        for hypothesis in hypotheses where hypothesis.meanSignal == meanSignal && hypothesis.tail == nil {
            all += try values(column, of: hypothesis, limit: limit - all.count)
        }
        return all
    }

    /// SHA-256 of all rows in the order of the table, in hexadecimal.
    public func rowsDigest() throws(Fault) -> String {
        var digest = SHA256()
        let records = try records
        let (count, blockRows) = (try records.count, layout.blockRows)
        for start in stride(from: 0, to: count, by: blockRows) {
            digest.update(try records.read(start..<min(count, start + blockRows)))
        }
        return digest.finalize().hexadecimal
    }

    /// The complete records of a hypothesis, in the order of the table.
    public func records(of hypothesis: Hypothesis) throws(Fault) -> [TrialRecord] {
        var decoded: [TrialRecord] = []
        try forEachBlock(of: hypothesis) { decoded += layout.decode($0) }
        return decoded
    }
}

extension TrialSet {
    /// The number of trials in a file, the mixture of its weighted trials, and the sources of a catalogue search, nil if
    /// it has none, without reading the trials.
    ///
    /// - Throws: ``Fault`` as ``init(_:)``, except for damaged rows.
    public static func overview(
        _ path: String
    ) throws(Fault) -> (rowCount: Int, mixture: ProposalMixture?, sources: SourceColumns?) {
        let table = try TrialTable.openFinished(path)
        defer { try? table.close() }
        return (table.rowCount, table.header.mixture, table.header.sources)
    }

    private static func offset(
        of column: Column, in layout: TrialTableLayout, _ path: String
    ) throws(Fault) -> Int {
        switch column {
        case .testStatistic: return TrialTableLayout.Offset.testStatistic
        case .signalEvents: return TrialTableLayout.Offset.signalEvents
        case .gamma: return TrialTableLayout.Offset.gamma
        case .injected: return TrialTableLayout.Offset.injected
        case .probe(let index):
            guard layout.probes.indices.contains(index) else {
                throw Fault(
                    .usage, at: .file(path), "has \(layout.probes.count) probes: the index \(index) is invalid")
            }
            return TrialTableLayout.Offset.probes + 8 * index
        case .logWeight: return try weightOffset(TrialTableLayout.WeightOffset.logWeight, in: layout, path)
        case .proposal: return try weightOffset(TrialTableLayout.WeightOffset.proposal, in: layout, path)
        case .logRatio(let index):
            let count = layout.mixture?.heldOutGroups.count ?? 0
            guard (0..<count).contains(index) else {
                throw Fault(.usage, at: .file(path), "has \(count) held-out points, so there is none of index \(index)")
            }
            return try weightOffset(TrialTableLayout.WeightOffset.logRatios + 8 * index, in: layout, path)
        case .source(let number, let index):
            guard let offset = layout.sources?.offset(of: number, source: index) else {
                let count = layout.sources?.names.count ?? 0
                throw Fault(
                    .usage, at: .file(path),
                    "has the fits of \(count) sources, and not this number of the one of index \(index)")
            }
            return layout.recordLayout.stride + offset
        }
    }

    private static func weightOffset(
        _ offset: Int, in layout: TrialTableLayout, _ path: String
    ) throws(Fault) -> Int {
        guard let start = layout.shape.weightOffset else {
            throw Fault(.usage, at: .file(path), "has no weighted trials, and so no weights")
        }
        return start + offset
    }

    /// Calls `body` with the packed rows of a hypothesis in blocks, in the order of the table.
    func forEachBlock(
        of hypothesis: Hypothesis, limit: Int = .max, _ body: ([UInt8]) throws(Fault) -> Void
    ) throws(Fault) {
        let (records, blockRows) = (try records, layout.blockRows)
        var left = limit
        for stretch in rows[hypothesis, default: []] {
            for start in stride(from: stretch.lowerBound, to: stretch.upperBound, by: blockRows) where left > 0 {
                let end = min(stretch.upperBound, start + min(blockRows, left))
                try body(try records.read(start..<end))
                left -= end - start
            }
        }
    }
}

extension PackedRecord {
    /// A column's number in the packed record that begins at `offset`.
    fileprivate func value(_ column: TrialSet.Column, _ offset: Int) -> Double {
        column == .injected || column == .proposal ? Double(int64(offset)) : double(offset)
    }
}
