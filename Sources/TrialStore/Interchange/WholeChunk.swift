import Diagnostics
import Files
import Foundation

/// Writes a chunk in one go, from trials that exist already: nothing needs to be safe before the end, and so there is
/// no journal.
public enum WholeChunk {
    /// - Parameters:
    ///   - path: the chunk; it appears under this name only once it is whole.
    ///   - deflate: level of compression 1 to 9, nil for none.
    ///   - replace: whether an output that exists is replaced; else it is refused. One of the inputs never is.
    ///   - fill: hands over trials, block after block, by calling its argument.
    /// - Returns: which trials the chunk holds.
    /// - Throws: ``Fault``: what `fill` throws; ``Fault/Kind/usage`` for a trial that is handed over twice or cannot be
    ///   stored; ``Fault/Kind/cannotCreate`` or ``Fault/Kind/inputOutput``. Nothing is then left behind.
    public static func write(
        _ path: String, header: ChunkHeader, deflate: UInt32? = nil, replace: Bool = false, inputs: [String] = [],
        _ fill: (_ add: ([TrialRecord]) throws(Fault) -> Void) throws(Fault) -> Void
    ) throws(Fault) -> Coverage {
        try Publication.write(path, .init(replace: replace), inputs: inputs) { temporary throws(Fault) in
            let table = try TrialTable.create(temporary, format: .chunk, header: header, deflate: deflate)
            var collector = CoverageCollector()
            try fill { records throws(Fault) in
                for record in records where !collector.insert(TrialKey(record)) {
                    throw Fault(
                        .usage, at: .file(path), "trial \(record.trial) of \(record.hypothesis) was given twice")
                }
                try table.append(try table.layout.encode(records))
            }
            let coverage = collector.finish()
            try table.finish(coverage)
            return coverage
        }
    }
}
