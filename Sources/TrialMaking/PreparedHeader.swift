import Diagnostics

/// The first 64 bytes of a prepared file: the kind of file, the layout of its parts, and a checksum.
struct PreparedHeader {
    static let length = 64
    /// Increased whenever the bytes of an analysis are written differently.
    static let formatVersion: UInt32 = 1

    /// The byte ranges of the campaign's text and of the analysis.
    let text: Range<Int>
    let analysis: Range<Int>
    let checksum: [UInt8]

    /// A byte that is not text, letters, and a line feed, which a transfer as text would change.
    static let magic: [UInt8] = [0x89] + Array("TGPREP\n".utf8)
    private static let checksumRange = 32..<64

    /// Checks a header.
    ///
    /// - Parameters:
    ///   - bytes: the header, and possibly what follows; fewer bytes only if the file has no more.
    ///   - fileSize: bytes of the file.
    /// - Throws: `Fault` (bad data).
    init(_ bytes: UnsafeRawBufferPointer, fileSize: Int, file: String) throws(Fault) {
        func fault(_ problem: String, remedy: String) -> Fault {
            Fault(.badData, at: .file(file), problem, remedy: remedy)
        }
        func number<Number: FixedWidthInteger>(at offset: Int, as type: Number.Type) -> Number {
            Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
        }
        guard bytes.starts(with: Self.magic.prefix(bytes.count)), !bytes.isEmpty else {
            throw fault("is not a file of trialgen prepare", remedy: "give one, or make one")
        }
        let cutShort = "copy it again, or make it again with trialgen prepare"
        guard bytes.count >= Self.length else {
            throw fault("is truncated: it has \(fileSize) bytes", remedy: cutShort)
        }
        let version = number(at: 8, as: UInt32.self)
        guard version == Self.formatVersion else {
            throw fault(
                "has version \(version) of the format, but this trialgen reads version \(Self.formatVersion)",
                remedy: "make it again with this trialgen prepare, or use the trialgen that made it")
        }
        let (size, textLength) = (number(at: 16, as: UInt64.self), number(at: 24, as: UInt64.self))
        guard size == UInt64(fileSize) else {
            throw fault(
                size > UInt64(fileSize)
                    ? "is truncated: it has \(fileSize) bytes of \(size)" : "has \(fileSize) bytes instead of \(size)",
                remedy: cutShort)
        }
        guard fileSize.isMultiple(of: Self.length), textLength <= UInt64(fileSize - Self.length) else {
            throw fault("is damaged: its parts do not match its size", remedy: cutShort)
        }
        text = Self.length..<Self.length + Int(textLength)
        analysis = Self.aligned(text.upperBound)..<fileSize
        checksum = Array(bytes[Self.checksumRange])
    }

    /// The bytes of a whole file.
    ///
    /// - Parameter analysis: bytes of the analysis; their number is a multiple of ``length``.
    static func file(campaign: String, analysis: [UInt8]) -> [UInt8] {
        let text = Array(campaign.utf8)
        let start = aligned(length + text.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(start + analysis.count)
        bytes += magic
        bytes.append(littleEndian: formatVersion)
        bytes.append(littleEndian: UInt32(0))
        bytes.append(littleEndian: UInt64(start + analysis.count))
        bytes.append(littleEndian: UInt64(text.count))
        bytes += [UInt8](repeating: 0, count: checksumRange.count)
        bytes += text
        bytes += [UInt8](repeating: 0, count: start - bytes.count)
        bytes += analysis
        bytes.replaceSubrange(checksumRange, with: bytes.withUnsafeBytes { checksum(of: $0) })
        return bytes
    }

    /// The checksum of a whole file: of all bytes except the checksum itself.
    static func checksum(of file: UnsafeRawBufferPointer) -> [UInt8] {
        var checksum = StripeChecksum()
        checksum.update(UnsafeRawBufferPointer(rebasing: file[..<checksumRange.lowerBound]))
        checksum.update(UnsafeRawBufferPointer(rebasing: file[checksumRange.upperBound...]))
        return checksum.bytes
    }

    private static func aligned(_ offset: Int) -> Int { (offset + length - 1) / length * length }
}

extension StripeChecksum {
    /// The four words, little-endian.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for i in 0..<4 { bytes.append(littleEndian: words[i]) }
        return bytes
    }
}
