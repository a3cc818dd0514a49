import Diagnostics
import Files
import Foundation
import HDF5
import PointSource

/// Writes trials in formats that other programs read, in bounded memory.
public struct TrialExport {
    /// The output format.
    public enum Format: String, Sendable, CaseIterable {
        /// A structured array of numpy with the fields of SkyLLH's trial files, which SkyLLH's functions accept.
        case npy
        /// A line of comma-separated numbers for each trial, with all fields, after a line with their names.
        case csv
        /// An HDF5 file with a list of numbers for each field, for programs that do not read compound types.
        case h5
    }

    private let sets: [TrialSet]
    private let rows: [(set: TrialSet, hypothesis: Hypothesis)]
    private let format: Format
    private let layout: TrialTableLayout
    /// The number of trials to write.
    public let count: Int
    /// The number of weighted trials that are left out, since SkyLLH's records have no place for their weights.
    public let leftOut: Int

    /// - Parameters:
    ///   - sets: sets of one campaign, without common trials.
    ///   - meanSignals: the hypotheses to export; nil for all.
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` if no trials are selected, or the sets have different probes.
    public init(_ sets: [TrialSet], meanSignals: [Double]? = nil, as format: Format) throws(Fault) {
        guard let first = sets.first else { throw Fault(.usage, "there is nothing to export") }
        self.format = format
        layout = (sets.first { $0.layout.mixture != nil } ?? first).layout
        for set in sets where try set.layout.probeDifference(from: layout) != nil {
            throw Fault(
                .badData, at: .file(set.path), "was made with other probes than \(first.path)",
                remedy: "export files with the same probes together")
        }
        let hypotheses = Set(sets.flatMap(\.hypotheses)).sorted()
        if let missing = meanSignals?.first(where: { mu in !hypotheses.contains { $0.meanSignal == mu } }) {
            let present = Set(hypotheses.map(\.meanSignal)).sorted().map(shortest).joined(separator: ", ")
            throw Fault(
                .badData, at: .file(first.path), "contains no trials with mu \(shortest(missing)), only \(present)",
                remedy: "give one of those")
        }
        let wanted = hypotheses.filter { meanSignals?.contains($0.meanSignal) ?? true }
        func rows(_ hypotheses: [Hypothesis]) -> [(set: TrialSet, hypothesis: Hypothesis)] {
            hypotheses.flatMap { hypothesis in
                sets.filter { $0.count(of: hypothesis) > 0 }.map { ($0, hypothesis) }
            }
        }
        func count(_ rows: [(set: TrialSet, hypothesis: Hypothesis)]) -> Int {
            rows.reduce(0) { $0 + $1.set.count(of: $1.hypothesis) }
        }
        self.sets = sets
        self.rows = rows(wanted.filter { format != .npy || $0.tail == nil })
        self.count = count(self.rows)
        leftOut = count(rows(wanted)) - self.count
        guard self.count > 0 || leftOut == 0 else {
            throw Fault(
                .badData, at: .file(first.path),
                "contains only weighted trials, and SkyLLH's records have no place for weights",
                remedy: "export them as csv or h5, which have the field log_weight")
        }
    }

    /// Writes the trials, ordered by mean signal and seed; the file appears under its name only when complete.
    ///
    /// - Parameters:
    ///   - replace: whether an existing output is replaced; an input is never replaced.
    ///   - progress: receives the number of trials written, each time it increases.
    /// - Throws: ``Fault``: ``Fault/Kind/usage`` for an output that is an input, ``Fault/Kind/cannotCreate``,
    ///   ``Fault/Kind/inputOutput``, or ``Fault/Kind/badData`` if the trials cannot be read.
    public func write(
        to output: String, replace: Bool = false, progress: (Int) -> Void = { _ in }
    ) throws(Fault) {
        try Publication.write(output, .init(replace: replace), inputs: sets.map(\.path)) { temporary throws(Fault) in
            switch format {
            case .npy: try writeNumpy(temporary, progress)
            case .csv: try writeText(temporary, progress)
            case .h5: try writeColumns(temporary, progress)
            }
        }
    }

    private func forEachBlock(_ progress: (Int) -> Void, _ body: ([UInt8]) throws(Fault) -> Void) throws(Fault) {
        for (set, hypothesis) in rows {
            try set.forEachBlock(of: hypothesis) { bytes throws(Fault) in
                let rows = layout.converted(bytes, from: set.layout)
                try body(rows)
                progress(rows.count / layout.stride)
            }
        }
    }

    // SkyLLH's fields come first in a record, in its order.
    private func writeNumpy(_ path: String, _ progress: (Int) -> Void) throws(Fault) {
        let fields = layout.recordLayout.fields.prefix { $0.offset < TrialTableLayout.Offset.trial }
        let width = TrialTableLayout.Offset.trial
        let header = NumpyHeader.bytes(fields.map { ($0.name, $0.kind == .float64) }, count: count)
        let output = try OpenFile(path, .replacing)
        try output.append(header)
        try forEachBlock(progress) { bytes throws(Fault) in
            var records: [UInt8] = []
            records.reserveCapacity(bytes.count / layout.stride * width)
            for start in stride(from: 0, to: bytes.count, by: layout.stride) {
                records += bytes[start..<start + width]
            }
            try output.append(records)
        }
    }

    private func writeText(_ path: String, _ progress: (Int) -> Void) throws(Fault) {
        let fields = layout.numbers
        let output = try OpenFile(path, .replacing)
        try output.append(Array((fields.map(\.name).joined(separator: ",") + "\n").utf8))
        try forEachBlock(progress) { bytes throws(Fault) in
            var text = ""
            bytes.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: bytes.count, by: layout.stride) {
                    let record = PackedRecord(bytes: bytes, start: start)
                    for field in fields {
                        if field.offset > 0 { text += "," }
                        switch field.kind {
                        case .float64: text += shortest(record.double(field.offset))
                        case .uint32: text += String(record.uint32(field.offset))
                        case .int64, .uint64: text += String(record.int64(field.offset))
                        }
                    }
                    text += "\n"
                }
            }
            try output.append(Array(text.utf8))
        }
    }

    private func writeColumns(_ path: String, _ progress: (Int) -> Void) throws(Fault) {
        let file = try File.create(path)
        let root = try file.root
        if let header = sets.first?.header {
            try root.attributes.set("fingerprint", header.fingerprint)
            try root.attributes.set("campaign", header.campaign)
            try layout.mixture?.write(to: root)
            try layout.sources?.write(to: root)
        }
        var columns = try layout.recordLayout.fields.map { field throws(Fault) in
            let layout = RecordLayout.scalar(field.kind)
            return (
                offset: field.offset,
                dataset: try root.createTable(field.name, layout: layout, chunkRecords: 16_384, deflate: 4)
            )
        }
        for (number, name) in (layout.sources?.datasets ?? []).enumerated() {
            guard let sources = layout.sources else { break }
            let rowLayout = try sources.rowLayout
            let rows = max(1, (512 << 10) / rowLayout.stride)
            columns.append(
                (
                    layout.recordLayout.stride + number * sources.width,
                    try root.createTable(name, layout: rowLayout, chunkRecords: rows, deflate: 4)
                ))
        }
        try forEachBlock(progress) { bytes throws(Fault) in
            for (offset, column) in columns {
                let width = column.layout.stride
                var values: [UInt8] = []
                values.reserveCapacity(bytes.count / layout.stride * width)
                for start in stride(from: offset, to: bytes.count, by: layout.stride) {
                    values += bytes[start..<start + width]
                }
                try column.append(values)
            }
        }
        try file.close()
    }
}
