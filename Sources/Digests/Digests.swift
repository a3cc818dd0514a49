import CNettle

// Nettle has one C structure for each algorithm, without a common type in Swift: the four types differ only in names.

/// MD5 (RFC 1321): only for comparison with published sums, since it is not collision-resistant.
public struct MD5: Digest {
    public static let length = 16

    private var context = md5_ctx()

    public init() { nettle_md5_init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: UInt8.self) { nettle_md5_update(&context, $0.count, $0.baseAddress) }
    }

    public func finalize() -> [UInt8] {
        var finished = context
        return [UInt8](unsafeUninitializedCapacity: Self.length) { digest, count in
            cnettle_md5_finish(&finished, digest.baseAddress)
            count = Self.length
        }
    }
}

/// SHA-1 (FIPS 180-4): only for comparison with published sums, since it is not collision-resistant.
public struct SHA1: Digest {
    public static let length = 20

    private var context = sha1_ctx()

    public init() { nettle_sha1_init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: UInt8.self) { nettle_sha1_update(&context, $0.count, $0.baseAddress) }
    }

    public func finalize() -> [UInt8] {
        var finished = context
        return [UInt8](unsafeUninitializedCapacity: Self.length) { digest, count in
            cnettle_sha1_finish(&finished, digest.baseAddress)
            count = Self.length
        }
    }
}

/// SHA-256 (FIPS 180-4).
public struct SHA256: Digest {
    public static let length = 32

    private var context = sha256_ctx()

    public init() { nettle_sha256_init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: UInt8.self) { nettle_sha256_update(&context, $0.count, $0.baseAddress) }
    }

    public func finalize() -> [UInt8] {
        var finished = context
        return [UInt8](unsafeUninitializedCapacity: Self.length) { digest, count in
            cnettle_sha256_finish(&finished, digest.baseAddress)
            count = Self.length
        }
    }
}

/// SHA-512 (FIPS 180-4).
public struct SHA512: Digest {
    public static let length = 64

    private var context = sha512_ctx()

    public init() { nettle_sha512_init(&context) }

    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        bytes.withMemoryRebound(to: UInt8.self) { nettle_sha512_update(&context, $0.count, $0.baseAddress) }
    }

    public func finalize() -> [UInt8] {
        var finished = context
        return [UInt8](unsafeUninitializedCapacity: Self.length) { digest, count in
            cnettle_sha512_finish(&finished, digest.baseAddress)
            count = Self.length
        }
    }
}
