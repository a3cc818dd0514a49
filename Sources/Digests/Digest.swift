/// A digest of bytes that come piece by piece, computed by the GNU library Nettle.
///
/// A value: a copy goes on from where it was made.
public protocol Digest: Sendable {
    /// Bytes of a digest.
    static var length: Int { get }

    /// The digest of no bytes.
    init()

    /// Takes in the bytes that follow those taken so far.
    mutating func update(_ bytes: UnsafeRawBufferPointer)

    /// The digest of all bytes taken so far: ``length`` bytes. More can be taken in afterwards.
    func finalize() -> [UInt8]
}

extension Digest {
    /// Takes in the bytes that follow those taken so far.
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
