import Console
import Files

/// Jobs to submit again, in the formats of schedulers.
public struct Resubmission {
    /// In increasing order.
    let jobs: [Int64]
    /// Slurm's MaxArraySize: array indices are smaller than this.
    let maxArraySize: Int64

    init(_ jobs: Set<Int64>, maxArraySize: Int64) {
        self.jobs = jobs.sorted()
        self.maxArraySize = maxArraySize
    }

    /// Recognises a file written from ``condorList`` by its lines, since HTCondor allows no comments there.
    package static let condorFile = OwnOutput.lines("a list of jobs") { Int64($0).map { $0 >= 0 } ?? false }

    /// Recognises a file written from ``slurmList``.
    package static let slurmFile = OwnOutput.lines("a list of job arrays") { line in
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].allSatisfy(\.isNumber) && !parts[0].isEmpty
            && parts[1].allSatisfy { $0.isNumber || $0 == "," || $0 == "-" } && parts[1].contains(where: \.isNumber)
    }

    /// One number per line, for `queue job from FILE`.
    public var condorList: String { jobs.map { "\($0)\n" }.joined() }

    /// Arrays: the offset of the numbers (`--job-offset`), and the list for `sbatch --array`.
    var arrays: [(offset: Int64, list: String)] {
        var arrays: [(offset: Int64, list: String)] = []
        var rest = jobs[...]
        while let first = rest.first {
            let offset = first / maxArraySize * maxArraySize
            let end = rest.firstIndex { $0 >= offset + maxArraySize } ?? rest.endIndex
            arrays.append((offset, Resubmission.list(rest[..<end].map { $0 - offset })))
            rest = rest[end...]
        }
        return arrays
    }

    /// The lists for the schedulers.
    var text: String {
        var text = "\(NumberFormat.count(jobs.count)) jobs to submit again\n"
        for (offset, list) in arrays {
            text += "Slurm: --array=\(list)" + (offset > 0 ? " with --job-offset \(offset)" : "") + "\n"
        }
        return text + "HTCondor: queue job from (\n" + jobs.map { "  \($0)\n" }.joined() + ")\n"
    }

    /// - Parameter isKnown: whether the campaign's number of jobs is known.
    func members(isKnown: Bool) -> [JSONValue.Member] {
        [
            .init("jobs", isKnown ? .array(jobs.map { .integer($0) }) : .null),
            .init("arrays", .array(arrays.map { ["offset": .integer($0.offset), "array": .string($0.list)] })),
        ]
    }

    /// "OFFSET LIST", a line for each array.
    public var slurmList: String { arrays.map { "\($0.offset) \($0.list)\n" }.joined() }

    /// "3,7-9"
    private static func list(_ numbers: [Int64]) -> String {
        var parts: [(first: Int64, last: Int64)] = []
        for number in numbers {
            if let part = parts.last, part.last + 1 == number {
                parts[parts.count - 1].last = number
            } else {
                parts.append((number, number))
            }
        }
        return parts.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }.joined(separator: ",")
    }
}
