import Console
import Diagnostics
import PointSource
import Settings
import TrialStore

/// The result of a merge.
public struct MergeSummary: CommandResult {
    public let result: MergeResult
    /// The number of input files.
    let inputs: Int
    /// The merged file.
    let output: String

    public init(result: MergeResult, inputs: Int, output: String) {
        self.result = result
        self.inputs = inputs
        self.output = output
    }

    /// The number of trials missing below the largest number present of their hypothesis.
    var missing: Int64 { result.hypotheses.lazy.map { $0.gaps.count }.clampedSum }

    /// A table of the hypotheses, then the file and its digest.
    public var text: String {
        var table = Table([
            .number("mu", unit: "events"), .number("seed"), .number("trials"), .number("missing"),
            .number("duplicates"),
        ])
        for summary in result.hypotheses {
            table.add([
                summary.hypothesis.muText, String(summary.hypothesis.seed),
                NumberFormat.count(summary.count), NumberFormat.count(summary.gaps.count),
                NumberFormat.count(summary.duplicates.count),
            ])
        }
        let state = result.hasGaps ? "partial, \(NumberFormat.count(missing)) missing" : "no gaps"
        return """
            \(table.text)
            \(NumberFormat.count(result.rows)) trials from \(inputs) file\(inputs == 1 ? "" : "s") in \(output.withoutControls) (\(state))
            table sha256 \(result.tableDigest)
            """
    }

    /// Duplicates that were dropped, and gaps with the command that makes the missing trials.
    public var warnings: [String] {
        var warnings: [String] = []
        if result.duplicateRows > 0 {
            warnings.append(
                "dropped \(NumberFormat.count(result.duplicateRows)) duplicate rows (same trial, same numbers)")
        }
        for summary in result.hypotheses where !summary.duplicates.isEmpty {
            warnings.append("\(summary.hypothesis): more than once in the inputs: \(summary.duplicates.listed)")
        }
        if result.hasGaps {
            warnings.append("\(output) is partial: \(NumberFormat.count(missing)) trials are missing")
        }
        for summary in result.hypotheses {
            guard let first = summary.gaps.ranges.first else { continue }
            warnings.append(
                "\(summary.hypothesis): missing \(summary.gaps.listed); make them as in trialgen run … "
                    + "\(summary.hypothesis.options) --first-trial \(first.first) --trials \(first.count)")
        }
        return warnings
    }

    /// Ranges are pairs of the first and the last trial, both included.
    public var members: [JSONValue.Member] {
        [
            .init("output", .string(output)),
            .init("n_files", .integer(inputs)),
            .init("n_trials", .integer(result.rows)),
            .init("n_duplicate_rows", .integer(result.duplicateRows)),
            .init("n_missing", .integer(missing)),
            .init("has_gaps", .bool(result.hasGaps)),
            .init("table_sha256", .string(result.tableDigest)),
            .init(
                "hypotheses",
                .array(
                    result.hypotheses.map { summary in
                        .object(
                            summary.hypothesis.members() + [
                                .init("n_trials", .integer(summary.count)),
                                .init("ranges", summary.present.json),
                                .init("gaps", summary.gaps.json),
                                .init("duplicates", summary.duplicates.json),
                            ])
                    })),
        ]
    }
}

extension TrialRanges {
    /// The first ranges, and the number of further ones.
    public var listed: String {
        let shown = ranges.prefix(8).map(\.description).joined(separator: ", ")
        return ranges.count > 8 ? "\(shown) and \(ranges.count - 8) more ranges" : shown
    }

    /// Pairs of the first and the last trial, both included.
    var json: JSONValue { .array(ranges.map { .array([.integer($0.first), .integer($0.last)]) }) }
}
