/// A digest of bytes that arrive piece by piece, computed by the GNU library Nettle.
///
/// It is a value: a copy continues independently.
public protocol Digest: Sendable {
    /// Bytes of a digest.
    static var length: Int { get }

    /// The digest of no bytes.
    init()

    /// Adds the next bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer)

    /// The digest of all bytes added so far: ``length`` bytes. More can be added afterwards.
    func finalize() -> [UInt8]
}

extension Digest {
    /// Adds the next bytes.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ update(UnsafeRawBufferPointer($0)) }) == nil {
            update(Array(bytes))
        }
    }

    /// The digest of some bytes.
    public static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var digest = Self()
        digest.update(bytes)
        return digest.finalize()
    }
}
