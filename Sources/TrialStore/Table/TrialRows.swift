import Diagnostics
import HDF5

/// The packed rows of a table in a file.
///
/// A row is a record of the dataset `trials`. In a catalogue search the numbers of its sources follow, which have 2-D
/// datasets of their own (``SourceColumns``), since thousands of fields would not fit in a record of HDF5.
struct TrialRows {
    /// The dataset `trials`, then those of the sources.
    private let parts: [RecordDataset]

    private static let trials = "trials"

    private init(parts: [RecordDataset]) { self.parts = parts }

    /// Opens the rows of a file.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if a dataset is missing, has another shape, or has another
    ///   number of rows than `trials`.
    init(of root: Group, _ trials: RecordDataset, _ sources: SourceColumns?, _ path: String) throws(Fault) {
        var parts = [trials]
        if let sources {
            let count = try trials.count
            for name in sources.datasets {
                let part = try root.numbers(name, expecting: try sources.rowLayout)
                let own = try part.count
                guard own == count else {
                    throw Fault(
                        .badData, at: .file(path),
                        "is damaged: its dataset \"\(name)\" has \(own) rows, but it has \(count) trials",
                        remedy: "use a sound copy, or make or merge its trials again")
                }
                parts.append(part)
            }
        }
        self.parts = parts
    }

    /// Opens the rows of a file whose layout is known.
    ///
    /// - Throws: ``Fault`` as ``init(of:_:_:_:)``.
    init(of root: Group, _ layout: TrialTableLayout, _ path: String) throws(Fault) {
        try self.init(of: root, try Self.trials(of: root), layout.sources, path)
    }

    /// The dataset `trials` of a file.
    static func trials(of root: Group) throws(Fault) -> RecordDataset { try root.table(trials) }

    /// Creates empty datasets.
    ///
    /// - Parameters:
    ///   - chunkRows: the wanted number of records that HDF5 stores, checks and reads together.
    ///   - deflate: compression level 1 to 9, nil for none.
    static func create(
        in root: Group, _ layout: TrialTableLayout, chunkRows: Int, deflate: UInt32?
    ) throws(Fault) -> TrialRows {
        // HDF5 caches up to 1 MiB of chunks: larger ones would be read and checked again for every few rows.
        let mostBytes = 512 << 10
        let records = max(64, min(chunkRows, mostBytes / layout.recordLayout.stride))
        var parts = [
            try root.createTable(trials, layout: layout.recordLayout, chunkRecords: records, deflate: deflate)
        ]
        if let sources = layout.sources {
            let rowLayout = try sources.rowLayout
            let rows = max(1, min(chunkRows, mostBytes / rowLayout.stride))
            for name in sources.datasets {
                parts.append(try root.createTable(name, layout: rowLayout, chunkRecords: rows, deflate: deflate))
            }
        }
        return TrialRows(parts: parts)
    }

    var count: Int { get throws(Fault) { try parts[0].count } }

    /// Bytes that HDF5 keeps in memory while the rows are open and were read.
    var keptBytes: Int { parts.reduce(0) { $0 + $1.keptBytes } }

    /// Bytes of a row.
    private var stride: Int { parts.reduce(0) { $0 + $1.layout.stride } }

    /// Adds packed rows.
    func append(_ rows: [UInt8]) throws(Fault) {
        guard parts.count > 1 else { return try parts[0].append(rows) }
        let stride = stride
        var offset = 0
        for part in parts {
            let width = part.layout.stride
            var own: [UInt8] = []
            own.reserveCapacity(rows.count / stride * width)
            for start in Swift.stride(from: offset, to: rows.count, by: stride) { own += rows[start..<start + width] }
            try part.append(own)
            offset += width
        }
    }

    /// Packed rows of a range.
    func read(_ range: Range<Int>) throws(Fault) -> [UInt8] {
        guard parts.count > 1 else { return try parts[0].read(range) }
        var columns: [[UInt8]] = []
        for part in parts { columns.append(try part.read(range)) }
        let widths = parts.map(\.layout.stride)
        var rows: [UInt8] = []
        rows.reserveCapacity(range.count * stride)
        for row in 0..<range.count {
            for (bytes, width) in zip(columns, widths) { rows += bytes[row * width..<(row + 1) * width] }
        }
        return rows
    }
}
