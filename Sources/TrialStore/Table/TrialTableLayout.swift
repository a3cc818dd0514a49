import Diagnostics
import HDF5
import PointSource

/// The layout of a ``TrialRecord`` in a file: SkyLLH's field names, then ours, then one field per probe.
public struct TrialTableLayout: Sendable, Equatable {
    public let probes: [Probe]
    public let recordLayout: RecordLayout

    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if a probe is given twice.
    public init(probes: [Probe] = []) throws(Fault) {
        self.probes = probes
        recordLayout = try RecordLayout(TrialTableLayout.fixedFields + probes.map { ($0.fieldName, .float64) })
    }

    /// The layout of a file's table.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` that names the field that is missing or differs.
    init(of table: RecordLayout, path: String) throws(Fault) {
        let probes = table.fields.compactMap { Probe(fieldName: $0.name) }
        guard let layout = try? TrialTableLayout(probes: probes), table.difference(from: layout.recordLayout) == nil
        else {
            let plain = try TrialTableLayout()
            let difference = table.difference(from: plain.recordLayout) ?? "its fields are in another order"
            throw Fault(
                .badData, at: .file(path), "its table is not a table of trials: \(difference)",
                remedy: "give a file written by trialgen or trialmerge")
        }
        self = layout
    }

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

    /// Bytes of a record.
    public var stride: Int { recordLayout.stride }
}

extension TrialTableLayout {
    /// Records as packed little-endian bytes, one after the other.
    ///
    /// - Throws: ``Fault`` of kind ``Fault/Kind/usage`` if a record has a different number of probe values from the
    ///   layout, or an invalid key (see ``TrialKey/problem``).
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
        }
        return bytes
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
                    probes: probes.indices.map { record.double(Offset.probes + 8 * $0) })
            }
        }
    }
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

    var key: TrialKey {
        TrialKey(
            meanSignal: double(TrialTableLayout.Offset.meanSignal), seed: int64(TrialTableLayout.Offset.seed),
            trial: int64(TrialTableLayout.Offset.trial))
    }
}

extension PackedRecord {
    /// Calls `body` with each of the packed rows, its key and its number.
    ///
    /// - Parameters:
    ///   - path: the file of the rows.
    ///   - firstRow: number of the first row.
    /// - Throws: ``Fault`` of kind ``Fault/Kind/badData`` for an invalid key.
    static func forEach(
        in rows: [UInt8], stride: Int, of path: String, firstRow: Int,
        _ body: (_ record: PackedRecord, _ key: TrialKey, _ row: Int) throws(Fault) -> Void
    ) throws(Fault) {
        let outcome = rows.withUnsafeBytes { bytes in
            Result { () throws(Fault) in
                for index in 0..<bytes.count / stride {
                    let record = PackedRecord(bytes: bytes, start: index * stride)
                    let key = record.key
                    if let problem = key.problem {
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

    init(meanSignal: Double, seed: Int64, trial: Int64) {
        self.meanSignal = meanSignal
        self.seed = seed
        self.trial = trial
    }

    init(_ record: TrialRecord) {
        self.init(meanSignal: record.meanSignal, seed: record.seed, trial: record.trial)
    }

    var hypothesis: Hypothesis { Hypothesis(meanSignal: meanSignal, seed: seed) }

    /// Why a key is invalid, as a clause; nil for a valid one.
    var problem: String? {
        if !meanSignal.isFinite || meanSignal.sign == .minus { return "mean_n_sig is \(meanSignal)" }
        if trial < 0 || trial == .max { return "trial is \(trial)" }
        return nil
    }

    static func < (one: TrialKey, other: TrialKey) -> Bool {
        if one.meanSignal != other.meanSignal { return one.meanSignal < other.meanSignal }
        if one.seed != other.seed { return one.seed < other.seed }
        return one.trial < other.trial
    }
}
