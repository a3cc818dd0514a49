import Diagnostics
import HDF5

/// The trials that a merged file lacks, from its attributes `missing_trials` (their number) and `missing` (their
/// ranges).
public struct MissingTrials: Sendable, Equatable {
    public let count: Int64
    /// "mu 0, seed 1: 10–24", a line for each hypothesis; shortened if there are very many ranges.
    public let text: String

    private static let numberKey = "missing_trials"
    private static let textKey = "missing"
    private static let mostRanges = 200

    init(_ missing: Coverage) {
        count = missing.count
        text = missing.hypotheses.map { hypothesis in
            let ranges = missing[hypothesis].ranges
            let shown = ranges.prefix(MissingTrials.mostRanges).map(\.description).joined(separator: ", ")
            let rest = ranges.count - MissingTrials.mostRanges
            return "\(hypothesis): \(shown)" + (rest > 0 ? " and \(rest) more ranges" : "")
        }.joined(separator: "\n")
    }

    /// Nil for a complete file.
    init?(from root: Group) throws(Fault) {
        // Files of the first versions lack the attributes.
        guard try root.attributes.contains(MissingTrials.numberKey) else { return nil }
        count = try root.attributes.int64(MissingTrials.numberKey)
        guard count > 0 else { return nil }
        text = try root.attributes.string(MissingTrials.textKey)
    }

    func write(to root: Group) throws(Fault) {
        try root.attributes.set(MissingTrials.numberKey, count)
        if count > 0 { try root.attributes.set(MissingTrials.textKey, text) }
    }
}
