import Diagnostics
import Files
import Foundation

/// Writes a complete chunk from existing trials: none of them needs to be committed before the end, so there is no
/// journal.
public enum WholeChunk {
    /// - Parameters:
    ///   - path: the chunk; it appears under this name only when complete.
    ///   - deflate: compression level 1 to 9, nil for none.
    ///   - replace: whether an existing output is replaced; otherwise it is refused. An input is never replaced.
    ///   - fill: passes trials, block after block, to its argument.
    /// - Returns: the trials in the chunk.
    /// - Throws: ``Fault``: what `fill` throws; ``Fault/Kind/usage`` for a trial that is given twice or cannot be
    ///   stored; ``Fault/Kind/cannotCreate`` or ``Fault/Kind/inputOutput``. No file is then left behind.
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
