import Diagnostics
import HDF5
import PointSource

/// A sequence of an input's rows with ascending keys.
struct MergeRun {
    let input: Int
    let rows: Range<Int>
    let firstKey: TrialKey
}

/// The inputs of a merge, of which a limited number is open at a time: a campaign may have more chunks than a process
/// may have open files.
final class MergeInputs {
    let paths: [String]
    private var open: [Int: (file: File, rows: TrialRows)] = [:]
    /// Inputs ordered by last use, the latest last.
    private var order: [Int] = []
    private static let openLimit = 32
    /// Bytes that HDF5 may keep of all open inputs: in files with large HDF5 chunks fewer are open at a time.
    private static let keptBudget = 128 << 20
    /// The number of rows of each input, and their layout.
    private var rowCounts: [Int]
    private var layouts: [TrialTableLayout?]
    /// The layout of the delivered rows: that of an input with weighted trials if there is one.
    private(set) var layout: TrialTableLayout
    /// Rows of some inputs that will probably be needed next: otherwise a chunk of a thousand rows, with a few of each
    /// hypothesis, would be opened for each of them.
    private var ahead: [Int: (rows: Range<Int>, bytes: [UInt8])] = [:]
    /// The limit for the bytes read ahead.
    private static let aheadBudget = 64 << 20

    init(paths: [String]) throws(Fault) {
        self.paths = paths
        rowCounts = Array(repeating: 0, count: paths.count)
        layouts = Array(repeating: nil, count: paths.count)
        layout = try TrialTableLayout()
    }

    /// Sets the layout of the delivered rows.
    ///
    /// - Parameter mixture: the mixture of the inputs' weighted trials; nil if they have none.
    func setLayout(_ mixture: ProposalMixture?) throws(Fault) {
        let first = layouts.first ?? nil
        layout = try TrialTableLayout(
            probes: first?.probes ?? [], mixture: mixture,
            parameter: first?.parameter ?? TrialTableLayout.standardParameter, sources: first?.sources)
    }

    /// Reads a whole input.
    ///
    /// - Returns: its table, its ascending runs, and the trials in it. A run ends with its hypothesis, so that runs of
    ///   other hypotheses are not kept open for long.
    func look(at input: Int) throws(Fault) -> (table: TrialTable, runs: [MergeRun], coverage: Coverage) {
        let table = try TrialTable.openFinished(paths[input])
        var runs: [MergeRun] = []
        var start: (row: Int, key: TrialKey)?
        var last: TrialKey?
        let coverage = try table.readThrough { _, key, row, _ throws(Fault) in
            if let begun = start, let previous = last, key < previous || key.hypothesis != previous.hypothesis {
                runs.append(MergeRun(input: input, rows: begun.row..<row, firstKey: begun.key))
                start = (row, key)
            } else if start == nil {
                start = (row, key)
            }
            last = key
        }
        if let begun = start {
            runs.append(MergeRun(input: input, rows: begun.row..<table.rowCount, firstKey: begun.key))
        }
        try table.close()
        rowCounts[input] = table.rowCount
        layouts[input] = table.layout
        return (table, runs, coverage)
    }

    /// Packed rows of an input that was read before, in the layout of the output.
    func read(_ rows: Range<Int>, of input: Int) throws(Fault) -> [UInt8] {
        let own = layouts[input] ?? layout
        return layout.converted(try packedRows(rows, own, of: input), from: own)
    }

    private func packedRows(
        _ rows: Range<Int>, _ layout: TrialTableLayout, of input: Int
    ) throws(Fault) -> [UInt8] {
        let stride = layout.stride
        if ahead[input].map({ $0.rows.lowerBound > rows.lowerBound || $0.rows.upperBound < rows.upperBound }) ?? true {
            let more = min(4096, MergeInputs.aheadBudget / (stride * paths.count))
            let end = min(rowCounts[input], max(rows.upperBound, rows.lowerBound + more))
            ahead[input] = (rows.lowerBound..<end, try openRows(input, layout).read(rows.lowerBound..<end))
        }
        guard let (found, bytes) = ahead[input] else { return [] }
        if found.upperBound == rows.upperBound { ahead[input] = nil }
        let start = (rows.lowerBound - found.lowerBound) * stride
        return Array(bytes[start..<start + rows.count * stride])
    }

    private var keptBytes: Int { open.values.reduce(0) { $0 + $1.rows.keptBytes } }

    private func openRows(_ input: Int, _ layout: TrialTableLayout) throws(Fault) -> TrialRows {
        if order.last == input, let entry = open[input] { return entry.rows }
        order.removeAll { $0 == input }
        order.append(input)
        if let entry = open[input] { return entry.rows }
        let file = try File.open(paths[input])
        let rows = try TrialRows(of: file.root, layout, paths[input])
        while !open.isEmpty,
            open.count >= MergeInputs.openLimit || keptBytes + rows.keptBytes > MergeInputs.keptBudget
        {
            let oldest = order.removeFirst()
            try open.removeValue(forKey: oldest)?.file.close()
        }
        open[input] = (file, rows)
        return rows
    }
}

/// A position in a run, with a block of its rows in memory.
struct MergeCursor {
    let input: Int
    private let shape: RowShape
    private var rest: Range<Int>
    private var block: [UInt8] = []
    private var start = 0
    private(set) var key: TrialKey

    init(_ run: MergeRun, _ shape: RowShape) {
        input = run.input
        rest = run.rows
        key = run.firstKey
        self.shape = shape
    }

    /// The bytes of the cursor's row.
    var row: ArraySlice<UInt8> { block[start..<start + shape.stride] }

    /// Moves to the run's next row (at first, to its first).
    ///
    /// - Returns: false at the end of the run.
    mutating func advance(_ inputs: MergeInputs, blockRows: Int) throws(Fault) -> Bool {
        start += shape.stride
        if start >= block.count {
            if rest.isEmpty { return false }
            let end = min(rest.upperBound, rest.lowerBound + blockRows)
            block = try inputs.read(rest.lowerBound..<end, of: input)
            rest = end..<rest.upperBound
            start = 0
        }
        key = block.withUnsafeBytes { PackedRecord(bytes: $0, start: start).key(shape) }
        return true
    }
}

/// The cursors of the runs that are being merged, with the least key on top: a binary heap (Williams 1964). Cursors of
/// equal keys are ordered by the number of their input.
struct MergeHeap {
    private var cursors: [MergeCursor] = []

    var count: Int { cursors.count }

    var top: MergeCursor? { cursors.first }

    /// - Complexity: O(log *n*).
    mutating func insert(_ cursor: MergeCursor) {
        cursors.append(cursor)
        var child = cursors.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { break }
            cursors.swapAt(child, parent)
            child = parent
        }
    }

    /// Moves the top cursor to its next row, and removes it at the end of its run.
    ///
    /// - Complexity: O(log *n*).
    mutating func advanceTop(_ inputs: MergeInputs, blockRows: Int) throws(Fault) {
        if try !cursors[0].advance(inputs, blockRows: blockRows) {
            cursors.swapAt(0, cursors.count - 1)
            cursors.removeLast()
        }
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < cursors.count && precedes(child, least) {
                least = child
            }
            if least == parent { return }
            cursors.swapAt(parent, least)
            parent = least
        }
    }

    private func precedes(_ one: Int, _ other: Int) -> Bool {
        if cursors[one].key != cursors[other].key { return cursors[one].key < cursors[other].key }
        return cursors[one].input < cursors[other].input
    }
}
