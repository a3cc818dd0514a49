import Diagnostics
import Files
import Foundation
import PointSource
import Settings

/// The header of a journal, which identifies the chunk of its trials.
///
/// In the file: magic number (8 bytes), version of the format (uint32), length of the text (uint32), the text (JSON),
/// and a ``BlockChecksum`` of all that.
struct JournalHeader: Equatable {
    /// The header of the chunk.
    let chunk: ChunkHeader
    /// The number of rows in the chunk when the journal was created; the journal's rows follow them.
    let chunkRows: Int
    /// Bytes of a row.
    let stride: Int

    static let magic: [UInt8] = [0x89] + Array("TGJRNL\n".utf8)
    static let version: UInt32 = 1
    /// Bytes before the text.
    private static let prefixLength = 16
}

extension JournalHeader {
    /// The bytes of the header in the file, and its checksum, which is at its end.
    func encoded() throws(Fault) -> (bytes: [UInt8], checksum: BlockChecksum) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let text = try? encoder.encode(Text(self)), let length = UInt32(exactly: text.count) else {
            throw Fault(.usage, "the campaign cannot be written as text")
        }
        var bytes = JournalHeader.magic
        bytes.append(littleEndian: JournalHeader.version)
        bytes.append(littleEndian: length)
        bytes += text
        let checksum = BlockChecksum(after: nil, bytes[...])
        return (bytes + checksum.bytes, checksum)
    }

    /// Reads the header of a journal.
    ///
    /// - Returns: also the start of the first block.
    /// - Throws: ``Fault``: ``Fault/Kind/badData`` if the file does not begin with a complete header of this version,
    ///   ``Fault/Kind/inputOutput`` if it cannot be read.
    static func read(from file: OpenFile) throws(Fault) -> (header: JournalHeader, checksum: BlockChecksum, end: Int64)
    {
        let prefix = try file.read(prefixLength, at: 0)
        guard prefix.starts(with: magic), let version = prefix.littleEndian(at: 8, as: UInt32.self),
            let length = prefix.littleEndian(at: 12, as: UInt32.self)
        else { throw damaged(file.path) }
        guard version == JournalHeader.version else {
            throw Fault(
                .badData, at: .file(file.path),
                "has version \(version) of the journal format; this program reads version \(JournalHeader.version)",
                remedy: "use the version of trialgen that wrote it")
        }
        let end = Int64(prefixLength) + Int64(length) + Int64(BlockChecksum.length)
        guard end <= (try file.length), let count = Int(exactly: end) else { throw damaged(file.path) }
        let bytes = try file.read(count, at: 0)
        guard bytes.count == count else { throw damaged(file.path) }
        let checked = bytes.dropLast(BlockChecksum.length)
        let checksum = BlockChecksum(after: nil, checked)
        guard checksum.bytes == Array(bytes.suffix(BlockChecksum.length)),
            let text = try? JSONDecoder().decode(Text.self, from: Data(checked.dropFirst(prefixLength)))
        else { throw damaged(file.path) }
        return (try text.header(path: file.path), checksum, end)
    }

    private static func damaged(_ path: String) -> Fault {
        Fault(
            .badData, at: .file(path), "is not a journal of trials, or its header is damaged",
            remedy: "remove it if its trials can be made again")
    }

    /// The header's text, a JSON object.
    private struct Text: Codable {
        let fingerprint: String
        let campaign: String
        let model_version: String
        let software_version: String
        /// As NS:GAMMA.
        let probes: [String]
        let provenance: [String: String]
        /// Only of a chunk with weighted trials.
        let mixture: String?
        /// Only of a chunk with another fitted parameter than gamma.
        let parameter: String?
        let chunk_rows: Int
        let row_bytes: Int

        init(_ header: JournalHeader) {
            fingerprint = header.chunk.fingerprint
            campaign = header.chunk.campaign
            model_version = header.chunk.modelVersion
            software_version = header.chunk.softwareVersion
            probes = header.chunk.probes.map(\.description)
            provenance = header.chunk.provenance
            mixture = header.chunk.mixture?.text
            let name = header.chunk.parameter
            parameter = name == TrialTableLayout.standardParameter ? nil : name
            chunk_rows = header.chunkRows
            row_bytes = header.stride
        }

        func header(path: String) throws(Fault) -> JournalHeader {
            var points: [Probe] = []
            for text in probes { points.append(try Probe(parsing: text)) }
            let weights = mixture.flatMap { ProposalMixture(text: $0) }
            // A campaign that cannot be read gives another number of bytes in a row than the journal's.
            let sources = (try? Campaign(text: campaign, file: path)).flatMap { SourceColumns($0.configuration) }
            let chunk = ChunkHeader(
                fingerprint: fingerprint, campaign: campaign, modelVersion: model_version,
                softwareVersion: software_version, probes: points, provenance: provenance, mixture: weights,
                parameter: parameter ?? TrialTableLayout.standardParameter, sources: sources)
            guard (weights == nil) == (mixture == nil), try chunk.layout.stride == row_bytes, chunk_rows >= 0 else {
                throw JournalHeader.damaged(path)
            }
            return JournalHeader(chunk: chunk, chunkRows: chunk_rows, stride: row_bytes)
        }
    }
}
