@testable import Files
import Digests
import PointSource

@testable import TrialStore

/// The contents of a chunk or a merged file, to be written as one: HDF5's own checksums let hardly any byte be changed,
/// and this way all that our code reads of it can be anything.
struct TrialFile {
    private var isMerged = false
    /// Fingerprint, campaign, model version, software version, what the hosts did.
    private var texts = [String](repeating: "", count: 5)
    private var probes: [Probe] = []
    /// Packed rows; an incomplete row at the end is left out.
    private var rows: [UInt8] = []

    /// Reads ``bytes``, of which any make a file: what lacks is empty.
    init(_ bytes: some Sequence<UInt8>) {
        var rest = Array(bytes)[...]
        let kind = rest.popFirst() ?? 0
        isMerged = kind & 1 == 1
        for index in texts.indices {
            let length = Int(rest.popFirst() ?? 0) | Int(rest.popFirst() ?? 0) << 8
            texts[index] = String(decoding: rest.prefix(length), as: UTF8.self)
            rest = rest.dropFirst(length)
        }
        for _ in 0..<kind >> 6 {
            probes.append(Probe(signalEvents: Double(rest.popFirst() ?? 0), gamma: Double(rest.popFirst() ?? 0) / 16))
        }
        rows = Array(rest)
    }

    init(_ set: TrialSet) throws {
        let header = set.header
        texts = [header.fingerprint, header.campaign, header.modelVersion, header.softwareVersion, set.ledger.text]
        for hypothesis in set.hypotheses { rows += try set.layout.encode(try set.records(of: hypothesis)) }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = [isMerged ? 1 : 0]
        for text in texts {
            bytes.append(littleEndian: UInt16(text.utf8.count))
            bytes += text.utf8
        }
        return bytes + rows
    }

    /// Writes the scratch file.
    ///
    /// - Returns: its path.
    /// - Throws: a `Fault` for what no such file can hold.
    func write() throws -> String {
        let path = ScratchFile.shared.path
        let header = ChunkHeader(
            fingerprint: texts[0], campaign: texts[1], modelVersion: texts[2], softwareVersion: texts[3],
            probes: probes, provenance: ["host": texts[0]])
        let table = try TrialTable.create(
            path, format: isMerged ? .merged : .chunk, header: header, ledger: HostLedger(text: texts[4]))
        let whole = Array(rows.prefix(rows.count / table.layout.stride * table.layout.stride))
        try table.append(whole)
        if isMerged {
            try table.file.root.attributes.set("table_sha256", SHA256.hash(whole).hexadecimal)
        }
        var collector = CoverageCollector()
        try? table.forEachKey { key, _ in _ = collector.insert(key) }
        try table.finish(collector.finish())
        return path
    }
}
