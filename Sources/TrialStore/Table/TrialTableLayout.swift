import Diagnostics
import Foundation
import HDF5
import PointSource

/// The layout of a ``TrialRecord`` in a file: SkyLLH's field names, then ours, then one field per probe; in files with
/// weighted trials then `log_weight`, `proposal` and one field per held-out point (in a catalogue search: for each point of its sources' γ and rank). In a catalogue search the numbers of
/// its sources follow, which are no fields of the record but datasets of their own (``SourceColumns``).
public struct TrialTableLayout: Sendable, Equatable {
    public let probes: [Probe]
    /// The name of the fitted parameter besides n_s, and of its column: "gamma", or "peak" for a tabulated spectrum.
    public let parameter: String
    /// The mixture of the weighted trials; nil for a table that has none.
    public let mixture: ProposalMixture?
    /// The fields of the record.
    public let recordLayout: RecordLayout
    /// The sources of a catalogue search; nil for other searches.
    public let sources: SourceColumns?
    /// What is needed to read the keys of rows.
    let shape: RowShape

    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if a probe is given twice.
    public init(
        probes: [Probe] = [], mixture: ProposalMixture? = nil, parameter: String = standardParameter,
        sources: SourceColumns? = nil
    ) throws(Fault) {
        self.probes = probes
        self.sources = sources
        self.mixture = mixture
        self.parameter = parameter
        var fields = TrialTableLayout.fixedFields.map {
            ($0.name == Self.standardParameter ? parameter : $0.name, $0.kind)
        }
        fields += probes.map { ($0.fieldName, .float64) }
        if let mixture {
            fields += [("log_weight", .float64), ("proposal", .int64)]
            fields += mixture.heldOutGroups.indices.map { ("log_ratio_\($0 + 1)", .float64) }
        }
        recordLayout = try RecordLayout(fields)
        shape = RowShape(
            stride: recordLayout.stride + (sources?.stride ?? 0), weightOffset: recordLayout["log_weight"]?.offset,
            tail: mixture?.tail ?? 0,
            largestProposal: Int64(mixture?.points.count ?? 0),
            largestLogWeight: mixture.map { -log($0.ordinaryShare) + 1e-9 } ?? 0)
    }

    /// The layout of a file's table.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` that names the field that is missing or differs.
    ///
    /// - Parameters:
    ///   - mixture: the one in the file's header.
    ///   - sources: those of the campaign in the file's header.
    init(
        of table: RecordLayout, mixture: ProposalMixture? = nil, sources: SourceColumns? = nil, path: String
    ) throws(Fault) {
        let probes = table.fields.compactMap { Probe(fieldName: $0.name) }
        let parameter = table.fields.first { Self.otherParameters.contains($0.name) }?.name ?? Self.standardParameter
        guard
            let layout = try? TrialTableLayout(
                probes: probes, mixture: mixture, parameter: parameter, sources: sources),
            table.difference(from: layout.recordLayout) == nil
        else {
            let plain = try TrialTableLayout(mixture: mixture, parameter: parameter)
            let difference = table.difference(from: plain.recordLayout) ?? "its fields are in another order"
            throw Fault(
                .badData, at: .file(path), "its table is not a table of trials: \(difference)",
                remedy: "give a file written by trialgen or trialmerge")
        }
        self = layout
    }

    /// The spectral index, fitted unless a spectrum is tabulated.
    public static let standardParameter = "gamma"
    private static let otherParameters = ["peak"]

    private static let fixedFields: [(name: String, kind: RecordLayout.Kind)] = [
        ("seed", .int64), ("mean_n_sig", .float64), ("n_sig", .int64), ("mean_n_sig_0", .float64),
        ("ts", .float64), ("ns", .float64), ("gamma", .float64), ("trial", .int64), ("flags", .uint32),
    ]

    /// The start of each fixed field in a record, in bytes.
    enum Offset {
        static let seed = 0
        static let meanSignal = 8
        static let injected = 16
        static let meanSignal0 = 24
        static let testStatistic = 32
        static let signalEvents = 40
        static let gamma = 48
        static let trial = 56
        static let flags = 64
        static let probes = 68
    }

    /// The start of each field of a weight after the first one, in bytes.
    enum WeightOffset {
        static let logWeight = 0
        static let proposal = 8
        static let logRatios = 16
    }

    /// Bytes of a packed row.
    public var stride: Int { shape.stride }

    /// A number of rows that are read at a time, in bounded memory.
    var blockRows: Int { max(16, min(16_384, (64 << 20) / stride)) }

    /// The numbers of a packed row, by name: the fields of the record, then those of each source, numbered from 1
    /// ("source_ts_1").
    var numbers: [(name: String, kind: RecordLayout.Kind, offset: Int)] {
        var numbers = recordLayout.fields.map { ($0.name, $0.kind, $0.offset) }
        guard let sources else { return numbers }
        for (dataset, name) in sources.datasets.enumerated() {
            let start = recordLayout.stride + dataset * sources.width
            numbers += sources.names.indices.map { ("\(name)_\($0 + 1)", .float64, start + 8 * $0) }
        }
        return numbers
    }

    /// The first difference from the probes of another table, as a clause; nil if they agree.
    func probeDifference(from other: TrialTableLayout) throws(Fault) -> String? {
        if probes == other.probes, parameter == other.parameter { return nil }
        return try TrialTableLayout(probes: probes, parameter: parameter).recordLayout.difference(
            from: TrialTableLayout(probes: other.probes, parameter: other.parameter).recordLayout)
    }

    /// Rows of a table with the same probes, in the layout of this one: the fields of weights are added to ordinary trials,
    /// or removed.
    func converted(_ rows: [UInt8], from other: TrialTableLayout) -> [UInt8] {
        guard other.stride != stride else { return rows }
        let (own, others) = (recordLayout.stride, other.recordLayout.stride)
        let addition = [UInt8](Self.weightBytes(of: nil, mixture: mixture).prefix(max(0, own - others)))
        var converted: [UInt8] = []
        converted.reserveCapacity(rows.count / other.stride * stride)
        for start in Swift.stride(from: 0, to: rows.count, by: other.stride) {
            converted += rows[start..<start + min(own, others)]
            converted += addition
            converted += rows[start + others..<start + other.stride]
        }
        return converted
    }

    /// The fields of a trial's weight; those of an ordinary trial for nil.
    private static func weightBytes(of weight: TrialWeight?, mixture: ProposalMixture?) -> [UInt8] {
        guard let mixture else { return [] }
        var bytes: [UInt8] = []
        bytes.append(littleEndian: (weight?.logWeight ?? 0).bitPattern)
        bytes.append(littleEndian: weight?.proposal ?? -1)
        for index in mixture.heldOutGroups.indices {
            bytes.append(littleEndian: (weight?.logRatios[index] ?? 0).bitPattern)
        }
        return bytes
    }
}

extension TrialTableLayout {
    /// Records as packed little-endian bytes, one after the other.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if a record has a different number of probe values from the
    ///   layout, the fits of other sources, or an invalid key (see ``TrialKey/problem``).
    public func encode(_ records: [TrialRecord]) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(records.count * stride)
        for record in records {
            guard record.probes.count == probes.count else {
                throw Fault(
                    .usage,
                    "trial \(record.trial) has \(record.probes.count) probe values, but its table has \(probes.count)")
            }
            if let problem = TrialKey(record).problem { throw Fault(.usage, "a trial cannot be stored: \(problem)") }
            if let weight = record.weight,
                weight.tail != mixture?.tail || weight.logRatios.count != mixture?.heldOutGroups.count
            {
                throw Fault(
                    .usage, "weighted trial \(record.trial) cannot be stored: its table has another mixture, or none")
            }
            let fits = try sourceBytes(of: record)
            bytes.append(littleEndian: record.seed)
            bytes.append(littleEndian: record.meanSignal.bitPattern)
            bytes.append(littleEndian: record.injected)
            bytes.append(littleEndian: record.meanSignal0.bitPattern)
            bytes.append(littleEndian: record.testStatistic.bitPattern)
            bytes.append(littleEndian: record.signalEvents.bitPattern)
            bytes.append(littleEndian: record.gamma.bitPattern)
            bytes.append(littleEndian: record.trial)
            bytes.append(littleEndian: record.flags.rawValue)
            for value in record.probes { bytes.append(littleEndian: value.bitPattern) }
            bytes += Self.weightBytes(of: record.weight, mixture: mixture)
            bytes += fits
        }
        return bytes
    }

    private func sourceBytes(of record: TrialRecord) throws(Fault) -> [UInt8] {
        let bytes = record.sources.map { fits in sources.flatMap { $0.bytes(of: fits) } } ?? (sources == nil ? [] : nil)
        if let bytes { return bytes }
        throw Fault(
            .usage,
            "trial \(record.trial) cannot be stored: its table has the fits of "
                + (sources.map { "\($0.names.count) sources, with \($0.datasets.count) numbers each" }
                    ?? "one source only"))
    }

    /// The records in packed bytes; an incomplete record at the end is left out.
    public func decode(_ bytes: [UInt8]) -> [TrialRecord] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / stride).map { index in
                let record = PackedRecord(bytes: bytes, start: index * stride)
                return TrialRecord(
                    trial: record.int64(Offset.trial), seed: record.int64(Offset.seed),
                    meanSignal: record.double(Offset.meanSignal), injected: record.int64(Offset.injected),
                    meanSignal0: record.double(Offset.meanSignal0), testStatistic: record.double(Offset.testStatistic),
                    signalEvents: record.double(Offset.signalEvents), gamma: record.double(Offset.gamma),
                    flags: TrialFlags(rawValue: record.uint32(Offset.flags)),
                    probes: probes.indices.map { record.double(Offset.probes + 8 * $0) }, weight: weight(of: record),
                    sources: sources?.fits(of: record, at: recordLayout.stride))
            }
        }
    }

    private func weight(of record: PackedRecord) -> TrialWeight? {
        guard let mixture, let start = shape.weightOffset, let proposal = record.proposal(shape), proposal >= 0 else {
            return nil
        }
        return TrialWeight(
            tail: mixture.tail, logWeight: record.double(start + WeightOffset.logWeight), proposal: proposal,
            logRatios: mixture.heldOutGroups.indices.map { record.double(start + WeightOffset.logRatios + 8 * $0) })
    }
}

/// The layout parameters needed to read the keys of rows.
struct RowShape: Sendable, Equatable {
    let stride: Int
    /// Where the fields of a weight start; nil for a table without weighted trials.
    let weightOffset: Int?
    /// The tail of the table's weighted trials.
    let tail: Double
    /// The largest `proposal` that a trial can have.
    let largestProposal: Int64
    /// The largest `log_weight` that a trial can have: with ordinary trials in the mixture no weight exceeds 1 over their
    /// share.
    let largestLogWeight: Double
}

/// One packed record in a buffer of whole records; the only code that reads numbers from raw bytes.
struct PackedRecord {
    let bytes: UnsafeRawBufferPointer
    let start: Int

    func int64(_ offset: Int) -> Int64 {
        Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: Int64.self))
    }

    func uint32(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self))
    }

    func double(_ offset: Int) -> Double {
        Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)))
    }

    /// The component that the trial was drawn from, −1 for an ordinary trial; nil in a table without weighted trials.
    func proposal(_ shape: RowShape) -> Int64? {
        shape.weightOffset.map { int64($0 + TrialTableLayout.WeightOffset.proposal) }
    }

    func key(_ shape: RowShape) -> TrialKey {
        TrialKey(
            meanSignal: double(TrialTableLayout.Offset.meanSignal), seed: int64(TrialTableLayout.Offset.seed),
            trial: int64(TrialTableLayout.Offset.trial),
            tail: proposal(shape).map { $0 >= 0 ? shape.tail : 0 } ?? 0)
    }

    /// Why no trial of a table can have the record's weight, as a clause; nil for a possible one.
    func weightProblem(_ shape: RowShape) -> String? {
        guard let start = shape.weightOffset, let proposal = proposal(shape) else { return nil }
        let logWeight = double(start + TrialTableLayout.WeightOffset.logWeight)
        if !(-1...shape.largestProposal).contains(proposal) { return "proposal is \(proposal)" }
        let isPossible = proposal < 0 ? logWeight == 0 : logWeight.isFinite && logWeight <= shape.largestLogWeight
        return isPossible ? nil : "log_weight is \(logWeight)"
    }
}

extension PackedRecord {
    /// Calls `body` with each of the packed rows, its key and its number.
    ///
    /// - Parameters:
    ///   - path: the file of the rows.
    ///   - firstRow: number of the first row.
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` for an invalid key or weight.
    static func forEach(
        in rows: [UInt8], _ shape: RowShape, of path: String, firstRow: Int,
        _ body: (_ record: PackedRecord, _ key: TrialKey, _ row: Int) throws(Fault) -> Void
    ) throws(Fault) {
        let outcome = rows.withUnsafeBytes { bytes in
            Result { () throws(Fault) in
                for index in 0..<bytes.count / shape.stride {
                    let record = PackedRecord(bytes: bytes, start: index * shape.stride)
                    let key = record.key(shape)
                    if let problem = key.problem ?? record.weightProblem(shape) {
                        throw Fault(
                            .badData, at: .file(path),
                            "row \(firstRow + index) of its trials is invalid: \(problem)",
                            remedy: "the file is damaged; use a sound copy or make its trials again")
                    }
                    try body(record, key, firstRow + index)
                }
            }
        }
        try outcome.get()
    }
}

/// The key that identifies a trial of a campaign; ordered as in a merged table.
struct TrialKey: Sendable, Equatable, Comparable {
    let meanSignal: Double
    let seed: Int64
    let trial: Int64
    /// Of a weighted trial; 0 for an ordinary one.
    let tail: Double

    init(meanSignal: Double, seed: Int64, trial: Int64, tail: Double = 0) {
        self.meanSignal = meanSignal
        self.seed = seed
        self.trial = trial
        self.tail = tail
    }

    init(_ record: TrialRecord) {
        self.init(
            meanSignal: record.meanSignal, seed: record.seed, trial: record.trial, tail: record.weight?.tail ?? 0)
    }

    var hypothesis: Hypothesis {
        tail > 0 ? Hypothesis(tail: tail, seed: seed) : Hypothesis(meanSignal: meanSignal, seed: seed)
    }

    /// Why a key is invalid, as a clause; nil for a valid one.
    var problem: String? {
        if !meanSignal.isFinite || meanSignal.sign == .minus { return "mean_n_sig is \(meanSignal)" }
        if trial < 0 || trial == .max { return "trial is \(trial)" }
        if tail > 0 && meanSignal > 0 { return "mean_n_sig of a weighted trial is \(meanSignal)" }
        return nil
    }

    static func < (one: TrialKey, other: TrialKey) -> Bool {
        if one.meanSignal != other.meanSignal { return one.meanSignal < other.meanSignal }
        if one.tail != other.tail { return one.tail < other.tail }
        if one.seed != other.seed { return one.seed < other.seed }
        return one.trial < other.trial
    }
}
