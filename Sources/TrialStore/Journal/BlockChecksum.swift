import Digests

/// The checksum of a piece of a journal: the first 128 bits of SHA-256, over the checksum of the piece before and all
/// bytes of this one.
///
/// Since each is made from the one before, a piece passes only after the very pieces that it was written after: what
/// an earlier, longer journal left behind is never taken for a part of this one.
struct BlockChecksum: Equatable {
    static let length = 16

    let bytes: [UInt8]

    /// Of bytes that follow a piece with the given checksum; nil for the first piece.
    init(after previous: BlockChecksum?, _ pieces: ArraySlice<UInt8>...) {
        var digest = SHA256()
        if let previous { digest.update(previous.bytes) }
        for piece in pieces { digest.update(piece) }
        bytes = Array(digest.finalize().prefix(BlockChecksum.length))
    }
}
