import Digests

/// The checksum of a piece of a journal: the first 128 bits of SHA-256, over the checksum of the previous piece and all
/// bytes of this one.
///
/// Since each depends on the previous one, a piece is valid only after the pieces that preceded it when it was written:
/// the remains of an earlier, longer journal are never accepted as part of this one.
struct BlockChecksum: Equatable {
    static let length = 16

    let bytes: [UInt8]

    /// The checksum of bytes that follow a piece with the given checksum; nil for the first piece.
    init(after previous: BlockChecksum?, _ pieces: ArraySlice<UInt8>...) {
        var digest = SHA256()
        if let previous { digest.update(previous.bytes) }
        for piece in pieces { digest.update(piece) }
        bytes = Array(digest.finalize().prefix(BlockChecksum.length))
    }
}
