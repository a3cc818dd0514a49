import Diagnostics
import Digests
import Files

/// The expected checksum of a file.
package struct Checksum: Hashable, Sendable {
    /// The algorithms used by Dataverse servers; the raw value is the name used there.
    package enum Algorithm: String, Sendable, CaseIterable {
        case md5 = "MD5"
        case sha1 = "SHA-1"
        case sha256 = "SHA-256"
        case sha512 = "SHA-512"

        /// The name used by `md5sum --tag` and `cksum`: without the dash.
        package var tag: String { rawValue.filter { $0 != "-" } }

        /// The number of hexadecimal digits of a sum.
        package var digitCount: Int {
            switch self {
            case .md5: 32
            case .sha1: 40
            case .sha256: 64
            case .sha512: 128
            }
        }
    }

    package let algorithm: Algorithm
    /// Lower-case hexadecimal digits.
    package let value: String

    /// Nil if the value does not have the algorithm's number of hexadecimal digits.
    package init?(_ algorithm: Algorithm, _ value: String) {
        let digits = value.lowercased()
        guard digits.utf8.count == algorithm.digitCount, digits.allSatisfy(\.isHexDigit) else { return nil }
        self.algorithm = algorithm
        self.value = digits
    }

    /// Whether a file has this sum.
    ///
    /// - Throws: a `Fault` as ``Files/OpenFile`` for a file that cannot be read.
    package func matches(_ path: String) throws -> Bool { try Self.hexadecimal(of: path, algorithm) == value }

    /// The sum of a file, as lower-case hexadecimal digits.
    package static func hexadecimal(of path: String, _ algorithm: Algorithm) throws -> String {
        switch algorithm {
        case .md5: try hexadecimal(of: path, MD5())
        case .sha1: try hexadecimal(of: path, SHA1())
        case .sha256: try hexadecimal(of: path, SHA256())
        case .sha512: try hexadecimal(of: path, SHA512())
        }
    }

    private static func hexadecimal<Hash: Digest>(of path: String, _ empty: Hash) throws -> String {
        var hash = empty
        try OpenFile(path).forEachPiece { hash.update($0) }
        return hash.finalize().hexadecimal
    }
}

extension Checksum: CustomStringConvertible {
    package var description: String { "\(algorithm.rawValue) \(value)" }
}
