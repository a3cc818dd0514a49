import Diagnostics

/// What a file may claim before it is refused: far above anything written here, far below what would exhaust memory.
enum Limits {
    /// Attributes of an object.
    static let attributeCount = 100_000
    /// Bytes of an attribute.
    static let attributeBytes = 16 << 20
    /// Bytes of a name.
    static let nameBytes = 64 << 10
    /// Bytes of one record of a table.
    static let recordBytes = 64 << 10
    /// Fields of a record.
    static let recordFields = 4_096
    /// Bytes of one chunk of a dataset, all of which is brought into memory at once.
    static let chunkBytes = 256 << 20
    /// Bytes of chunks that HDF5 keeps in memory for a dataset unless told otherwise.
    static let keptChunkBytes = 1 << 20
    /// Bytes that one call reads.
    static let readBytes = 1 << 34

    static func fault(_ path: String, _ claim: String) -> Fault {
        Fault(
            .badData, at: .file(path), "\(claim), which is absurd",
            remedy: "the file is damaged or was not written by this program; use a sound copy")
    }
}
