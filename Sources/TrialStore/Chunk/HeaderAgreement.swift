import Diagnostics

/// The headers of files whose trials are used together: of one campaign and, where files have weighted trials, with one
/// mixture.
package struct HeaderAgreement {
    /// The first file, and the first one with weighted trials.
    private var (first, weighted): ((path: String, header: ChunkHeader)?, (path: String, header: ChunkHeader)?)

    package init() {}

    /// Adds a file.
    ///
    /// - Parameter here: the file's name in the clause.
    /// - Returns: why its trials must not be used together with those of an earlier file, as a clause, and that file;
    ///   nil if they may be.
    package mutating func difference(
        _ header: ChunkHeader, of path: String, here: String
    ) -> (clause: String, other: String)? {
        for earlier in [first, weighted] {
            guard let earlier else { continue }
            if let clause = header.difference(from: earlier.header, here: here, there: earlier.path) {
                return (clause, earlier.path)
            }
        }
        if first == nil { first = (path, header) }
        if weighted == nil, header.mixture != nil { weighted = (path, header) }
        return nil
    }
}
